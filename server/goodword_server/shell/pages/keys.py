"""API keys: made, shown once, followed by another, ended."""

from __future__ import annotations

from flask import abort, request
from flask.typing import ResponseReturnValue

from goodword.storage.sql import Session
from goodword_server.shell import keyring
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, show
from goodword_server.shell.roles import Role


def add(pages: Pages) -> None:
    """Add the page and its forms."""

    @pages.sees("/keys")
    def keys(desk: Desk) -> ResponseReturnValue:
        return _page(desk)

    @pages.does("/keys", Role.OWNER)
    def make_key(desk: Desk) -> ResponseReturnValue:
        scope = request.form.get("scope", keyring.SCOPES[0])
        if scope not in keyring.SCOPES:
            abort(400)
        key = desk.act(
            "key_made",
            scope,
            lambda _all, session: keyring.make(session, desk.shop, scope, desk.house.now()),
        )
        return _page(desk, key)

    @pages.does("/keys/rotation", Role.OWNER)
    def rotate_key(desk: Desk) -> ResponseReturnValue:
        name = request.form.get("key", "")
        return _page(
            desk,
            desk.act("key_rotated", _hint(desk, name), lambda _all, s: _rotated(desk, s, name)),
        )

    @pages.does("/keys/end", Role.OWNER)
    def revoke_key(desk: Desk) -> ResponseReturnValue:
        name = request.form.get("key", "")
        hint = _hint(desk, name)
        desk.act(
            "key_revoked",
            hint,
            lambda _all, session: keyring.revoke(session, desk.shop, name, desk.house.now()),
        )
        return done(desk, "keys", "keys.revoked", hint=hint)


def _page(desk: Desk, new: str | None = None) -> str:
    """Return the page; not after a redirect, so that a new key stands in no session."""
    listed = desk.read(lambda session: keyring.listed(session, desk.shop))
    return show("keys", desk, keys=listed, new=new, scopes=keyring.SCOPES)


def _hint(desk: Desk, name: str) -> str:
    """Return the last signs of a key of this shop."""
    listed = desk.read(lambda session: keyring.listed(session, desk.shop))
    hint = next((key.hint for key in listed if key.name == name), None)
    if hint is None:
        abort(404)
    return hint


def _rotated(desk: Desk, session: Session, name: str) -> str:
    new = keyring.rotate(session, desk.shop, name, desk.house.now())
    if new is None:
        abort(404)
    return new

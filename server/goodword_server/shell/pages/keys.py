"""API keys: made, shown once, followed by another, ended."""

from __future__ import annotations

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid
from goodword_server import keyring
from goodword_server.keyring import OVERLAP_HOURS
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, failed, show
from goodword_server.shell.roles import Role
from goodword_server.storage.keys import PREFIX, KeyScope
from goodword_server.widget import script

_SCOPES: Final = {str(scope): scope for scope in KeyScope}


def add(pages: Pages) -> None:
    """Add the page and its forms."""

    @pages.sees("/keys")
    def keys(desk: Desk) -> ResponseReturnValue:
        return _page(desk)

    @pages.does("/keys", Role.OWNER)
    def make_key(desk: Desk) -> ResponseReturnValue:
        scope = _SCOPES.get(request.form.get("scope", ""))
        label, now = request.form.get("label", "").strip(), desk.house.now()
        if scope is None:
            return failed(desk, "keys", "keys.no_scope")
        try:
            new = desk.act(
                "key_made",
                f"{scope} {label}".strip(),
                lambda _all, session: keyring.make(session, desk.shop, now, scope, label),
            )
        except Invalid:
            return failed(desk, "keys", "keys.no_label")
        return _page(desk, new)

    @pages.does("/keys/rotation", Role.OWNER)
    def rotate_key(desk: Desk) -> ResponseReturnValue:
        id, now = request.form.get("key", ""), desk.house.now()
        try:
            new = desk.act("key_rotated", id, lambda _all, s: keyring.rotate(s, desk.shop, id, now))
        except Invalid:
            return failed(desk, "keys", "keys.gone")
        return _page(desk, new)

    @pages.does("/keys/end", Role.OWNER)
    def revoke_key(desk: Desk) -> ResponseReturnValue:
        id, now = request.form.get("key", ""), desk.house.now()
        ended = desk.act("key_revoked", id, lambda _all, s: keyring.revoke(s, desk.shop, id, now))
        return done(desk, "keys", "keys.revoked", hint=ended.hint)


def _page(desk: Desk, new: str | None = None) -> str:
    """Return the page; not after a redirect, so that a new key stands in no session."""
    now = desk.house.now()
    live = [key for key in desk.house.keyring.of(desk.shop) if key.ended is None or key.ended > now]
    told = {"keys": live, "new": new, "tag": _tag(desk, new)}
    return show("keys", desk, scopes=list(KeyScope), overlap=OVERLAP_HOURS, **told)


def _tag(desk: Desk, new: str | None) -> str | None:
    """Return what a shop puts on its pages with a new key, if pages may hold it."""
    if new is None or not new.startswith(PREFIX[KeyScope.PUBLISHABLE]):
        return None
    return script.tag(desk.house.settings.public_url, desk.shop, new)

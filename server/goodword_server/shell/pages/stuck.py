"""What will not happen until a person looks: dead deliveries, deeds and webhooks."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from goodword.storage import deeds
from goodword.storage.sql import Book, Session
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, failed, show
from goodword_server.shell.roles import Role
from goodword_server.storage import inbox
from goodword_server.telling.endpoints import Endpoints, UnknownDispatch

_MOST: Final = 200


class _Gone(Exception):
    """It is not dead any more."""


def add(pages: Pages) -> None:
    """Add the page and its form."""

    @pages.sees("/stuck")
    def stuck(desk: Desk) -> ResponseReturnValue:
        deliveries = desk.read(lambda session: inbox.dead(session, desk.shop, _MOST))
        dead = desk.read(lambda session: deeds.dead(Book(session, desk.shop), _MOST))
        letters = Endpoints(desk.house, desk.shop).dead()
        return show("stuck", desk, deliveries=deliveries, deeds=dead, letters=letters)

    @pages.does("/stuck", Role.STAFF)
    def retry(desk: Desk) -> ResponseReturnValue:
        kind, id = request.form.get("kind", ""), request.form.get("id", "")
        try:
            desk.act(
                f"retried_{kind}",
                lambda about: about,
                lambda _all, session: _retry(desk, session, kind, id),
            )
        except _Gone:
            return failed(desk, "stuck", "stuck.gone")
        return done(desk, "stuck", "stuck.retried")


def _retry(desk: Desk, session: Session, kind: str, id: str) -> str:
    """Let it be tried once more; return what it is about."""
    now = desk.house.now()
    if kind == "delivery" and inbox.revive(session, desk.shop, id, now):
        return id
    if kind == "letter":
        with suppress(UnknownDispatch):
            Endpoints(desk.house, desk.shop, session).replay(id)
            return id
    book = Book(session, desk.shop)
    subjects = {one.id: f"{one.duty} {one.subject}" for one in deeds.dead(book, _MOST)}
    if kind == "deed" and deeds.revive(book, id, now):
        return subjects.get(id, id)
    raise _Gone

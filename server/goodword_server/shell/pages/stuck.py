"""What will not happen until a person looks: dead deliveries, deeds and webhooks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from goodword.embedded.engine import Engine
from goodword.errors import Invalid
from goodword.followup import ANSWERED, asks_about
from goodword.model.followup import Stuck
from goodword.storage.sql import Book, Session
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, failed, show
from goodword_server.shell.roles import Role
from goodword_server.storage import inbox
from goodword_server.telling.endpoints import Endpoints, UnknownDispatch

_MOST: Final = 200
_USED: Final = {"yes": True, "no": False}


class _Gone(Exception):
    """It is not dead any more."""


def add(pages: Pages) -> None:
    """Add the page and its forms."""

    @pages.sees("/stuck")
    def stuck(desk: Desk) -> ResponseReturnValue:
        deliveries = desk.read(lambda session: inbox.dead(session, desk.shop, _MOST))
        waiting = desk.house.engine.stuck(desk.shop, most=_MOST)
        letters = Endpoints(desk.house, desk.shop).dead()
        of = desk.read(partial(_coupons, desk.shop, waiting, desk.house.now()))
        return show(
            "stuck", desk, deliveries=deliveries, deeds=waiting, letters=letters, coupons=of
        )

    @pages.does("/stuck", Role.STAFF)
    def retry(desk: Desk) -> ResponseReturnValue:
        kind, id = request.form.get("kind", ""), request.form.get("id", "")
        return _done(desk, f"retried_{kind}", partial(_retry, desk, kind, id), "stuck.retried")

    @pages.does("/stuck/coupon", Role.STAFF)
    def say_of_coupon(desk: Desk) -> ResponseReturnValue:
        id, used = request.form.get("id", ""), _USED.get(request.form.get("used", ""))
        if used is None:
            return failed(desk, "stuck", "stuck.unsaid")
        told = "told_used" if used else "told_unused"
        return _done(desk, told, partial(_answer, desk, id, used), "stuck.answered")


def _coupons(
    shop: str, waiting: Sequence[Stuck], now: datetime, session: Session
) -> dict[str, str]:
    """Return the coupons of which somebody must say whether they were used, by the deeds' ids."""
    book = Book(session, shop)
    return {
        one.id: asks_about(book, one.duty, one.subject, now) or ""
        for one in waiting
        if one.duty in ANSWERED
    }


def _done(desk: Desk, did: str, deed: Callable[[Session], str], said: str) -> ResponseReturnValue:
    """Do it and note who did; say so, or that nothing was stuck."""
    try:
        desk.act(did, lambda about: about, lambda _all, session: deed(session))
    except _Gone:
        return failed(desk, "stuck", "stuck.gone")
    except Invalid as error:
        early = error.facts["field"] == "used"
        return failed(desk, "stuck", "stuck.early" if early else "stuck.gone")
    return done(desk, "stuck", said)


def _retry(desk: Desk, kind: str, id: str, session: Session) -> str:
    """Let it be tried once more; return what it is about."""
    if kind == "delivery" and inbox.revive(session, desk.shop, id, desk.house.now()):
        return id
    if kind == "letter":
        with suppress(UnknownDispatch):
            Endpoints(desk.house, desk.shop, session).replay(id)
            return id
    engine = desk.house.engine.within(session)
    about = _about(engine, desk.shop, id)
    if kind == "deed" and engine.retry(id, desk.shop):
        return about
    raise _Gone


def _answer(desk: Desk, id: str, used: bool, session: Session) -> str:
    """Let a coupon count as used, or as come back; return what it is about."""
    engine = desk.house.engine.within(session)
    about = _about(engine, desk.shop, id)
    if engine.answer(id, desk.shop, used=used):
        return about
    raise _Gone


def _about(engine: Engine, shop: str, id: str) -> str:
    found = {one.id: f"{one.duty} {one.subject}" for one in engine.stuck(shop, most=_MOST)}
    return found.get(id, id)

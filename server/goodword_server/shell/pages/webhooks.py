"""Webhooks out: who is told what happens here, how that goes, and what an owner does about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, TypeVar
from urllib.parse import urlsplit

from flask import request
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid, TooManyEndpoints
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, failed, show
from goodword_server.shell.roles import Role
from goodword_server.storage.endpoints import Endpoint
from goodword_server.telling.endpoints import (
    OVERLAP,
    TYPES,
    Added,
    EndpointPaused,
    Endpoints,
    UnknownDispatch,
)

T = TypeVar("T")
Deed = Callable[[Endpoints], T]
_OVERLAP_HOURS: Final = OVERLAP // timedelta(hours=1)
_LETTERS_MOST: Final = 50


def add(pages: Pages) -> None:
    """Add the pages and their forms."""
    _add_all(pages)
    _add_one(pages)
    _add_letters(pages)


def _add_all(pages: Pages) -> None:
    @pages.sees("/webhooks")
    def webhooks(desk: Desk) -> ResponseReturnValue:
        return _list(desk)

    @pages.does("/webhooks", Role.OWNER)
    def add_webhook(desk: Desk) -> ResponseReturnValue:
        url, types = request.form.get("url", ""), request.form.getlist("types")
        try:
            added = _did(
                desk,
                "webhook_added",
                lambda added: _named(added.endpoint),
                lambda endpoints: endpoints.add(url, types, _contact()),
            )
        except Invalid as wrong:
            return _list(desk, wrong), 422
        except TooManyEndpoints as full:
            return failed(desk, "webhooks", "webhooks.too_many", **full.facts)
        return _one(desk, added.endpoint, new=added)


def _add_one(pages: Pages) -> None:
    @pages.sees("/webhooks/<id>")
    def webhook(desk: Desk, id: str) -> ResponseReturnValue:
        return _one(desk, Endpoints(desk.house, desk.shop).find(id))

    @pages.does("/webhooks/<id>", Role.OWNER)
    def choose_events(desk: Desk, id: str) -> ResponseReturnValue:
        types = request.form.getlist("types")
        try:
            _did(
                desk,
                "webhook_changed",
                _named,
                lambda endpoints: endpoints.choose(id, types, _contact()),
            )
        except Invalid as wrong:
            return _one(desk, Endpoints(desk.house, desk.shop).find(id), wrong), 422
        return done(desk, "webhook", "webhooks.changed", id=id)

    @pages.does("/webhooks/<id>/secret", Role.OWNER)
    def rotate_webhook(desk: Desk, id: str) -> ResponseReturnValue:
        added = _did(
            desk,
            "webhook_rotated",
            lambda added: _named(added.endpoint),
            lambda endpoints: endpoints.rotate(id),
        )
        return _one(desk, added.endpoint, new=added)

    @pages.does("/webhooks/<id>/pause", Role.OWNER)
    def pause_webhook(desk: Desk, id: str) -> ResponseReturnValue:
        _did(desk, "webhook_paused", _named, lambda endpoints: endpoints.pause(id))
        return done(desk, "webhook", "webhooks.paused", id=id)

    @pages.does("/webhooks/<id>/resumption", Role.OWNER)
    def resume_webhook(desk: Desk, id: str) -> ResponseReturnValue:
        _did(desk, "webhook_resumed", _named, lambda endpoints: endpoints.resume(id))
        return done(desk, "webhook", "webhooks.resumed", id=id)

    @pages.does("/webhooks/<id>/end", Role.OWNER)
    def drop_webhook(desk: Desk, id: str) -> ResponseReturnValue:
        _did(desk, "webhook_dropped", id, lambda endpoints: endpoints.drop(id))
        return done(desk, "webhooks", "webhooks.dropped")


def _add_letters(pages: Pages) -> None:
    @pages.does("/webhooks/<id>/test", Role.STAFF)
    def test_webhook(desk: Desk, id: str) -> ResponseReturnValue:
        try:
            _did(desk, "webhook_tested", id, lambda endpoints: endpoints.test(id))
        except EndpointPaused:
            return failed(desk, "webhook", "webhooks.is_paused", id=id)
        return done(desk, "webhook", "webhooks.tested", id=id)

    @pages.does("/webhooks/<id>/replay", Role.STAFF)
    def replay_letter(desk: Desk, id: str) -> ResponseReturnValue:
        letter = request.form.get("letter", "")
        try:
            _did(desk, "retried_letter", letter, lambda endpoints: endpoints.replay(letter))
        except UnknownDispatch:
            return failed(desk, "webhook", "stuck.gone", id=id)
        return done(desk, "webhook", "stuck.retried", id=id)


def _did(desk: Desk, did: str, about: str | Callable[[T], str], deed: Deed[T]) -> T:
    """Do something with the shop's endpoints and note it in the log: both stand, or neither."""
    house, shop = desk.house, desk.shop
    return desk.act(did, about, lambda _all, session: deed(Endpoints(house, shop, session)))


def _named(endpoint: Endpoint) -> str:
    # The rest of an address may be a secret of its own.
    return f"{urlsplit(endpoint.url).hostname} ({endpoint.id})"


def _contact() -> str | None:
    return request.form.get("contact", "").strip() or None


def _list(desk: Desk, wrong: Invalid | None = None) -> str:
    found = Endpoints(desk.house, desk.shop).list()
    typed = {"url": request.form.get("url", ""), "contact": request.form.get("contact", "")}
    chosen = request.form.getlist("types")
    return show("webhooks", desk, endpoints=found, values=typed, chosen=chosen, **_shared(wrong))


def _one(
    desk: Desk, endpoint: Endpoint, wrong: Invalid | None = None, new: Added | None = None
) -> str:
    """Return the page of one; not after a redirect if it shows a secret: that is in no session."""
    letters = Endpoints(desk.house, desk.shop).latest(endpoint.id, _LETTERS_MOST)
    contact = request.form.get("contact", "") if wrong else endpoint.contact or ""
    chosen = request.form.getlist("types") if wrong else endpoint.types
    return show(
        "webhook",
        desk,
        endpoint=endpoint,
        letters=letters,
        values={"contact": contact},
        chosen=chosen,
        new=new.secret.text if new else None,
        overlap=_OVERLAP_HOURS,
        **_shared(wrong),
    )


def _shared(wrong: Invalid | None) -> dict[str, object]:
    field = str(wrong.facts["field"]) if wrong else None
    mend = str(wrong.facts["mend"]) if wrong else None
    return {"types": TYPES, "wrong": field, "mend": mend}

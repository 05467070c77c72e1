"""The routes under ``/v1``: every verb of `Referrals`, read and answered alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, Final

from flask import Request, Response, g
from flask_smorest import Blueprint

from goodword.interface.referrals import Referrals
from goodword.interface.routes import (
    ALL,
    Route,
    answer,
    arguments,
    documented,
    in_path,
    item_of,
    takes_pages,
)
from goodword.storage.sql import Session
from goodword_server.api import answering, asking, changing, doors, paging, paths, repeating
from goodword_server.api.answering import Answer
from goodword_server.current import notes, this_request
from goodword_server.entering import ShopPages
from goodword_server.house import House
from goodword_server.looks import Look
from goodword_server.storage import looks
from goodword_server.storage.keys import Key, KeyScope
from goodword_server.telling.asked import ShopWebhooks
from goodword_server.telling.endpoints import Endpoints

View = Callable[..., Response]
# What a shop chose beforehand, unless it is told.
_ANYWAY: Final = nullcontext()
_LOOKS: Final = frozenset({"shop", "zone"})


class Verbs(Blueprint):  # type: ignore[misc]
    """A blueprint whose requests are read strictly."""

    ARGUMENTS_PARSER = asking.Reader()

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._describing: list[Callable[[], None]] = []

    def describe(self) -> None:
        """Draw the routes into the API's description.

        It takes longer than all else that makes an app, and few ask for it.
        """
        while self._describing:
            self._describing.pop(0)()

    def _store_endpoint_docs(self, *given: Any, **named: Any) -> None:
        self._describing.append(partial(super()._store_endpoint_docs, *given, **named))

    def register_views_in_doc(self, *given: Any, **named: Any) -> None:
        """Put the description off until it is asked for."""
        self._describing.append(partial(super().register_views_in_doc, *given, **named))


def blueprint(house: House) -> Verbs:
    """Return the routes under ``/v1``."""
    api = Verbs("v1", __name__, url_prefix="/v1")
    for route in ALL:
        _add(api, house, route)
    doors.guard(api, house, {f"v1.{_name(route)}": route for route in ALL})
    return api


def _add(api: Verbs, house: House, route: Route) -> None:
    view = _view(house, route)
    body, query = asking.body_of(route), asking.query_of(route)
    kind = answering.CSV.partition(";")[0] if answer(route.verb) is str else None
    view = api.response(route.status, answering.schema_of(route), content_type=kind)(view)
    # The last one added is read first: what stands in the query comes before the body.
    if body is not None:
        view = api.arguments(body, location="json", required=asking.is_needed(body))(view)
    if query is not None:
        view = api.arguments(query, location="query")(view)
    api.route(paths.rule_of(route), methods=[route.method])(view)


def _view(house: House, route: Route) -> View:
    has_body = asking.body_of(route) is not None
    has_query = asking.query_of(route) is not None

    def view(*read: Any, **path: str) -> Response:
        # What it holds may be asked of another thread, in the midst of a transaction.
        this, key = this_request(), notes().key
        asking.check_path(path)
        asking.check_query(this, route)
        changing.check(this, route)
        given = list(read)
        query = given.pop(0) if has_query else {}
        body = given.pop(0) if has_body else None
        told = _arguments(route, query, body, path)
        do = partial(_answered, house, key.shop, route, told, query, this)
        asked = repeating.asked(house, key, route, this)
        with _guarded(house, key):
            made, again = repeating.once(house, asked, do) if asked else (do(), False)
        sent = answering.response(this, route, made)
        if again:
            sent.headers[repeating.REPLAYED] = "true"
        return sent

    view.__name__ = _name(route)
    view.__doc__ = documented(route.verb).__doc__
    return view


def _name(route: Route) -> str:
    return route.verb.replace(".", "_")


def _guarded(house: House, key: Key) -> AbstractContextManager[None]:
    """Return a context in which a code may be looked up.

    Who holds another key of the shop guesses no codes: all of its customers ask through it.
    """
    if key.scope is KeyScope.PUBLISHABLE:
        return house.limits.guessing(key.shop, g.address)
    return _ANYWAY


def _answered(
    house: House,
    shop: str,
    route: Route,
    told: dict[str, Any],
    query: dict[str, Any],
    asked: Request,
    session: Session | None = None,
) -> Answer:
    """Do what a verb says, in the transaction of ``session`` if there is one, and answer."""
    if route.verb == "people.forget":
        # The inbox holds people, too.
        house.forget(shop, told["id"], session=session)
        return answering.answered(house, shop, route, None, query)
    wing, _, name = route.verb.rpartition(".")
    if wing in _BESIDE:
        found = getattr(_BESIDE[wing](house, shop, session), name)(**told)
        return answering.answered(house, shop, route, found, query)
    referrals = house.engine.within(session).of(shop) if session else house.referrals(shop)
    if _LOOKS & arguments(route.verb).keys():
        said = {name: value for name, value in told.items() if value is not None}
        told = {**told, **_as_it_looks(house, shop, route, session), **said}
    if route.verb in changing.HEED and told.get("over") is None:
        name = told["program"].name
        over = changing.version_meant(asked, referrals, name, answering.tag_of)
        told = {**told, "over": over}
    found = _call(referrals, route.verb, told)
    return answering.answered(house, shop, route, found, query)


def _as_it_looks(
    house: House, shop: str, route: Route, session: Session | None
) -> dict[str, str | None]:
    """Return what a shop chose to be called, and where it counts its days, if the verb asks."""
    look = (looks.of(session, shop) or Look(name=shop)) if session else house.look(shop)
    known = {"shop": look.name, "zone": look.days_of}
    return {name: known[name] for name in _LOOKS & arguments(route.verb).keys()}


def _webhooks(house: House, shop: str, session: Session | None) -> ShopWebhooks:
    return ShopWebhooks(Endpoints(house, shop, session))


_BESIDE: Final[Mapping[str, Callable[[House, str, Session | None], Any]]] = {
    "webhooks": _webhooks,
    "pages": ShopPages,
}


def _arguments(
    route: Route, query: dict[str, Any], body: Any, path: dict[str, str]
) -> dict[str, Any]:
    """Return what the verb is to be called with."""
    takes = arguments(route.verb)
    told: dict[str, Any] = {name: path[name] for name in in_path(route.path) if name in takes}
    told |= {name: value for name, value in query.items() if name in takes}
    if takes_pages(route.verb):
        paging.check(item_of(answer(route.verb)), query.get("cursor"))
        # One more than is told, to know whether another page follows.
        told |= {"after": query.get("cursor"), "limit": query["limit"] + 1}
    if route.body is None:
        return told | (body or {})
    if isinstance(body, dict):
        known = {route.body_in_path: path[route.body_in_path]} if route.body_in_path else {}
        body = takes[route.body].kind(**known, **body)
    return told | {route.body: body}


def _call(referrals: Referrals, verb: str, told: dict[str, Any]) -> Any:
    wing, _, name = verb.rpartition(".")
    return getattr(getattr(referrals, wing) if wing else referrals, name)(**told)

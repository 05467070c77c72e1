"""The routes under ``/v1``: every verb of `Referrals`, read and answered alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Response, g, request
from flask_smorest import Blueprint
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from goodword.interface.referrals import Referrals
from goodword.interface.routes import ROUTES, Route, arguments, documented, in_path
from goodword.interface.routes import answer as route_answer
from goodword_server.api import answering, asking, changing, paths
from goodword_server.house import House

View = Callable[..., Response]
_SAVE: Final = "programs.save"


class Verbs(Blueprint):  # type: ignore[misc]
    """A blueprint whose requests are read strictly."""

    ARGUMENTS_PARSER = asking.Reader()


def blueprint(house: House) -> Verbs:
    """Return the routes under ``/v1``."""
    api = Verbs("v1", __name__, url_prefix="/v1")

    def only_with_a_key() -> None:
        # What may be asked is no secret, and a browser asks that without its key.
        if request.method != "OPTIONS":
            g.shop = _shop(house)

    api.before_request(only_with_a_key)
    for route in ROUTES:
        _add(api, house, route)
    return api


def _add(api: Verbs, house: House, route: Route) -> None:
    view = _view(house, route)
    body, query = asking.body_of(route), asking.query_of(route)
    kind = answering.CSV.partition(";")[0] if route_answer(route.verb) is str else None
    view = api.response(route.status, answering.schema_of(route), content_type=kind)(view)
    # The last one added is read first: what stands in the query comes before the body.
    # Each Schema is made once, and not for each request.
    if body is not None:
        schema = body()
        view = api.arguments(schema, location="json", required=asking.is_needed(schema))(view)
    if query is not None:
        view = api.arguments(query(), location="query")(view)
    api.route(paths.rule_of(route), methods=[route.method])(view)


def _view(house: House, route: Route) -> View:
    has_body = asking.body_of(route) is not None
    has_query = asking.query_of(route) is not None

    def view(*read: Any, **path: str) -> Response:
        asking.check_path(path)
        asking.check_query(request, route)
        given = list(read)
        query = given.pop(0) if has_query else {}
        body = given.pop(0) if has_body else None
        told = _arguments(route, query, body, path)
        referrals = house.referrals(g.shop)
        if route.verb == _SAVE and told.get("over") is None:
            told["over"] = changing.version_meant(request, referrals, path["name"])
        found = _call(referrals, route.verb, told)
        return answering.answered(house, g.shop, route, found, query)

    view.__name__ = route.verb.replace(".", "_")
    view.__doc__ = documented(route.verb).__doc__
    return view


def _arguments(
    route: Route, query: dict[str, Any], body: Any, path: dict[str, str]
) -> dict[str, Any]:
    """Return what the verb is to be called with."""
    takes = arguments(route.verb)
    told: dict[str, Any] = {name: path[name] for name in in_path(route.path) if name in takes}
    told |= {name: value for name, value in query.items() if name in takes}
    if route.body is None:
        return told | (body or {})
    if isinstance(body, dict):
        known = {route.body_in_path: path[route.body_in_path]} if route.body_in_path else {}
        body = takes[route.body].kind(**known, **body)
    return told | {route.body: body}


def _call(referrals: Referrals, verb: str, told: dict[str, Any]) -> Any:
    wing, _, name = verb.rpartition(".")
    return getattr(getattr(referrals, wing) if wing else referrals, name)(**told)


def _shop(house: House) -> str:
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    shop = house.shop_of_key(key.strip()) if scheme.lower() == "bearer" and key else None
    if shop is None:
        raise Unauthorized(
            asking.MEND_KEY,
            www_authenticate=WWWAuthenticate("bearer"),
        )
    return shop

"""Who may come in: keys and their scopes, how often, and pages of other hosts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Request, Response, current_app
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Forbidden, Unauthorized

from goodword.interface.routes import Route, Scope
from goodword_server.api.asking import MEND_KEY
from goodword_server.api.repeating import HEADER, REPLAYED
from goodword_server.current import notes, this_request
from goodword_server.house import House
from goodword_server.limits import Standing, TooMany
from goodword_server.storage.keys import Key, KeyScope

_DAY: Final = 24 * 3600
_TELLS: Final = ("ETag", REPLAYED, "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id")
_TO_PAGES: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": ", ".join(_TELLS),
}


def guard(api: Blueprint, house: House, routes: Mapping[str, Route]) -> None:
    """Let nobody in without a key that is good for the route; ``routes`` by their endpoints."""
    open_to_pages = {name for name, route in routes.items() if route.scope is Scope.BROWSER}

    def come_in() -> Response | None:
        asked = this_request()
        route = routes[str(asked.endpoint)]
        if asked.method == "OPTIONS":
            # A browser asks, before it sends the key.
            return current_app.make_default_options_response()
        notes().key = key = count(house, bearer(asked))
        if not key.scope.may(route.scope):
            raise Forbidden(_told(key, route))
        return None

    def tell(answer: Response) -> Response:
        standing: Standing | None = notes().get("standing")
        # A refusal for asking too often tells it already.
        if standing is not None and answer.status_code != TooMany.code:
            _add(answer, standing.headers)
        asked = this_request()
        # Only a browser says from which page it asks; and it keeps no answer without asking anew.
        if "HTTP_ORIGIN" in asked.environ and asked.endpoint in open_to_pages:
            _let_pages_read(answer, asked)
        return answer

    api.before_request(come_in)
    api.after_request(tell)


def count(house: House, text: str) -> Key:
    """Return the key that is asked with, and note who asks and how they stand.

    Raises for a stranger, and for who asks too often.
    """
    keyring = house.keyring
    key = keyring.recent(text) or keyring.holder(text) if text else None
    # What a shop's own server asks is counted by its key: nobody needs to know from where.
    of_anybody = key is None or key.scope is KeyScope.PUBLISHABLE
    address = _hidden(house) if of_anybody else ""
    notes().address = address
    standing = house.limits.count(key, address) if key is not None else None
    if key is None or standing is None:
        stand(house.limits.count_stranger(address or _hidden(house)))
        raise Unauthorized(MEND_KEY, www_authenticate=WWWAuthenticate("bearer"))
    stand(standing)
    return key


def stand(standing: Standing) -> None:
    """Have the answer tell how somebody stands; raise for who asks too often."""
    notes().standing = standing
    if standing.over:
        raise TooMany(standing)


def bearer(asked: Request) -> str:
    """Return the key that a request brings along; nothing, where it brings none."""
    scheme, _, text = asked.environ.get("HTTP_AUTHORIZATION", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else ""


def _hidden(house: House) -> str:
    return house.addresses.hidden(this_request().environ)


def _told(key: Key, route: Route) -> str:
    good = [one.value for one in KeyScope if one.may(route.scope)]
    return (
        f"the key is a {key.scope} one; {route.method} {route.path} needs a {' or '.join(good)} key"
    )


def _let_pages_read(answer: Response, asked: Request) -> None:
    """Let a page of any host read the answer; no cookie of ours ever comes along."""
    _add(answer, _TO_PAGES)
    if asked.method == "OPTIONS":
        answer.headers["Access-Control-Allow-Methods"] = answer.headers["Allow"]
        answer.headers["Access-Control-Allow-Headers"] = f"Authorization, Content-Type, {HEADER}"
        answer.headers["Access-Control-Max-Age"] = str(_DAY)


def _add(answer: Response, told: Mapping[str, str]) -> None:
    # One by one: to extend them, Werkzeug first asks of each what it is.
    for name, value in told.items():
        answer.headers.add(name, value)

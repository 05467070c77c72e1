"""A verb is a request: the same `Referrals`, asked of a goodword server."""

from __future__ import annotations

import inspect
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import requests
from requests.adapters import HTTPAdapter

from goodword import errors, paging, wire
from goodword.interface import wings
from goodword.interface.pages import Pages
from goodword.interface.referrals import Referrals
from goodword.interface.routes import (
    ALL,
    BY_VERB,
    WORDS,
    Route,
    answer,
    beside_path,
    documented,
    has_query,
    in_path,
    item_of,
    left_out,
    tails,
)
from goodword.interface.webhooks import Webhooks
from goodword.interface.words import Messages
from goodword.pausing import pause_before, wait_told
from goodword.reaching import ending, session
from goodword.reviving import revive

TIMEOUT: Final = (3.05, 30.0)
"""Seconds to connect, and to wait for the next byte."""
DEADLINE: Final = 120.0
"""Seconds that a whole call may take, with every try and every pause."""
TRIES: Final = 4
# Nothing was done, or is not known to have been: safe to ask again, by the key of the call.
_AGAIN: Final = frozenset({408, 425, 429, 502, 503, 504})
# The last one: an answer that broke off.
_TROUBLES: Final = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
# A place that is none, or an answer that is none: the next one would be like it.
_NONSENSE: Final = (requests.RequestException, ValueError)
_STRANGE: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
_Sent = requests.PreparedRequest
_LISTS: Final = ", ".join(
    route.verb for route in ALL if route.method == "GET" and item_of(answer(route.verb)) is not None
)


class Connection:
    """One server, asked with one key; safe to share among threads."""

    def __init__(
        self,
        url: str,
        api_key: str,
        *,
        timeout: tuple[float, float] = TIMEOUT,
        deadline: float = DEADLINE,
        tries: int = TRIES,
        adapter: HTTPAdapter | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        # Some copy the address of the API, with what every path of it begins with.
        self._start = url.rstrip("/").removesuffix("/v1") + "/v1"
        self._key = api_key
        self._timeout = timeout
        self._deadline = deadline
        self._tries = tries
        self._pause = pause
        self._session = session()
        # Whatever a machine's .netrc holds is for others.
        self._session.trust_env = False
        if adapter is not None:
            for scheme in ("http://", "https://"):
                self._session.mount(scheme, adapter)

    def call(self, verb: str, told: Mapping[str, Any]) -> Any:
        """Ask for a verb, and return what it returns."""
        route, kind = BY_VERB[verb], answer(verb)
        if item_of(kind) is not None:
            return tuple(self.pages(verb, told))
        answered = self._ask(route, told)
        try:
            return _read(route, kind, answered)
        except _STRANGE:
            raise _stranger(answered) from None

    def pages(self, verb: str, told: Mapping[str, Any]) -> Iterator[Any]:
        """Yield what a verb lists, page by page, as it is taken."""
        route, item = BY_VERB[verb], item_of(answer(verb))
        cursor, left = told.get("after"), paging.most(told.get("limit"))
        # Told as the engine tells it, before anybody is asked.
        paging.key_after(item, cursor)
        while True:
            limit = min(left, paging.PAGE)
            beside = {"limit": limit, "cursor": cursor} if route.method == "GET" else {}
            found, after = _page(item, self._ask(route, told, beside), cursor)
            yield from found
            cursor, left = after, left - limit
            if cursor is None or left == 0:
                return

    def close(self) -> None:
        """Close every connection."""
        self._session.close()

    def _ask(
        self, route: Route, told: Mapping[str, Any], beside: Mapping[str, Any] | None = None
    ) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        if route.method != "GET":
            # One key for all tries: whatever arrived of them is done once.
            headers["Idempotency-Key"] = uuid.uuid4().hex
        body = _body(route, told)
        asked = self._session.prepare_request(
            requests.Request(route.method, self._start, json=body, headers=headers)
        )
        query = {**_query(route, told), **{k: v for k, v in (beside or {}).items() if v}}
        # Set last: requests would take dots in a path for a way to another one.
        asked.url = f"{self._start}{_path(route, told)}{'?' if query else ''}{urlencode(query)}"
        return self._answered(asked)

    def _answered(self, asked: _Sent) -> requests.Response:
        until = time.monotonic() + self._deadline
        for turn in range(1, self._tries + 1):
            answered, trouble = self._sent(asked, until)
            if answered is not None and answered.status_code not in _AGAIN:
                return _checked(answered)
            pause = pause_before(turn, {} if answered is None else answered.headers)
            if turn == self._tries or pause is None or time.monotonic() + pause >= until:
                if answered is not None:
                    return _checked(answered)
                raise errors.ServerDown(url=_shown(asked), what=_told(trouble)) from trouble
            self._pause(pause)
        raise AssertionError("a connection tries once at least")

    def _sent(
        self, asked: _Sent, until: float
    ) -> tuple[requests.Response | None, Exception | None]:
        """Return the answer, or why there is none yet; raise `ServerDown` if there will be none."""
        try:
            with ending(until - time.monotonic()):
                return self._session.send(asked, timeout=self._timeout, allow_redirects=False), None
        except _TROUBLES as error:
            return None, error
        except _NONSENSE as error:
            what = f"nobody answers there as a goodword server does ({type(error).__name__})"
            raise errors.ServerDown(url=_shown(asked), what=what) from error


def _path(route: Route, told: Mapping[str, Any]) -> str:
    known = dict(told)
    if route.body is not None and route.body_in_path is not None:
        known[route.body_in_path] = getattr(told[route.body], route.body_in_path)
    names = in_path(route.path)
    steps = {name: _step(name, str(known[name])) for name in names}
    for tail in tails(route.path):
        if str(known[names[-1]]).endswith(f"/{tail}"):
            mend = f"in a path an id that ends in /{tail} is taken for another's; use another"
            raise errors.Invalid(field=names[-1], mend=mend)
    return route.path.format_map(steps)


def _step(name: str, text: str) -> str:
    """Return an id as it stands in a path; raise `Invalid` for what no path can hold."""
    if text in (".", ".."):
        mend = "whoever passes a request on takes . and .. in a path for folders; use another"
        raise errors.Invalid(field=name, mend=mend)
    if name in WORDS and "/" in text:
        raise errors.Invalid(field=name, mend="holds a slash, as no such name does")
    return quote(_written(name, text), safe="")


def _written(name: str, text: str) -> str:
    """Return a text as it is; raise `Invalid` for one that no address can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise errors.Invalid(field=name, mend="use characters that can be written down") from None
    return text


def _query(route: Route, told: Mapping[str, Any]) -> dict[str, Any]:
    if not has_query(route):
        return {}
    return {
        one.name: _written(one.name, _spelled(told[one.name]))
        for one in beside_path(route)
        if told.get(one.name, one.default) != one.default
    }


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _body(route: Route, told: Mapping[str, Any]) -> Any:
    if route.body is not None:
        without = left_out(route)
        packed = wire.plain(told[route.body])
        return {name: value for name, value in packed.items() if name not in without}
    if has_query(route) or not beside_path(route):
        return None
    return {
        one.name: wire.plain(told[one.name])
        for one in beside_path(route)
        if told.get(one.name, one.default) != one.default
    }


def _checked(answered: requests.Response) -> requests.Response:
    """Return an answer; raise the error that it tells of."""
    if answered.ok and not answered.is_redirect:
        return answered
    try:
        problem = _json(answered)
        reason, facts = str(problem["reason"]), dict(problem["facts"])
    except _STRANGE:
        what = f"it answered {answered.status_code}, and not as a goodword server does"
        raise _stranger(answered, what) from None
    error = revive(reason, facts, problem.get("detail", ""))
    if isinstance(error, errors.Refused):
        error.facts.setdefault("status", answered.status_code)
        if (wait := wait_told(answered.headers)) is not None:
            error.facts.setdefault("retry_after", wait)
    raise _traced(error, answered)


def _read(route: Route, kind: Any, answered: requests.Response) -> Any:
    """Return what a verb returns; raise one of `_STRANGE` for what no goodword server answers."""
    if answered.status_code != route.status:
        raise ValueError("another answer than this verb's")
    if kind is type(None):
        return None
    if kind is str:
        if not answered.headers.get("Content-Type", "").startswith("text/csv"):
            raise ValueError("a page, perhaps")
        return answered.content.decode()
    data = _json(answered)
    return wire.read(kind, data) if isinstance(kind, type) else dict(data)


def _page(
    item: Any, answered: requests.Response, before: str | None
) -> tuple[list[Any], str | None]:
    """Return what a page lists, and the cursor of the next one."""
    try:
        data = _json(answered)
        found, cursor = [wire.read(item, one) for one in data["items"]], data["next"]
        if not isinstance(cursor, str | None) or (cursor is not None and cursor == before):
            raise ValueError("it leads nowhere")
    except _STRANGE:
        raise _stranger(answered) from None
    return found, cursor


def _json(answered: requests.Response) -> Any:
    try:
        return answered.json()
    except RecursionError:
        raise ValueError("nested deeper than anything of ours") from None


def _stranger(
    answered: requests.Response,
    what: str = "its answer is none of ours: is it the address of a goodword server?",
) -> errors.GoodwordError:
    error = errors.ServerDown(url=_shown(answered.request), what=what)
    return _traced(error, answered)


def _traced(error: errors.GoodwordError, answered: requests.Response) -> errors.GoodwordError:
    error.request_id = answered.headers.get("X-Request-Id")
    return error


def _shown(asked: _Sent) -> str:
    return (asked.url or "").partition("?")[0]


def _told(trouble: Exception | None) -> str:
    slow = isinstance(trouble, requests.Timeout)
    return "it did not answer in time" if slow else "it cannot be reached"


def _verb(verb: str) -> Callable[..., Any]:
    """Return a method that asks for a verb, with the arguments and words of the interface."""
    function = documented(verb)
    takes = inspect.signature(function)

    @wraps(function)
    def ask(self: _Asking, *given: Any, **named: Any) -> Any:
        try:
            told = takes.bind(self, *given, **named).arguments
        except TypeError as error:
            # As Python does for a method of its own.
            raise TypeError(f"{verb}(): {error}") from None
        return self.connection.call(verb, {name: told[name] for name in told if name != "self"})

    # What it was made from still stands as abstract.
    del ask.__isabstractmethod__  # type: ignore[attr-defined]
    return ask


class _Asking:
    """Whatever asks over a connection."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection


def _asking(kind: type, wing: str) -> Any:
    verbs = {
        route.verb.rpartition(".")[2]: _verb(route.verb)
        for route in ALL
        if route.verb.rpartition(".")[0] == wing
    }
    return type(f"Remote{kind.__name__}", (_Asking, kind), verbs)


_WINGS: Final[Mapping[str, type]] = {
    "programs": wings.Programs,
    "advocates": wings.Advocates,
    "credit": wings.Credit,
    "reviews": wings.Reviews,
    "rewards": wings.Rewards,
    "thanks": wings.ThanksGiving,
    "proofs": wings.Proofs,
    "people": wings.People,
    "webhooks": Webhooks,
    "pages": Pages,
    "messages": Messages,
}
_MADE: Final = {name: _asking(kind, name) for name, kind in _WINGS.items()}
if TYPE_CHECKING:
    # Whoever asks is told by a type checker what the interface tells.
    class _Verbs(_Asking, Referrals): ...
else:
    _Verbs = _asking(Referrals, "")


class RemoteReferrals(_Verbs):
    """One shop's referrals at a goodword server: the one that the key is for."""

    connection: Connection
    webhooks: Webhooks
    """Whom the server tells what happens in this shop."""
    pages: Pages
    """The pages that the server has for this shop's advocates."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        for name, kind in _MADE.items():
            setattr(self, name, kind(connection))

    @classmethod
    def over(cls, connection: Connection) -> RemoteReferrals:
        """Return what asks over a connection; type checkers take the class for an abstract one."""
        return cls(connection)

    def each(self, verb: str, **told: Any) -> Iterator[Any]:
        """Yield what a verb lists, page by page: ``each("rewards.list", advocate="c-1")``.

        For lists that are long: nothing but one page is held.  Raises `Invalid` for a verb that
        lists nothing in pages, and whatever the verb raises.
        """
        route = BY_VERB.get(verb)
        if route is None or route.method != "GET" or item_of(answer(verb)) is None:
            raise errors.Invalid(field="verb", mend=f"{verb!r} lists nothing; take {_LISTS}")
        return self.connection.pages(verb, told)

    def close(self) -> None:
        """Close every connection."""
        self.connection.close()

"""One shop's Admin API: an operation by its name, and one of the till's troubles if it fails.

What belongs to a call is handed to it: shop, token, version.  ShopifyAPI keeps these in a session
that all threads share, so that one shop's token may go to another shop; it is not used here.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any, Final, Protocol

from goodword.errors import AnswerLost, TillDown, TillRefused, TillTrouble
from goodword_shopify.calling import Caller, Json, Said
from goodword_shopify.operations import OPERATIONS, first_field, is_change
from goodword_shopify.pace import Pace

VERSION: Final = "2026-07"
"""The version of the Admin API that every operation was written for."""

DISCONNECTED: Final = "disconnected"
"""The fact ``code`` of a refusal: the shop's owner must open the app again."""
_WAIT_MOST: Final = 60.0
_PAGES_MOST: Final = 500
_log = logging.getLogger("goodword_shopify")

# What is kept from apps that Shopify did not approve for it comes back empty, with an error.
_PROTECTED: Final = frozenset(
    "email phone customer shippingAddress billingAddress defaultEmailAddress defaultPhoneNumber "
    "customerJourneySummary emailAddress phoneNumber countryCodeV2 "
    "address1 address2 zip city firstName".split()
)
_STATUS: Final = {
    402: ("the shop is frozen until its owner pays Shopify", "frozen"),
    403: ("the app may not do this", "kept_out"),
    404: ("there is no such shop, or its API is gone", "no_api"),
    423: ("the shop is locked", "frozen"),
}


class Tokens(Protocol):
    """Where a shop's token comes from."""

    def access(self) -> str:
        """Return a token that is good now."""

    def instead_of(self, refused: str) -> str:
        """Return a token in the place of one that the shop did not take; raise `TillRefused`."""


class Client:
    """Asks one shop."""

    def __init__(
        self,
        caller: Caller,
        tokens: Tokens,
        *,
        pace: Pace | None = None,
        version: str = VERSION,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._caller = caller
        self._tokens = tokens
        self._pace = pace or Pace()
        self.version = version
        self.served: str | None = None
        """The version that answered last, as the shop said; None: it did not."""
        self._sleep = sleep

    @property
    def shop(self) -> str:
        """The shop's name in the house."""
        return self._caller.shop

    def ask(self, operation: str, **variables: Any) -> Json:
        """Return what the shop tells; nothing is changed, so a lost answer is `TillDown`."""
        assert not is_change(operation)
        try:
            return self._data(operation, variables)
        except AnswerLost as lost:
            raise self._nothing_done(lost) from lost

    def pages(
        self, operation: str, *names: str, further: int = 0, **variables: Any
    ) -> Iterator[Json]:
        """Yield the nodes of the connection that these names lead to, page after page.

        ``further``: how many nodes each page but the first has, where that one is small.
        Raises `TillDown` where what holds it is not there any more: half of it would be wrong.
        """
        after: str | None = None
        for _ in range(_PAGES_MOST):
            found: Any = self.ask(operation, **variables, after=after)
            for name in names:
                found = found.get(name)
                if found is None:
                    raise TillDown(shop=self.shop, what="it went away while it was read")
            yield from found["nodes"]
            if not found["pageInfo"]["hasNextPage"]:
                return
            after = found["pageInfo"]["endCursor"]
            if further:
                variables["first"] = further
        raise self.refused(f"{operation} has more than {_PAGES_MOST} pages")

    def change(self, operation: str, **variables: Any) -> Json:
        """Do something at the shop, once; return what it answers.

        Raises `TillRefused` with Shopify's own ``code`` where it says no, `AnswerLost` where it may
        have been done: that is never tried again here.
        """
        assert is_change(operation)
        payload = self._data(operation, variables)[first_field(operation)]
        if not isinstance(payload, dict):
            raise self._lost("it answered nothing", cause="unreadable")
        for error in payload.get("userErrors") or ():
            code, words = str(error.get("code") or ""), str(error.get("message"))[:200]
            raise self.refused(f"Shopify refused it: {words}", code=code)
        return payload

    def rest(self, seconds: float) -> None:
        """Wait for something that the shop does beside its other work."""
        self._sleep(seconds)

    def _nothing_done(self, lost: AnswerLost) -> TillDown:
        status = lost.facts.get("status")
        if status is None:
            what = "the shop gave no answer"
            return TillDown(shop=self.shop, what=what, cause="unreachable")
        what = f"the shop failed ({status})"
        return TillDown(shop=self.shop, what=what, cause="failed", status=status)

    def refused(self, what: str, **facts: Any) -> TillRefused:
        """Return the refusal of this shop."""
        return TillRefused(shop=self._caller.shop, what=what, **facts)

    def _data(self, operation: str, variables: Json) -> Json:
        waited = 0.0
        while True:
            said = self._in_turn(operation, variables)
            body = said.body
            if body is None or said.status != 200:
                raise self._failed(said, operation)
            errors, costs = body.get("errors") or (), body.get("extensions")
            if not _is_throttled(errors):
                self._pace.heard(operation, costs)
                return self._told(body, errors, operation)
            # Nothing was done yet, so that even a change may be asked for once more.
            pause = self._pace.refused(operation, costs)
            waited += pause
            self._rest(pause, waited)

    def _in_turn(self, operation: str, variables: Json) -> Said:
        pause = self._pace.begin(operation)
        try:
            self._rest(pause, pause)
            return self._let_in(operation, variables)
        finally:
            self._pace.end(operation)

    def _rest(self, pause: float, waited: float) -> None:
        if waited > _WAIT_MOST:
            what = "the shop asks us to wait too long"
            raise TillDown(shop=self.shop, what=what, cause="asks_to_wait", status=429)
        if pause > 0:
            self._sleep(pause)

    def _let_in(self, operation: str, variables: Json) -> Said:
        """Ask with the token at hand; with another one, once, if the shop does not take it."""
        token = self._tokens.access()
        said = self._asked(operation, variables, token)
        if said.status != 401:
            return said
        said = self._asked(operation, variables, self._tokens.instead_of(token))
        if said.status == 401:
            what = "it lets the app in no more"
            raise self.refused(what, cause="disconnected", code=DISCONNECTED)
        return said

    def _asked(self, operation: str, variables: Json, token: str) -> Said:
        said = self._caller.post(
            f"/admin/api/{self.version}/graphql.json",
            {"query": OPERATIONS[operation], "variables": variables},
            {"X-Shopify-Access-Token": token},
        )
        self.served = served = said.headers.get("X-Shopify-API-Version")
        if served is not None and served != self.version:
            _log.warning(
                "%s: asked by version %s, answered by %s",
                self._caller.shop,
                self.version,
                served,
            )
        return said

    def _told(self, body: Json, errors: Any, operation: str) -> Json:
        data = body.get("data")
        if errors and not (isinstance(data, dict) and all(_is_protected(one) for one in errors)):
            raise self._erred(data, errors, operation)
        if not isinstance(data, dict) or first_field(operation) not in data:
            raise self._lost("it answered something that cannot be read", cause="unreadable")
        return data

    def _erred(self, data: Any, errors: Any, operation: str) -> TillTrouble:
        code, words = _code(errors), _words(errors)
        done = isinstance(data, dict) and any(value is not None for value in data.values())
        if code == "ACCESS_DENIED" and not done:
            what = f"the app was not given the right: {words}"
            return self.refused(what, cause="no_rights", code=code)
        # Whatever Shopify refuses it has a code for.
        if done or code in ("", "INTERNAL_SERVER_ERROR", "TIMEOUT"):
            return self._lost("it answered with an error", cause="unreadable")
        return self.refused(f"Shopify does not take {operation}: {words}", code=code)

    def _failed(self, said: Said, operation: str) -> TillTrouble:
        status = said.status
        if status in (425, 429, 430):
            what = f"the shop asks us to wait ({status})"
            return TillDown(shop=self.shop, what=what, cause="asks_to_wait", status=status)
        if status in _STATUS:
            what, cause = _STATUS[status]
            return self.refused(f"{what} ({status})", cause=cause, status=status)
        # Somebody on the way waited too long: whether the shop did is not known.
        if 400 <= status < 500 and status not in (408, 499):
            return self.refused(f"Shopify does not take {operation} ({status})", status=status)
        if status == 200:
            return self._lost("it answered something that cannot be read", cause="unreadable")
        return self._lost(f"the shop failed ({status})", cause="failed_midway", status=status)

    def _lost(self, what: str, **facts: Any) -> AnswerLost:
        said = f"{what}: it may or may not have been done"
        return AnswerLost(shop=self.shop, what=said, **facts)


def _is_throttled(errors: Any) -> bool:
    return _code(errors) == "THROTTLED"


def _code(errors: Any) -> str:
    """Return Shopify's own name for the first error that has one."""
    for error in errors if isinstance(errors, list) else ():
        extensions = error.get("extensions") if isinstance(error, dict) else None
        code = extensions.get("code") if isinstance(extensions, dict) else None
        if isinstance(code, str):
            return code[:80]
    return ""


def _words(errors: Any) -> str:
    first = errors[0] if isinstance(errors, list) and errors else errors
    return str(first.get("message") if isinstance(first, dict) else first)[:200]


def _is_protected(error: Any) -> bool:
    """Whether it only says that something about a person is kept from us."""
    path = error.get("path") if isinstance(error, dict) else None
    denied = isinstance(error, dict) and _code([error]) == "ACCESS_DENIED"
    return denied and isinstance(path, list) and bool(path) and path[-1] in _PROTECTED

"""How each verb travels over HTTP: server and client read the same table.

What a verb takes and returns is read from the interface itself.  Of its arguments those named in
the path travel there, ``body`` names the one that is the body, and of the rest a GET has a query
and any other method one JSON object with a member for each.
"""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from goodword.interface.pages import Pages
from goodword.interface.referrals import Referrals
from goodword.interface.webhooks import Webhooks


class Scope(StrEnum):
    """What a key must be good for."""

    BROWSER = "browser"
    """What a page in a browser may do: read an offer, keep a visit, claim."""
    READ = "read"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Route:
    """One verb as a request."""

    verb: str
    """``record_order``, or a wing's: ``programs.save``."""
    method: str
    path: str
    scope: Scope
    body: str | None = None
    """The argument that is the body, whole."""
    body_in_path: str | None = None
    """The body's member that stands in the path instead."""
    server_says: tuple[str, ...] = ()
    """Members of the body that only an answer has."""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a verb."""

    name: str
    kind: Any
    """Its annotation, without ``| None``."""
    may_be_none: bool
    default: Any
    """`inspect.Parameter.empty` if it must be given."""

    @property
    def required(self) -> bool:
        return self.default is inspect.Parameter.empty


PAGING: Final = frozenset({"after", "limit"})
"""What a verb takes that lists in pages."""
WORDS: Final = frozenset({"name", "program", "channel", "moment"})
"""What a path names that never holds a slash; whatever a shop calls its own things may."""
_READ, _WRITE, _BROWSER = Scope.READ, Scope.WRITE, Scope.BROWSER
_OF_PROGRAM: Final = "/programs/{program}/advocates"
_MESSAGES: Final = "/programs/{program}/messages"

ROUTES: Final = (
    Route("find_code", "GET", "/codes/{text}", _BROWSER),
    Route("find_offer", "GET", "/codes/{text}/offer", _BROWSER),
    Route("ask_name", "POST", "/names", _BROWSER),
    Route("record_visit", "POST", "/visits", _BROWSER, body="visiting", status=201),
    Route("claim", "POST", "/claims", _BROWSER, body="claiming", status=201),
    Route("find_claim", "GET", "/claims/{id}", _READ),
    Route("confirm", "POST", "/claims/{claim}/confirmation", _WRITE),
    Route("record_order", "POST", "/orders", _WRITE, body="order"),
    Route("record_refund", "POST", "/orders/{order}/refunds", _WRITE, body="refund"),
    Route(
        verb="programs.save",
        method="PUT",
        path="/programs/{name}",
        scope=_WRITE,
        body="program",
        body_in_path="name",
        server_says=("version", "saved", "paused"),
    ),
    Route("programs.pause", "POST", "/programs/{name}/pause", _WRITE),
    Route("programs.resume", "POST", "/programs/{name}/resumption", _WRITE),
    Route("programs.find", "GET", "/programs/{name}", _READ),
    Route("programs.list", "GET", "/programs", _READ),
    Route("programs.try_out", "POST", "/trials", _READ),
    Route("advocates.invite", "POST", _OF_PROGRAM, _WRITE),
    Route("advocates.draw", "POST", f"{_OF_PROGRAM}/{{advocate}}/codes", _WRITE, status=201),
    Route("advocates.rotate", "POST", f"{_OF_PROGRAM}/{{advocate}}/rotation", _WRITE),
    Route("advocates.enroll", "POST", "/programs/{program}/enrollments", _WRITE),
    Route("advocates.find", "GET", "/advocates/{id}", _READ),
    # An e-mail address belongs in no address of a page.
    Route("advocates.reached_at", "POST", "/advocates-reached", _READ),
    Route("advocates.codes", "GET", "/advocates/{id}/codes", _READ),
    Route("advocates.brought", "GET", "/advocates/{id}/brought", _READ),
    Route("advocates.why", "GET", "/advocates/{id}/answer", _READ),
    Route("advocates.merge", "POST", "/advocates/{gone}/merge", _WRITE),
    Route("credit.explain", "GET", "/orders/{order}/explanation", _READ),
    Route("credit.assign", "POST", "/orders/{order}/assignments", _WRITE),
    Route("credit.replay", "GET", "/replay", _READ),
    Route("reviews.open", "GET", "/reviews", _READ),
    Route("reviews.decide", "POST", "/orders/{order}/verdicts", _WRITE),
    Route("rewards.list", "GET", "/advocates/{advocate}/rewards", _READ),
    Route("rewards.balance", "GET", "/advocates/{advocate}/balance", _READ),
    Route("rewards.mark_paid", "POST", "/advocates/{advocate}/payments", _WRITE),
    Route("rewards.statement", "GET", "/statement", _READ),
    Route("thanks.owed", "GET", "/thanks", _READ),
    Route("thanks.of", "GET", "/advocates/{advocate}/thanks", _READ),
    Route("thanks.keep", "POST", "/thanks/{id}/kept", _WRITE),
    # Where an offer is shown in a browser, so are its words.
    Route("messages.say", "GET", f"{_MESSAGES}/{{channel}}", _BROWSER),
    Route("messages.list", "GET", _MESSAGES, _READ),
    Route("messages.edit", "PUT", f"{_MESSAGES}/{{channel}}/{{moment}}", _WRITE),
    Route("messages.preview", "POST", f"{_MESSAGES}/{{channel}}/{{moment}}/preview", _READ),
    Route("messages.check", "GET", "/programs/{program}/findings", _READ),
    Route("proofs.save", "POST", "/proofs", _WRITE, body="proof", server_says=("name",)),
    Route("proofs.list", "GET", "/proofs", _READ),
    Route("proofs.remove", "POST", "/proofs/{id}/removal", _WRITE, status=204),
    # Whoever is meant may be told by an e-mail address, which belongs in no address of a page.
    Route("people.export", "POST", "/people/export", _WRITE),
    Route("people.forget", "POST", "/people/forget", _WRITE, status=204),
    Route("people.decline", "POST", "/people/decline", _WRITE, status=204),
)
# What a server does beside a shop's referrals; an engine has none of these.
BESIDE: Final = (
    Route("webhooks.add", "POST", "/webhooks", _WRITE, status=201),
    Route("webhooks.list", "GET", "/webhooks", _WRITE),
    Route("webhooks.find", "GET", "/webhooks/{id}", _WRITE),
    Route("webhooks.rotate", "POST", "/webhooks/{id}/rotation", _WRITE),
    Route("webhooks.remove", "DELETE", "/webhooks/{id}", _WRITE, status=204),
    Route("pages.open", "POST", "/advocates/{id}/page", _WRITE, status=201),
    Route("pages.close", "POST", "/advocates/{id}/revocation", _WRITE, status=204),
)
ALL: Final = (*ROUTES, *BESIDE)
BY_VERB: Final[Mapping[str, Route]] = {route.verb: route for route in ALL}


@cache
def documented(verb: str) -> Any:
    """Return the verb as the interface documents it."""
    wing, _, name = verb.rpartition(".")
    return getattr(wings()[wing] if wing else Referrals, name)


@cache
def wings() -> Mapping[str, type]:
    """Return the wings of `Referrals`, and what a server has beside them, by name."""
    return {**typing.get_type_hints(Referrals), "webhooks": Webhooks, "pages": Pages}


@cache
def arguments(verb: str) -> Mapping[str, Argument]:
    """Return what a verb takes, by name."""
    function = documented(verb)
    hints = _hints(function)
    found = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name != "self":
            kind, may_be_none = _without_none(hints[name])
            found[name] = Argument(name, kind, may_be_none, parameter.default)
    return found


@cache
def answer(verb: str) -> Any:
    """Return the annotation of what a verb returns."""
    return _hints(documented(verb))["return"]


def item_of(kind: Any) -> Any:
    """Return what a sequence of answers holds; None for an answer of another shape."""
    return typing.get_args(kind)[0] if typing.get_origin(kind) is Sequence else None


@cache
def in_path(path: str) -> tuple[str, ...]:
    """Return the names that stand in a path."""
    return tuple(re.findall(r"{(\w+)}", path))


@cache
def tails(path: str) -> frozenset[str]:
    """Return the last steps of the paths that go on where this one ends: no id here ends so.

    Who reads a path cannot tell a slash within an id from one behind it.
    """
    if not path.endswith("}"):
        return frozenset()
    longer = re.compile(re.escape(path[: path.rindex("{")]) + r"{\w+}/(\w+)")
    return frozenset(match[1] for route in ALL if (match := longer.fullmatch(route.path)))


@cache
def beside_path(route: Route) -> tuple[Argument, ...]:
    """Return the arguments that travel in the query, or as members of the body."""
    apart = {*in_path(route.path), route.body, *(PAGING if takes_pages(route.verb) else ())}
    return tuple(one for name, one in arguments(route.verb).items() if name not in apart)


def takes_pages(verb: str) -> bool:
    """Whether a verb can be asked for a page of what it lists: where it goes on, and how much.

    Over HTTP these are ``cursor`` and ``limit`` of the query.
    """
    return arguments(verb).keys() >= PAGING


def has_query(route: Route) -> bool:
    """Whether what is beside the path travels in the query."""
    return route.method == "GET" or route.body is not None


def left_out(route: Route) -> tuple[str, ...]:
    """Return the members of the body's value that do not travel in the body."""
    return (*((route.body_in_path,) if route.body_in_path else ()), *route.server_says)


def _hints(function: Any) -> Mapping[str, Any]:
    # A wing's own verb may be called ``list``, which hides the type from its neighbours.
    names = {**vars(inspect.getmodule(function)), "list": list}
    return typing.get_type_hints(function, globalns=names)


def _without_none(kind: Any) -> tuple[Any, bool]:
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        parts = [part for part in typing.get_args(kind) if part is not type(None)]
        if len(parts) < len(typing.get_args(kind)):
            return parts[0], True
    return kind, False

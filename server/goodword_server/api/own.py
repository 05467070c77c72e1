"""Routes of the API that are no verbs of the library: what only a server with pages can do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from goodword import errors
from goodword.interface.routes import Route, Scope
from goodword_server.entering import Entering, PageLink
from goodword_server.house import House

Do = Callable[[House, str, Mapping[str, str]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """One route, and all that is said of it."""

    route: Route
    tag: str
    about: str
    """What it does: its first sentence is the summary."""
    raises: tuple[type[errors.GoodwordError], ...]
    answers: type | None
    """The kind of value; None: nothing."""
    do: Do
    path: Mapping[str, str]
    """An example of what stands in the path."""
    told: Mapping[str, Any] | None = None
    """An example of the answer."""


def _open(house: House, shop: str, path: Mapping[str, str]) -> PageLink:
    return Entering(house).link(shop, path["id"])


def _close(house: House, shop: str, path: Mapping[str, str]) -> None:
    Entering(house).revoke(shop, path["id"])


OWN: Final = (
    Own(
        route=Route("pages.open", "POST", "/advocates/{id}/page", Scope.WRITE, status=201),
        tag="advocates",
        about="Return a link to an advocate's page, for whoever is signed in at the shop as them. "
        "It needs no password and is good for thirty days: lead them there, and show it to nobody "
        "else.",
        raises=(errors.UnknownAdvocate,),
        answers=PageLink,
        do=_open,
        path={"id": "c-17"},
        told={
            "url": "https://thanks.example/tea-house/a/p/WyJ0ZWEiXQ.c2lnbmVk",
            "expires": "2026-12-22T09:20:00+00:00",
        },
    ),
    Own(
        route=Route("pages.close", "POST", "/advocates/{id}/revocation", Scope.WRITE, status=204),
        tag="advocates",
        about="Let no link and no session of an advocate open their page any more. New links do.",
        raises=(errors.UnknownAdvocate,),
        answers=None,
        do=_close,
        path={"id": "c-17"},
    ),
)
BY_NAME: Final[Mapping[str, Own]] = {one.route.verb: one for one in OWN}

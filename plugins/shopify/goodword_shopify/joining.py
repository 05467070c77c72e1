"""How a shop joins the app: by a page of its admin, or by its owner's consent at the shop.

What comes of it is handed to whoever keeps installations; nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from goodword.apps import RequestRefused
from goodword.platforms import Installation
from goodword_shopify import domains, letting_in, scopes
from goodword_shopify.calling import TIMEOUTS, Caller
from goodword_shopify.door import Door


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app as its developer registered it at Shopify."""

    client: str
    secrets: Sequence[str] = field(repr=False)
    """What it signs with: the newest first, and the one before it while they change."""
    scopes: Sequence[str] = scopes.BASIC
    address: Callable[[str], str] = domains.address
    """Where the shop of a domain is asked."""
    timeouts: tuple[float, float] = TIMEOUTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A shop that let the app in."""

    domain: str
    url: str
    credentials: Mapping[str, str] = field(repr=False)
    lacking: tuple[str, ...] = ()
    """What was asked for and not granted."""

    def installation(self, shop: str) -> Installation:
        """Return it as an installation of this name."""
        return Installation(
            shop=shop, platform="shopify", url=self.url, credentials=self.credentials
        )


def from_page(app: App, authorization: str | None, now: datetime) -> Joined:
    """Join the shop in whose admin the app's page is open, by its session token.

    Raises `RequestRefused`, and what a till raises; a refusal with the code `STALE_SESSION` asks
    for a new session token.
    """
    domain = letting_in.session(authorization, app.client, app.secrets).domain
    token = str(authorization).removeprefix("Bearer ")
    return _joined(app, domain, _door(app, domain).exchange(token, now))


def begin(app: App, domain: str, back: str) -> tuple[str, str]:
    """Return where the owner consents, and the state to tie to their browser.

    ``back`` is where the shop sends them then.
    """
    state = letting_in.new_state()
    return letting_in.grant_page(domain, app.client, app.scopes, back, state), state


def finish(app: App, query: Mapping[str, str], state: str, now: datetime) -> Joined:
    """Join the shop whose owner came back; the state counts once, and the caller sees to that.

    Raises `RequestRefused`, and what a till raises.
    """
    domain, code = letting_in.granted(query, app.secrets, state, now)
    return _joined(app, domain, _door(app, domain).redeem(code, now))


def _door(app: App, domain: str) -> Door:
    if not app.secrets:
        raise RequestRefused(why="the app has no secret")
    caller = Caller(domain, app.address(domain), app.timeouts)
    return Door(caller, app.client, app.secrets[0])


def _joined(app: App, domain: str, given: Mapping[str, str]) -> Joined:
    scope = given["scope"]
    return Joined(
        domain=domain,
        url=app.address(domain),
        credentials={"client_id": app.client, "client_secret": app.secrets[0], **given},
        lacking=tuple(one for one in app.scopes if not letting_in.covers(scope, [one])),
    )

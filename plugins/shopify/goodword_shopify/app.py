"""The app as the server shows it: its page in the admin, the way of a grant, and who asks it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from typing import Final
from urllib.parse import quote, urlencode, urlsplit

from goodword.apps import (
    AtTheDoor,
    Frame,
    Inside,
    Knock,
    LedOn,
    LetIn,
    Place,
    Proven,
    RequestRefused,
)
from goodword.errors import Invalid
from goodword.platforms import Installation
from goodword.watching import Giving, Introduced
from goodword_shopify import domains, joining, letting_in, scopes
from goodword_shopify.fields import bare
from goodword_shopify.joining import Joined

_ADMIN: Final = "https://admin.shopify.com"
_BRIDGE: Final = "https://cdn.shopify.com/shopifycloud/app-bridge.js"
_TOKEN: Final = "id_token"
RELOAD: Final = "shopify-reload"
"""Where App Bridge leads to with a new session token; it goes by this name."""
_AGAIN: Final = {"X-Shopify-Retry-Invalid-Session-Request": "1"}
_LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class ShopifyApp:
    """One app before every shop."""

    at: joining.App
    embedded: bool = True
    """Whether its page stands in the admin; else it is opened in a window of its own."""

    @property
    def secrets(self) -> Sequence[str]:
        return self.at.secrets

    @property
    def credentials(self) -> Mapping[str, str]:
        return {"client_id": self.at.client, "client_secret": self.at.secrets[0]}

    def let_in_by(self, installation: Installation) -> bool:
        return installation.credentials.get("client_id") == self.at.client

    def opened(self, knock: Knock, base: str, now: datetime) -> Inside | AtTheDoor | LedOn:
        query = _once(knock)
        if _TOKEN in query:
            return self._inside(query, knock, base)
        domain = query.get("shop", "")
        if not domains.is_domain(domain):
            raise RequestRefused(why="it names no shop of Shopify's")
        if query.get("embedded") == "1":
            return _to_bounce(knock, base)
        letting_in.led_here(query, self.secrets, now)
        if self.embedded:
            name = domain.partition(".")[0]
            return LedOn(url=f"{_ADMIN}/store/{name}/apps/{self.at.client}")
        return AtTheDoor(claim=domain, url=self.at.address(domain))

    def _inside(self, query: Mapping[str, str], knock: Knock, base: str) -> Inside | LedOn:
        try:
            proven = letting_in.session(f"Bearer {query[_TOKEN]}", self.at.client, self.secrets)
        except RequestRefused:
            # Stale, most often: it lasts a minute, and the page was opened once more.
            if domains.is_domain(query.get("shop", "")):
                return _to_bounce(knock, base)
            raise
        if query.get("shop", proven.domain) != proven.domain:
            raise RequestRefused(why="the session token is one of another shop")
        return Inside(claim=proven.domain)

    def let_in(self, knock: Knock, giving: Collection[Giving], now: datetime) -> LetIn:
        token = _once(knock).get(_TOKEN, "")
        return _let_in(joining.from_page(self._asking(giving), f"Bearer {token}", now))

    def introduced(self, url: str, *, public: bool) -> Introduced:
        domain = domains.typed(url)
        return Introduced(url=self.at.address(domain), name=domain)

    def way(
        self, url: str, *, state: str, callback: str, back: str, giving: Collection[Giving] = ()
    ) -> str:
        asking = self._asking(giving)
        domain = domains.of_address(url)
        return letting_in.grant_page(domain, asking.client, asking.scopes, callback, state)

    def agreed(self, knock: Knock, state: str, giving: Collection[Giving], now: datetime) -> LetIn:
        return _let_in(joining.finish(self._asking(giving), _once(knock), state, now))

    def frame(self, claim: str) -> Frame:
        if not domains.is_domain(claim):
            raise RequestRefused(why="it names no shop of Shopify's")
        key = f'<meta name="shopify-api-key" content="{escape(self.at.client)}">'
        return Frame(
            head=f'{key}\n<script src="{_BRIDGE}"></script>',
            allow={
                "script-src": f"'self' {_BRIDGE}",
                "connect-src": "'self' https://monorail-edge.shopifysvc.com",
                "frame-ancestors": f"https://{claim} {_ADMIN}",
            },
        )

    def bounce(self, knock: Knock, base: str) -> Frame:
        query = _once(knock)
        if not is_within(query.get(RELOAD, ""), base):
            raise RequestRefused(why="it leads to no page of the app")
        return self.frame(query.get("shop", ""))

    def proven(self, knock: Knock, place: Place, now: datetime) -> Proven:
        if place is Place.STOREFRONT:
            found = letting_in.proxy(knock.query, self.secrets, now)
            # Shopify hands the request on, and says for whom.
            return Proven(claim=found.domain, person=found.subject, relays=1)
        header = knock.headers.get("authorization")
        if place is Place.ADMIN:
            found = letting_in.session(header, self.at.client, self.secrets)
            return Proven(claim=found.domain, person=found.subject)
        found = letting_in.checkout(header, self.at.client, self.secrets)
        return Proven(claim=found.domain, person=_customer(found.subject))

    def refusal(self, place: Place) -> Mapping[str, str]:
        return _AGAIN if place is Place.ADMIN else {}

    def _asking(self, giving: Collection[Giving]) -> joining.App:
        every = (*self.at.scopes, *scopes.asked_for(giving))
        return replace(self.at, scopes=tuple(dict.fromkeys(every)))


def of_settings(
    told: Mapping[str, str], address: Callable[[str], str] = domains.address
) -> ShopifyApp:
    """Return the app that settings tell of; raise `Invalid` naming what is missing or unknown."""
    unknown = told.keys() - {"client_id", "secrets", "embedded"}
    if unknown:
        raise Invalid(field=min(unknown), mend="is not known: client_id, secrets, embedded are")
    secrets = [one.strip() for one in told.get("secrets", "").split(",") if one.strip()]
    if not told.get("client_id"):
        raise Invalid(field="client_id", mend="give the app's client ID")
    if not secrets:
        raise Invalid(field="secrets", mend="give the app's secret; two while it changes")
    embedded = told.get("embedded", "yes")
    if embedded not in ("yes", "no"):
        raise Invalid(field="embedded", mend="is yes, or no")
    at = joining.App(client=told["client_id"], secrets=secrets, address=address)
    return ShopifyApp(at, embedded == "yes")


def is_within(target: str, base: str) -> bool:
    """Whether an address is one of the app's own pages, by its path or whole, and no other."""
    if not target.isascii() or not target.isprintable() or "\\" in target or len(target) > _LONGEST:
        return False
    try:
        own, asked = urlsplit(base), urlsplit(target)
    except ValueError:
        return False
    if (asked.scheme, asked.netloc) not in (("", ""), (own.scheme, own.netloc)):
        return False
    # A path that begins with two slashes is a host; dots lead out of the folder again.
    if asked.path.startswith("//") or {".", ".."} & set(asked.path.split("/")):
        return False
    return "%" not in asked.path and f"{asked.path}/".startswith(f"{own.path}/")


def _to_bounce(knock: Knock, base: str) -> LedOn:
    kept = [(name, value) for name, value in knock.query if name not in (_TOKEN, RELOAD)]
    here = base + (f"/{quote(knock.path)}" if knock.path else "")
    back = f"{here}?{urlencode(kept)}"
    return LedOn(url=f"{base}/bounce?{urlencode([*kept, (RELOAD, back)])}")


def _once(knock: Knock) -> Mapping[str, str]:
    query = dict(knock.query)
    if len(query) != len(knock.query):
        raise RequestRefused(why="it says something twice")
    return query


def _let_in(joined: Joined) -> LetIn:
    return LetIn(
        claim=joined.domain,
        name=joined.domain.partition(".")[0],
        url=joined.url,
        credentials=joined.credentials,
        lacking=joined.lacking,
    )


def _customer(subject: str | None) -> str | None:
    """Return the digits of a customer; who is named otherwise is nobody that we know."""
    try:
        return bare(subject) if subject is not None else None
    except Invalid:
        return None

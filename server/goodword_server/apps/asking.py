"""A request to an app, as the app is to judge it, and the shop that it proves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from flask import request
from werkzeug.exceptions import NotFound

from goodword.apps import App, Knock, Place, Proven
from goodword.interface.referrals import Referrals
from goodword_server.house import House
from goodword_server.languages import language_named
from goodword_server.storage.installations import Connected

_UNKNOWN: Final = "no app of this platform is registered here"
_NOT_HERE: Final = "the shop is not connected here"


def app_of(house: House, platform: str) -> App:
    """Return the app of a platform; raise `NotFound` where none is registered."""
    found = house.apps.get(platform)
    if found is None:
        raise NotFound(_UNKNOWN)
    return found


def base_of(house: House, platform: str) -> str:
    """Return the address of an app's page in the world."""
    return f"{house.settings.public_url}/app/{platform}"


def knock(path: str = "") -> Knock:
    """Return this request as an app is to judge it."""
    return Knock(
        path=path,
        query=list(request.args.items(multi=True)),
        headers={name.lower(): value for name, value in request.headers.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One request of an app's part in a shop: who asks, of which shop, from where."""

    place: Place
    who: Proven
    connected: Connected
    referrals: Referrals
    address: str
    """Of whoever asks, as no more than a hash."""
    language: str

    @property
    def shop(self) -> str:
        return self.connected.installation.shop


def asking(house: House, platform: str, place: Place) -> Asking:
    """Return this request; raise `RequestRefused`, or `NotFound` for a shop that is not here."""
    who = app_of(house, platform).proven(knock(), place, house.now())
    connected = house.installation_at(who.claim)
    if connected is None or connected.left or connected.installation.platform != platform:
        raise NotFound(_NOT_HERE)
    shop = connected.installation.shop
    return Asking(
        place=place,
        who=who,
        connected=connected,
        referrals=house.referrals(shop),
        address=house.addresses.hidden(request.environ, who.relays),
        language=language_named(request.args.get("language", "")) or house.look(shop).language,
    )

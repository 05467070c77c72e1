"""Webhooks in: address, verify the raw body, keep one row, answer.  The worker does the rest."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, Request, Response

from goodword.errors import DeliveryRefused, Invalid
from goodword.platforms import Address, Delivery, Platform
from goodword_server.current import this_request
from goodword_server.house import House
from goodword_server.storage import inbox
from goodword_server.storage.installations import Connected
from goodword_server.watching.hooks import TOO_LONG, UNSIGNED


def blueprint(house: House) -> Blueprint:
    """Return the routes that platforms deliver to."""
    hooks = Blueprint("hooks", __name__)

    @hooks.post("/hooks/<platform>/<path:path>")
    def receive(platform: str, path: str) -> Response:
        asked = this_request()
        headers = {name.lower(): value for name, value in asked.headers.items()}
        body = _body(asked, house.settings.body_most)
        if body is None:
            return _too_long(house, platform, Delivery(path, headers, b""))
        return take_in(house, platform, Delivery(path, headers, body))

    return hooks


def _body(asked: Request, most: int) -> bytes | None:
    """Return the body to its end; None if it is longer than may be, or says that it is."""
    if (asked.content_length or 0) > most:
        return None
    # One byte more tells a body that is too long from one that is just as long as may be.
    asked.max_content_length = most + 1
    stream, body = asked.stream, bytearray()
    while len(body) <= most and (piece := stream.read(most + 1 - len(body))):
        body += piece
    return bytes(body) if len(body) <= most else None


def take_in(house: House, platform_name: str, delivery: Delivery) -> Response:
    """Keep a delivery if its shop signed it."""
    platform, address, connected = _whose(house, platform_name, delivery)
    if platform is None or address is None or (connected is None and not address.claimed):
        return _told(404, "no shop delivers here")
    if platform.is_ping(delivery):
        return _told(200, "at your service")
    try:
        platform.verify(delivery, _secrets(house, platform_name, connected))
    except DeliveryRefused as refusal:
        if connected is not None:
            _note(house, address, connected, UNSIGNED)
        return _told(401, str(refusal))
    except Invalid as lacking:
        return _told(400, str(lacking))
    if connected is None:
        return _told(200, "its shop is not connected here, and nothing is kept of it")
    shop, kept = (
        connected.installation.shop,
        Delivery(connected.path, delivery.headers, delivery.body),
    )
    row = inbox.sealed(house.vault, shop, kept, house.now())
    house.database.write(lambda session: inbox.add(session, row))
    return _told(200, "kept")


def _secrets(house: House, platform: str, connected: Connected | None) -> Sequence[str]:
    """Return what a delivery may be signed with.

    Where one address serves every shop, an app's shops deliver before anybody opened its page.
    """
    if connected is not None:
        return house.secrets_of(connected)
    app = house.apps.get(platform)
    return () if app is None else app.secrets


def _too_long(house: House, platform_name: str, delivery: Delivery) -> Response:
    """Refuse what is too long to be looked at; its shop is asked for what it could not tell."""
    _, address, connected = _whose(house, platform_name, delivery)
    if address is not None and connected is not None:
        _note(house, address, connected, TOO_LONG)
    return _told(413, f"a delivery has at most {house.settings.body_most} bytes")


def _whose(
    house: House, platform_name: str, delivery: Delivery
) -> tuple[Platform | None, Address | None, Connected | None]:
    """Return whose delivery it says it is; no installation where that is none of this platform."""
    platform = house.platforms.get(platform_name)
    address = platform.address(delivery) if platform else None
    connected = house.installation_at(address.installation) if address else None
    if connected is not None and connected.installation.platform != platform_name:
        connected = None
    return platform, address, connected


def _note(house: House, address: Address, connected: Connected, why: str) -> None:
    # Whoever only claims to be a shop has nobody else's looked after.
    if not address.claimed:
        house.noting.turned_away(connected.installation.shop, why)


def _told(status: int, text: str) -> Response:
    return Response(text, status, content_type="text/plain; charset=utf-8")

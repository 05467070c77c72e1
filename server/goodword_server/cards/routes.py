"""Where cards are found: beside the friend's page of the same code."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import ServiceUnavailable

from goodword.errors import UnknownCode
from goodword.model.message import Channel
from goodword.words import LANGUAGES
from goodword.words.messages.speaking import speak_nowhere
from goodword_server.cards.card import Card, Format, NoGift
from goodword_server.house import House
from goodword_server.keepable import keepable
from goodword_server.languages import language_of
from goodword_server.limits import TooMany
from goodword_server.pages import kind

if TYPE_CHECKING:
    from goodword_server.cards.making import Cards

_SECONDS: Final = 300
_FILES: Final = {format.file: format for format in Format}


def blueprint(house: House) -> Blueprint:
    """Return the routes of cards."""
    cards = Blueprint("cards", __name__)
    desk = _Desk(house)
    for name, format in _FILES.items():
        cards.add_url_rule(
            f"/<shop>/c/<code>/{name}", format.value, desk.show, defaults={"format": format}
        )
    return cards


class _Desk:
    """Answers whoever asks for a card: with it, or with a sentence."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._made: Cards | None = None
        self._making = Lock()

    def show(self, shop: str, code: str, format: Format) -> Response:
        if self._house.installation_of(shop) is None:
            return _sorry(404, "unknown.words", speak_nowhere(_read()))
        address = self._house.addresses.hidden(request.environ)
        try:
            with self._house.limits.guessing(shop, address):
                card = self._cards.card(shop, code, _language())
        except UnknownCode:
            return _sorry(404, "card.unknown", self._said(shop))
        except NoGift as error:
            return _sorry(410, f"card.{error.state}", self._said(shop))
        except TooMany as error:
            said = self._said(shop, Channel.PAGE)
            return _sorry(429, "guessed.words", said, dict(error.get_headers()))
        return self._answer(shop, code, card, format)

    def _answer(self, shop: str, code: str, card: Card, format: Format) -> Response:
        try:
            answer = keepable(
                self._cards.mark(card, format),
                format.kind,
                lambda: self._cards.drawn(shop, card, format),
                seconds=_SECONDS,
            )
        except ServiceUnavailable as error:
            return _sorry(503, "card.busy", self._said(shop), dict(error.get_headers()))
        answer.headers["X-Robots-Tag"] = "noindex"
        return answer

    def _said(self, shop: str, channel: Channel = Channel.CARD) -> Mapping[str, str]:
        """Return what the shop says that speaks of no program."""
        return kind.said(self._house, shop, self._house.look(shop), _read(), channel)

    @property
    def _cards(self) -> Cards:
        """What draws them, made once: neither a click nor a start waits for its imports."""
        with self._making:
            if self._made is None:
                from goodword_server.cards.making import Cards

                self._made = Cards(self._house)
            return self._made


def _language() -> str | None:
    """Return the language that is asked for; crawlers ask for none, and get the shop's own."""
    asked = request.args.get("language")
    return asked if asked in LANGUAGES else None


def _read() -> str:
    """Return the language of whoever reads a sentence instead of a card."""
    return _language() or language_of(request)


def _sorry(
    status: int, moment: str, said: Mapping[str, str], headers: dict[str, str] | None = None
) -> Response:
    """Return a sentence instead of a card."""
    answer = Response(f"{said[moment]}\n", status, mimetype="text/plain")
    answer.headers["Cache-Control"] = "no-store"
    for name in ("Retry-After", "RateLimit", "RateLimit-Policy"):
        if headers and name in headers:
            answer.headers[name] = headers[name]
    return answer

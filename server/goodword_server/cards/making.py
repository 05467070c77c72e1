"""Making a card: what the code offers, in the shop's words and look, drawn once and kept."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Final

from goodword.model.message import Channel
from goodword.model.offer import Offered
from goodword_server.cards.card import PROMISED, Card, Format, NoGift
from goodword_server.cards.drawing import drawn
from goodword_server.cards.easel import Easel
from goodword_server.cards.fonts import Fonts
from goodword_server.cards.keeping import Kept, usual_folder
from goodword_server.house import House
from goodword_server.looks import Look
from goodword_server.storage import looks

VIA: Final = "card"
"""The channel of visits that come through a card's QR code."""


class Cards:
    """The cards of every shop, as one process draws them."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._easel = Easel()
        folder = house.settings.card_folder
        self._kept = Kept(Path(folder) if folder else usual_folder(), house.settings.secrets[0])

    @cached_property
    def fonts(self) -> Fonts:
        """What they are written in, looked for when the first one is asked for."""
        return Fonts(self._house.settings.card_font)

    def card(self, shop: str, code: str, language: str | None = None) -> Card:
        """Return what stands on the card of a code, in a language or the shop's own.

        Raises `UnknownCode`, and `NoGift` where it would promise what nobody can have.
        """
        offered = self._house.referrals(shop).find_offer(code)
        if offered.state not in PROMISED:
            raise NoGift(text=offered.shown, state=offered.state.value)
        look = self._house.look(shop)
        words = self._words(shop, offered, look, language or look.language)
        return Card(
            title=words["card.title"],
            offer=words["card.offer"],
            terms=words["card.terms"],
            scan=words["card.scan"],
            code=words["card.code"],
            shop=words["card.shop"],
            link=f"{self._house.link(shop, offered.code)}?via={VIA}",
            language=language or look.language,
            colour=look.colour,
            ink=look.ink,
            accent=look.accent,
            logo=look.logo,
        )

    def mark(self, card: Card, format: Format) -> str:
        """Return what tells a card in a format from every other."""
        return card.mark(format, self.fonts.mark)

    def drawn(self, shop: str, card: Card, format: Format) -> bytes:
        """Return a card as a file; raise `Busy` where too many are asked for at once."""
        mark = self.mark(card, format)
        found = self._kept.find(mark)
        if found is not None:
            return found
        with self._easel.turn():
            # Whoever had the turn before may have drawn the very same.
            found = self._kept.find(mark)
            if found is None:
                found = drawn(card, format, self.fonts, self._logo(shop, card))
                self._kept.keep(mark, found)
            return found

    def _logo(self, shop: str, card: Card) -> bytes | None:
        logo = card.logo
        if logo is None:
            return None
        return self._house.database.read(lambda session: looks.logo(session, shop, logo.mark))

    def _words(self, shop: str, offered: Offered, look: Look, language: str) -> Mapping[str, str]:
        """Return the sentences of a card, as they can be drawn."""
        words = self._said(shop, offered, look, language)
        name = offered.advocate
        if name is not None and not self._can_be_called(name):
            called = self._initials(name)
            if called:
                words = {moment: text.replace(name, called) for moment, text in words.items()}
            else:
                nobodys = self._said(shop, offered, look, language, named=False)
                words = {**nobodys, "card.code": words["card.code"]}
        return {moment: self.fonts.drawable(text) for moment, text in words.items()}

    def _said(
        self, shop: str, offered: Offered, look: Look, language: str, *, named: bool = True
    ) -> Mapping[str, str]:
        return self._house.referrals(shop).messages.say(
            offered.program,
            channel=Channel.CARD,
            language=language,
            code=offered.code if named else None,
            shop=look.name,
            zone=look.days_of,
        )

    def _can_be_called(self, name: str) -> bool:
        """Whether every letter of a name can be drawn; what else is in it may be left out."""
        letters = [sign for sign in unicodedata.normalize("NFC", name) if sign.isalpha()]
        return bool(letters) and all(map(self.fonts.can, letters))

    def _initials(self, name: str) -> str:
        """Return the first letters of a name that cannot be drawn wholly; nothing if none can."""
        words = unicodedata.normalize("NFC", name).split()
        letters = (next((sign for sign in word if sign.isalpha()), "") for word in words)
        return " ".join(f"{one}." for one in letters if one and self.fonts.can(one))

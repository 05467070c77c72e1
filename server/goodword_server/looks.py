"""How a shop shows itself: its name, colour and logo, and where its advocates share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from goodword.errors import Invalid
from goodword.rules import texts
from goodword.words import LANGUAGES
from goodword.zones import zone_of

SHARES_MOST: Final = 3
NAME_LONGEST: Final = 60
COLOUR: Final = "#8a3324"
"""The colour of a shop that has not chosen one."""
_COLOUR: Final = re.compile(r"#[0-9a-f]{6}")
_LIFF: Final = re.compile(r"[0-9]{10}-[A-Za-z0-9]{8}")
_WHITE: Final = "#ffffff"
_INK: Final = "#1c1917"
# What WCAG asks of text of any size.
_READABLE: Final = 4.5
_BLACK: Final = "#000000"
_STEP: Final = 0.05
# English is at home in many of them.
_HOMES: Final = {"zh-Hant": "Asia/Taipei"}


class Share(StrEnum):
    """Where an advocate may share besides LINE, which always comes first."""

    FACEBOOK = "facebook"
    X = "x"
    THREADS = "threads"
    LINKEDIN = "linkedin"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class Logo:
    """What a page needs to know of a logo."""

    mark: str
    """Changes with its content; stands in its address."""
    width: int
    height: int
    """In pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a shop shows itself."""

    name: str
    """As people read it."""
    colour: str = COLOUR
    """``#rrggbb``, lower case."""
    shares: tuple[Share, ...] = (Share.FACEBOOK, Share.EMAIL, Share.COPY)
    """What stands beside LINE, three at most; the rest stands behind "more"."""
    liff: str | None = None
    """The shop's LIFF id at LINE, like ``1234567890-AbcdEfgh``."""
    language: str = "en"
    """For readers who ask for none that is spoken here."""
    zone: str | None = None
    """Where its days are counted, like ``Asia/Taipei``; None: where its language is at home."""
    logo: Logo | None = None

    @property
    def ink(self) -> str:
        """The colour of text on the shop's colour: white or nearly black, whichever reads better.

        >>> Look(name="Tea", colour="#ffd700").ink, Look(name="Tea", colour="#003366").ink
        ('#1c1917', '#ffffff')
        """
        inks = (ink for ink in (_WHITE, _INK) if contrast(ink, self.colour) >= _READABLE)
        # Between the two black is: its contrast is never below 4.5 where that of white is.
        return next(inks, _BLACK)

    @property
    def days_of(self) -> str | None:
        """The time zone whose days are told; None: UTC.

        >>> Look(name="茶", language="zh-Hant").days_of, Look(name="Tea", zone="Asia/Tokyo").days_of
        ('Asia/Taipei', 'Asia/Tokyo')
        """
        return self.zone or _HOMES.get(self.language)

    @property
    def accent(self) -> str:
        """The shop's colour, darkened as far as it takes to be read on white."""
        share = 0.0
        while contrast(accent := mixed(self.colour, _INK, share), _WHITE) < _READABLE:
            share += _STEP
        return accent


def checked(look: Look) -> Look:
    """Return a look as it is kept; raise `Invalid` naming the field."""
    return Look(
        name=_name(look.name),
        colour=_colour(look.colour),
        shares=_shares(look.shares),
        liff=_liff(look.liff),
        language=_language(look.language),
        zone=_zone(look.zone),
        logo=look.logo,
    )


def contrast(one: str, other: str) -> float:
    """Return how well two colours are told apart, by WCAG: 1 not at all, 21 at most.

    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def mixed(colour: str, other: str, share: float) -> str:
    """Return a colour with this share of another one in it.

    >>> mixed("#ffffff", "#000000", 0.5)
    '#808080'
    """
    pairs = zip(parts(colour), parts(other), strict=True)
    share = min(1.0, share)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def parts(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0 to 255 each.

    >>> parts("#ff8000")
    (255, 128, 0)
    """
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _name(told: str) -> str:
    name = " ".join(told.split())
    if not name or len(name) > NAME_LONGEST:
        raise Invalid(field="name", mend=f"give 1 to {NAME_LONGEST} characters")
    if not name.isprintable() or not texts.can_be_kept(name):
        raise Invalid(field="name", mend=texts.MEND)
    return name


def _colour(told: str) -> str:
    colour = told.strip().lower()
    if not _COLOUR.fullmatch(colour):
        raise Invalid(field="colour", mend="give red, green and blue, like #8a3324")
    return colour


def _shares(told: Sequence[str]) -> tuple[Share, ...]:
    shares = tuple(dict.fromkeys(map(_share, told)))
    if len(shares) > SHARES_MOST:
        raise Invalid(field="shares", mend=f"choose {SHARES_MOST} at most; LINE comes by itself")
    return shares


def _share(told: str) -> Share:
    try:
        return Share(told)
    except ValueError:
        known = ", ".join(Share)
        raise Invalid(field="shares", mend=f"{told!r} is not known; choose of {known}") from None


def _liff(told: str | None) -> str | None:
    liff = (told or "").strip()
    if liff and not _LIFF.fullmatch(liff):
        raise Invalid(field="liff", mend="copy it from LINE, like 1234567890-AbcdEfgh")
    return liff or None


def _language(told: str) -> str:
    if told not in LANGUAGES:
        raise Invalid(field="language", mend=f"use {' or '.join(LANGUAGES)}")
    return told


def _zone(told: str | None) -> str | None:
    zone = (told or "").strip() or None
    zone_of(zone)
    return zone

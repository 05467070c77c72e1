"""What people read: texts keyed by moment, channel and language, as they stand in a program."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

EVERY_PROGRAM: Final = "*"
"""Stands for a program's name where a text speaks of none, like a sign-in form."""


class Channel(StrEnum):
    """Where a text is read."""

    ALL = "all"
    """Everywhere: the basic sentences from which the others are made."""
    PAGE = "page"
    """The friend's and the advocate's page, and what a link shows before it is opened."""
    MAIL = "mail"
    LINE = "line"
    CARD = "card"
    WIDGET = "widget"
    """At the shop itself."""
    SHARE = "share"
    """What an advocate passes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One text that people read."""

    moment: str
    """When it is read, like ``friend.title``."""
    channel: Channel
    language: str
    text: str
    """As it reads now: filled in from the live program, and with examples where nobody is meant."""
    source: str
    """As it stands, with its placeholders."""
    ours: str
    """What it is without the shop's own words, with its placeholders."""
    since: int | None = None
    """The version of the program since which the shop's own words stand; None: ours stand.

    0 where they speak of no program.
    """
    names: tuple[str, ...] = ()
    """The placeholders that it may use."""
    needs: tuple[str, ...] = ()
    """The placeholders that it cannot do without."""


class Doubt(StrEnum):
    """What is wrong with a text."""

    AMOUNT = "amount"
    """An amount that the live program does not promise."""
    PERCENT = "percent"
    """A percentage that the live program does not promise."""
    DURATION = "duration"
    """A number of days that the live program does not promise."""
    DATE = "date"
    """A date that is not the one on which what is promised ends."""
    CURRENCY = "currency"
    """A currency that is not the program's."""
    CASH = "cash"
    """Cash promised to an employee, who is owed thanks."""
    FREE = "free"
    """Free shipping, or a free product, that the live program does not promise."""
    ONE_LANGUAGE = "one_language"
    """Edited in some languages only: the others still say ours."""
    UNKNOWN_NAME = "unknown_name"
    """A placeholder that nothing stands behind."""
    MISSING_NAME = "missing_name"
    """Without a placeholder that the moment needs."""
    ASKS_FOR_HELP = "asks_for_help"
    """It asks a friend to help somebody earn, instead of giving them something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A text that promises what the program does not give, or is not fit to be read."""

    moment: str
    channel: Channel
    language: str
    doubt: Doubt
    found: str
    """The words in doubt, as they stand in the text; a placeholder's name; or a language."""
    own: bool
    """Whether it is the shop's own text; else it is ours."""
    words: str
    """What to do about it, in the language that was asked for."""

"""All texts of a channel, filled in: ours, but for those that a shop wrote itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Final

from goodword.errors import Invalid, TextInvalid, UnknownMoment
from goodword.model.message import EVERY_PROGRAM, Channel
from goodword.rules.texts import MEND, can_be_kept
from goodword.words.messages import texts
from goodword.words.messages.catalogues import FIRST, Key, catalogue, moments, ours
from goodword.words.messages.names import ESSENTIAL, EVERYWHERE, EXAMPLE_CODE, LATER, LIVE

# In characters, as a text stands: what is on a card is read at a glance, and LINE takes 400.
_LONGEST: Final = {
    Channel.ALL: 600,
    Channel.PAGE: 1000,
    Channel.MAIL: 4000,
    Channel.LINE: 400,
    Channel.CARD: 200,
    Channel.WIDGET: 300,
    Channel.SHARE: 1000,
}
_SUBJECT_LONGEST: Final = 200


def channel_of(told: str) -> Channel:
    """Return the channel of this name; raise `Invalid`."""
    try:
        return Channel(told)
    except ValueError:
        raise Invalid(field="channel", mend=f"use one of {', '.join(Channel)}") from None


@cache
def names(key: Key) -> frozenset[str]:
    """Return the placeholders that a text may use; raise `UnknownMoment`."""
    moment, channel = key
    if key not in ours(FIRST):
        raise UnknownMoment(moment=moment, channel=channel)
    later = texts.names_in(ours(FIRST)[key]) & LATER.keys()
    if key in moments(EVERY_PROGRAM):
        return EVERYWHERE | later
    return LIVE | later if channel is Channel.ALL else LIVE.union(later, _basic())


@cache
def needs(key: Key) -> frozenset[str]:
    """Return the placeholders that a text cannot do without."""
    return texts.names_in(ours(FIRST)[key], always=True) & ESSENTIAL


def longest(key: Key) -> int:
    """Return how many characters a text may have."""
    moment, channel = key
    return _SUBJECT_LONGEST if moment.endswith(".subject") else _LONGEST[channel]


def check(key: Key, text: str) -> None:
    """Raise `UnknownMoment`, or `TextInvalid` naming the spot and the mend."""
    known = names(key)
    if not text.strip() or len(text) > longest(key):
        mend = f"say it in 1 to {longest(key)} characters; none at all (null) is ours"
        raise TextInvalid(field="text", mend=mend, why="length", line=0, found="")
    if not can_be_kept(text):
        raise TextInvalid(field="text", mend=MEND, why="unkeepable", line=0, found="")
    texts.check(text, known, needs(key))


class Said(Mapping[str, str]):
    """Texts by their moment, each filled when it is read: a page reads few of its channel's."""

    def __init__(self, sources: Mapping[str, str], fill: Callable[[str], str]) -> None:
        self._sources = sources
        self._fill = fill

    def __getitem__(self, moment: str) -> str:
        return self._fill(self._sources[moment])

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)

    def __repr__(self) -> str:
        return repr(dict(self))


def speak(
    channel: Channel, language: str, own: Mapping[Key, str], values: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the texts of a program on a channel by moment, and the basic sentences."""
    known = {**values, **dict(basics(language, own, values))}
    said = catalogue(language).messages.get(channel, {})
    found = _sources(said if channel is not Channel.ALL else {}, channel, language, own)
    # A basic sentence is filled already, and stands in its own place.
    return Said(
        {**{moment: f"{{{{ {moment} }}}}" for moment in _basic()}, **found}, texts.filler(known)
    )


def speak_everywhere(
    channel: Channel, language: str, own: Mapping[Key, str], values: Mapping[str, str]
) -> Mapping[str, str]:
    """Return the texts of a channel that speak of no program, by moment."""
    said = catalogue(language).everywhere.get(channel, {})
    return Said(_sources(said, channel, language, own), texts.filler(values))


def speak_nowhere(language: str, shop: str = "") -> Mapping[str, str]:
    """Return our texts for pages where no shop is known, or its own words cannot be read."""
    found = catalogue(language)
    said = {**found.everywhere[Channel.PAGE], **found.everywhere[Channel.CARD], **found.nowhere}
    return Said(said, texts.filler({**left_standing(), "shop": shop, "advocate": ""}))


def _sources(
    said: Mapping[str, str], channel: Channel, language: str, own: Mapping[Key, str]
) -> Mapping[str, str]:
    if not own:
        return said
    return {moment: source((moment, channel), language, own) for moment in said}


def basics(
    language: str, own: Mapping[Key, str], values: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the basic sentences, by the names that they have in other texts."""
    fill = texts.filler(values)
    for moment in _basic():
        yield moment, fill(source((moment, Channel.ALL), language, own))


def source(key: Key, language: str, own: Mapping[Key, str]) -> str:
    """Return a text as it stands: the shop's own, if it can still be filled."""
    text = own.get(key)
    return text if text is not None and texts.fits(text, names(key)) else ours(language)[key]


def left_standing() -> Mapping[str, str]:
    """Return what only whoever shows a text can fill in, as it stands until then."""
    return {name: f"{{{name}}}" for name in LATER}


def examples(language: str) -> Mapping[str, str]:
    """Return what a preview shows where nobody and nothing in particular is meant."""
    advocate = catalogue(language).values["example.advocate"]
    return {**LATER, "advocate": advocate, "code": EXAMPLE_CODE}


@cache
def _basic() -> tuple[str, ...]:
    return tuple(catalogue(FIRST).messages[Channel.ALL])

"""Where everything stands: within the card, apart from each other, and with nothing left out."""

from __future__ import annotations

from itertools import combinations

import pytest
import segno
from hypothesis import given, settings
from hypothesis.strategies import fixed_dictionaries, sampled_from, text

from goodword_server.cards.card import Card, Format
from goodword_server.cards.layout import (
    A6_HEIGHT,
    A6_WIDTH,
    BLEED,
    Bow,
    Drawn,
    Emblem,
    Panel,
    Place,
    Squares,
    Words,
    laid_out,
)
from goodword_server.looks import contrast
from tests.server.cards.cards import GREEN, LONG, WIDE_LOGO, a_card, a_chinese_card

SIZES = {
    Format.WIDE: (1200, 630),
    Format.SQUARE: (1080, 1080),
    Format.A6: (A6_WIDTH + 2 * BLEED, A6_HEIGHT + 2 * BLEED),
}
# Within these nothing that must be read is cut off.
SAFE = {Format.WIDE: 40, Format.SQUARE: 40, Format.A6: BLEED + 59}
CARDS = {
    "english": a_card(),
    "chinese": a_chinese_card(),
    "logo": a_chinese_card(logo=WIDE_LOGO),
    "long": a_card(logo=WIDE_LOGO, **LONG),
    "long chinese": a_chinese_card(
        title="歐陽娜娜" * 50, offer="好茶" * 80, terms="限新朋友，" * 60
    ),
    "empty": a_card(title="", offer="", terms="", scan="", shop=""),
}


def measure(text: str, size: int, *, bold: bool = False) -> float:
    """About as wide as Noto Sans TC."""
    wide = sum(1.0 if ord(sign) > 0x2E80 else 0.95 if sign in "WM" else 0.56 for sign in text)
    return wide * size * (1.05 if bold else 1)


def plan(card: Card, format: Format) -> Drawn:
    return laid_out(card, format, measure)


def room_of(words: Words) -> Place:
    """The place that a line takes."""
    width = measure(words.text, words.size, bold=words.bold)
    left = words.x - width / 2 if words.centred else words.x
    top = words.y - 0.88 * words.size
    return Place(round(left), round(top), round(width), round(words.size))


def overlap(one: Place, other: Place) -> bool:
    beside = one.right <= other.left or other.right <= one.left
    return not (beside or one.bottom <= other.top or other.bottom <= one.top)


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("name", CARDS)
def test_every_line_is_within_the_card_and_touches_no_other(name: str, format: Format) -> None:
    found, safe = plan(CARDS[name], format), SAFE[format]
    assert (found.width, found.height) == SIZES[format]
    rooms = [room_of(part) for part in found.parts if isinstance(part, Words)]
    rooms += [part.at for part in found.parts if isinstance(part, Squares | Emblem)]
    for room in rooms:
        assert room.left >= safe
        assert room.top >= safe
        assert room.right <= found.width - safe
        assert room.bottom <= found.height - safe
    assert [pair for pair in combinations(rooms, 2) if overlap(*pair)] == []


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("name", CARDS)
def test_round_the_code_there_is_the_white_that_phones_want(name: str, format: Format) -> None:
    card = CARDS[name]
    found = plan(card, format)
    (squares,) = [part.at for part in found.parts if isinstance(part, Squares)]
    count = int(segno.make(card.link, error="m", micro=False).symbol_size(border=0)[0])
    scale = squares.width // count
    # An eighth of a millimetre in print, and what a screen shows of a picture made small.
    assert scale >= 4
    white = (squares.width - scale * count) // 2
    needed = 4 * scale - white
    quiet = Place(
        squares.left - needed,
        squares.top - needed,
        squares.width + 2 * needed,
        squares.height + 2 * needed,
    )
    (panel,) = [p.at for p in found.parts if isinstance(p, Panel) and p.shadow]
    assert quiet.left >= panel.left
    assert quiet.top >= panel.top
    assert quiet.bottom <= panel.bottom
    assert quiet.right <= panel.right
    (bow,) = [part for part in found.parts if isinstance(part, Bow)]
    tied = Place(bow.x - bow.size, bow.y - bow.size, 2 * bow.size, round(1.62 * bow.size))
    assert not overlap(quiet, tied)
    assert not [p for p in found.parts if isinstance(p, Words) and overlap(quiet, room_of(p))]


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("card", [a_card(), a_chinese_card(logo=WIDE_LOGO)])
def test_everything_that_is_to_be_said_stands_there(card: Card, format: Format) -> None:
    lines = [part.text for part in plan(card, format).parts if isinstance(part, Words)]
    said = "".join("".join(lines).split())
    for text_of in (card.title, card.offer, card.terms, card.scan, card.code, card.shop):
        assert "".join(text_of.split()) in said
    assert len(said) == sum(
        len("".join(one.split()))
        for one in (card.title, card.offer, card.terms, card.scan, card.code, card.shop)
    )


@pytest.mark.parametrize("format", Format)
def test_a_code_is_never_cut(format: Format) -> None:
    lines = [part.text for part in plan(CARDS["long"], format).parts if isinstance(part, Words)]
    assert "W" * 32 in "".join(lines)
    # Everything else of such a length ends in an ellipsis.
    assert len([line for line in lines if line.endswith("…")]) >= 3


@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#ffd54f", GREEN, "#808080", "#ff00ff"])
def test_words_can_be_read_on_any_colour(format: Format, colour: str) -> None:
    card = a_card(colour=colour)
    found = plan(card, format)
    grounds = (found.top, found.bottom)
    panel = next(p.at for p in found.parts if isinstance(p, Panel) and p.shadow)
    for words in (part for part in found.parts if isinstance(part, Words)):
        on = ("#ffffff",) if overlap(room_of(words), panel) else grounds
        assert min(contrast(words.colour, ground) for ground in on) >= 4.2


@pytest.mark.parametrize("format", Format)
def test_without_a_logo_there_is_no_place_for_one(format: Format) -> None:
    assert not [part for part in plan(a_card(), format).parts if isinstance(part, Emblem)]
    (emblem,) = [p for p in plan(CARDS["logo"], format).parts if isinstance(p, Emblem)]
    assert emblem.at.width > emblem.at.height


@settings(max_examples=25)
@given(
    fixed_dictionaries(
        {name: text(max_size=120) for name in ("title", "offer", "terms", "scan", "shop")}
    ),
    sampled_from(list(Format)),
)
def test_whatever_is_said_it_fits(said: dict[str, str], format: Format) -> None:
    found = plan(a_card(**said), format)
    for words in (part for part in found.parts if isinstance(part, Words)):
        room = room_of(words)
        assert room.left >= 0
        assert room.right <= found.width
        assert room.top >= 0
        assert room.bottom <= found.height

"""Where everything stands on a card: pure, so that it can be looked at without drawing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from goodword_server.cards.breaking import Fitted, fitted
from goodword_server.cards.card import Card, Format
from goodword_server.looks import mixed

# The part of a line above the foot of its letters.
_ASCENT: Final = 0.88


class Measure(Protocol):
    """How wide a text is, in pixels."""

    def __call__(self, text: str, size: int, *, bold: bool = False) -> float: ...


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle, in pixels."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True, slots=True)
class Panel:
    """A plain surface."""

    at: Place
    colour: str
    radius: int = 0
    shadow: int = 0
    """How far its shadow reaches; 0 for none."""


@dataclass(frozen=True, slots=True)
class Disc:
    """A round surface."""

    x: int
    y: int
    radius: int
    colour: str


@dataclass(frozen=True, slots=True)
class Bow:
    """What a gift is tied with, around its knot."""

    x: int
    y: int
    size: int
    """How far a loop reaches."""
    colour: str
    shade: str


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text."""

    text: str
    x: int
    y: int
    """The foot of its letters."""
    size: int
    colour: str
    bold: bool = False
    centred: bool = False
    """Around ``x``, else from it on."""


@dataclass(frozen=True, slots=True)
class Emblem:
    """The shop's logo, as large as it fits in."""

    at: Place


@dataclass(frozen=True, slots=True)
class Squares:
    """The QR code, with its quiet zone."""

    at: Place


Part = Panel | Disc | Bow | Words | Emblem | Squares


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture: its size, its ground, and everything on it from the back to the front."""

    width: int
    height: int
    top: str
    bottom: str
    """The ground runs from one colour to the other."""
    parts: tuple[Part, ...]


def laid_out(card: Card, format: Format, measure: Measure) -> Drawn:
    """Return where everything of a card stands in a format."""
    return _LAYOUTS[format](card, measure)


def _wide(card: Card, measure: Measure) -> Drawn:
    column = Place(72, 64, 640, 506)
    panel = Place(776, 104, 352, 470)
    parts = [
        *_ground(card, [(1090, -40, 330), (620, 700, 260)]),
        *_tied(card, panel, Place(panel.left + 159, 0, 34, 630), panel.left + 176, 84),
        Squares(Place(panel.left + 44, panel.top + 72, 264, 264)),
    ]
    foot = Place(panel.left + 24, panel.top + 350, panel.width - 48, panel.height - 364)
    parts += _middle(
        foot,
        measure,
        _Block(card.scan, (25, 22, 19), 2, _MUTED, centred=True, gap=4),
        _code(card, 30, 2, centred=True),
    )
    parts += _header(card, Place(column.left, column.top, column.width, 88), measure)
    terms = _Block(card.terms, (23, 21, 19), 3, card.ink)
    foot = _bottom(column, terms, measure)
    parts += _stacked(foot, measure, terms)
    middle = Place(column.left, 176, column.width, foot.top - 24 - 176)
    parts += _gift(card, middle, measure, title=(46, 42, 38, 34, 30, 26), offer=_OFFER_WIDE)
    return _drawn(card, 1200, 630, parts)


def _square(card: Card, measure: Measure) -> Drawn:
    panel = Place(64, 656, 952, 360)
    left = panel.left + 48 + 264 + 48
    side = Place(left, panel.top + 48, panel.right - 48 - left, panel.height - 88)
    parts = [
        *_ground(card, [(1010, 40, 360), (40, 620, 220)]),
        *_tied(card, panel, Place(0, panel.top - 34, 1080, 38), panel.right - 150, 88),
        Squares(Place(panel.left + 48, panel.top + 48, 264, 264)),
    ]
    parts += _middle(
        side,
        measure,
        _Block(card.scan, (34, 30, 26), 2, _MUTED, gap=6),
        _code(card, 46, 2, gap=18),
        _Block(card.terms, (23, 21, 19), 4, _MUTED),
    )
    parts += _header(card, Place(80, 76, 920, 104), measure)
    middle = Place(80, 196, 920, 390)
    parts += _gift(card, middle, measure, title=(60, 54, 48, 42, 36, 30), offer=_OFFER_SQUARE)
    return _drawn(card, 1080, 1080, parts)


def _a6(card: Card, measure: Measure) -> Drawn:
    width = A6_WIDTH + 2 * BLEED
    column = Place(BLEED + 94, BLEED + 94, A6_WIDTH - 188, A6_HEIGHT - 188)
    panel = Place(column.left + 96, 808, column.width - 192, 774)
    parts = [
        *_ground(card, [(1230, 90, 480), (60, 1000, 330)]),
        *_tied(card, panel, Place(0, panel.top - 50, width, 56), width // 2, 132),
        Squares(Place((width - 440) // 2, panel.top + 114, 440, 440)),
    ]
    foot = Place(panel.left + 40, panel.top + 612, panel.width - 80, 124)
    parts += _middle(
        foot,
        measure,
        _Block(card.scan, (38, 34, 30), 1, _MUTED, centred=True, gap=6),
        _code(card, 54, 1, centred=True),
    )
    parts += _header(card, Place(column.left, column.top, column.width, 140), measure, centred=True)
    terms = _Block(card.terms, (30, 27), 3, card.ink, centred=True)
    parts += _stacked(_bottom(column, terms, measure), measure, terms)
    top = column.top + 160
    middle = Place(column.left, top, column.width, panel.top - 130 - top)
    parts += _gift(
        card, middle, measure, title=(68, 60, 52, 46, 40, 34), offer=_OFFER_A6, centred=True
    )
    return _drawn(card, width, A6_HEIGHT + 2 * BLEED, parts)


# At 300 dots to the inch: 105 by 148 mm, and 3 mm more on each side that are cut off.
A6_WIDTH: Final = 1240
A6_HEIGHT: Final = 1748
BLEED: Final = 35
_MUTED: Final = "#57534e"
_OFFER_WIDE: Final = (92, 84, 76, 66, 58, 50, 44, 38, 32)
_OFFER_SQUARE: Final = (136, 120, 104, 90, 78, 68, 58, 48, 40)
_OFFER_A6: Final = (150, 132, 116, 102, 90, 78, 68, 58, 48)
_LINES_MOST: Final = 3
_LAYOUTS: Final = {Format.WIDE: _wide, Format.SQUARE: _square, Format.A6: _a6}


@dataclass(frozen=True, slots=True)
class _Block:
    """A paragraph of text, and in which sizes it may be written."""

    text: str
    sizes: Sequence[int]
    lines_most: int
    colour: str
    bold: bool = False
    centred: bool = False
    leading: float = 1.3
    gap: int = 0
    """Below it."""


def _drawn(card: Card, width: int, height: int, parts: Sequence[Part]) -> Drawn:
    away = _away(card)
    return Drawn(width, height, card.colour, mixed(card.colour, away, 0.16), tuple(parts))


def _away(card: Card) -> str:
    """Return what the ground may turn to without coming nearer to its text."""
    return "#000000" if card.ink == "#ffffff" else "#ffffff"


def _ground(card: Card, discs: Sequence[tuple[int, int, int]]) -> list[Part]:
    shade = mixed(card.colour, _away(card), 0.1)
    return [Disc(x, y, radius, shade) for x, y, radius in discs]


def _tied(card: Card, panel: Place, ribbon: Place, x: int, bow: int) -> list[Part]:
    """Return a white panel on a ribbon, and the bow a little above its upper edge."""
    near = card.ink if card.ink == "#ffffff" else "#000000"
    colour, shade = mixed(card.colour, near, 0.3), mixed(card.colour, near, 0.14)
    return [
        Panel(ribbon, shade),
        Panel(panel, "#ffffff", radius=round(bow * 0.42), shadow=round(bow * 0.32)),
        Bow(x, panel.top - round(bow * 0.22), bow, colour, shade),
    ]


def _code(card: Card, largest: int, lines: int, *, centred: bool = False, gap: int = 0) -> _Block:
    """Return the code, in whatever size it takes to be there wholly."""
    sizes = range(largest, 7, -2)
    return _Block(card.code, sizes, lines, card.accent, bold=True, centred=centred, gap=gap)


def _bottom(column: Place, block: _Block, measure: Measure) -> Place:
    """Return the place of a block at the lower end of a column."""
    high = _height(block, column.width, measure)
    return Place(column.left, column.bottom - high, column.width, high)


def _middle(at: Place, measure: Measure, *blocks: _Block) -> list[Part]:
    """Return blocks below each other, in the middle of a place."""
    high = sum(_height(block, at.width, measure) for block in blocks) - blocks[-1].gap
    return _stacked(
        Place(at.left, at.top + max(0, at.height - high) // 2, at.width, high), measure, *blocks
    )


def _header(card: Card, at: Place, measure: Measure, *, centred: bool = False) -> list[Part]:
    """Return logo and name of the shop, beside each other."""
    chip = _chip(card, at)
    room = at.width - (chip.width + 24 if chip else 0)
    sizes = [round(at.height * part) for part in (0.42, 0.36, 0.32, 0.28)]
    name = _Block(card.shop, sizes, 2, card.ink, bold=True, leading=1.2)
    fit = _fit(name, room, measure)
    wide = max((measure(line, fit.size, bold=True) for line in fit.lines), default=0)
    used = round(wide) + (chip.width + 24 if chip else 0)
    shift = (at.width - used) // 2 if centred else 0
    parts: list[Part] = []
    left = at.left + shift
    if chip is not None:
        chip = Place(chip.left + shift, chip.top, chip.width, chip.height)
        inner = round(chip.height * 0.14)
        parts = [
            Panel(chip, "#ffffff", radius=round(chip.height * 0.24)),
            Emblem(
                Place(
                    chip.left + inner,
                    chip.top + inner,
                    chip.width - 2 * inner,
                    chip.height - 2 * inner,
                )
            ),
        ]
        left += chip.width + 24
    high = round(len(fit.lines) * fit.size * name.leading)
    spot = Place(left, at.top + (at.height - high) // 2, room, high)
    return [*parts, *_lines(name, fit, spot)]


def _chip(card: Card, at: Place) -> Place | None:
    """Return the white ground of the logo, as wide as that needs."""
    if card.logo is None:
        return None
    inner = at.height * 0.72
    shown = min(max(inner * card.logo.width / card.logo.height, inner), at.height * 2.6)
    return Place(at.left, at.top, round(shown + at.height * 0.28), at.height)


def _gift(
    card: Card,
    at: Place,
    measure: Measure,
    *,
    title: Sequence[int],
    offer: Sequence[int],
    centred: bool = False,
) -> list[Part]:
    """Return whose gift it is and what it is, in the middle of a place."""
    head = _Block(card.title, title, 2, card.ink, centred=centred, leading=1.25, gap=10)
    used = _height(head, at.width, measure)
    # As large as the words leave room for.
    sizes = [size for size in offer if size * 1.16 <= at.height - used] or offer[-1:]
    gift = _Block(
        card.offer, sizes, _LINES_MOST, card.ink, bold=True, centred=centred, leading=1.16
    )
    gift = _lowered(gift, at.width, at.height - used, measure)
    high = used + _height(gift, at.width, measure)
    spot = Place(at.left, at.top + max(0, at.height - high) // 2, at.width, high)
    return _stacked(spot, measure, head, gift)


def _lowered(block: _Block, width: int, height: int, measure: Measure) -> _Block:
    """Return a block that starts from the first size in which it is not too high."""
    sizes = list(block.sizes)
    while len(sizes) > 1 and _height(_sized(block, sizes), width, measure) > height:
        sizes.pop(0)
    return _sized(block, sizes)


def _sized(block: _Block, sizes: Sequence[int]) -> _Block:
    return _Block(
        block.text,
        sizes,
        block.lines_most,
        block.colour,
        bold=block.bold,
        centred=block.centred,
        leading=block.leading,
        gap=block.gap,
    )


def _stacked(at: Place, measure: Measure, *blocks: _Block) -> list[Part]:
    """Return blocks below each other, from the top of a place on."""
    parts: list[Part] = []
    top = at.top
    for block in blocks:
        high = _height(block, at.width, measure)
        fit = _fit(block, at.width, measure)
        parts += _lines(block, fit, Place(at.left, top, at.width, high))
        top += high
    return parts


def _height(block: _Block, width: int, measure: Measure) -> int:
    fit = _fit(block, width, measure)
    return round(len(fit.lines) * fit.size * block.leading) + (block.gap if fit.lines else 0)


def _fit(block: _Block, width: int, measure: Measure) -> Fitted:
    return fitted(
        block.text,
        width,
        block.sizes,
        block.lines_most,
        lambda text, size: measure(text, size, bold=block.bold),
    )


def _lines(block: _Block, fit: Fitted, at: Place) -> Iterator[Words]:
    step = fit.size * block.leading
    foot = at.top + (step - fit.size) / 2 + fit.size * _ASCENT
    x = at.left + at.width // 2 if block.centred else at.left
    for number, line in enumerate(fit.lines):
        y = round(foot + number * step)
        yield Words(line, x, y, fit.size, block.colour, bold=block.bold, centred=block.centred)

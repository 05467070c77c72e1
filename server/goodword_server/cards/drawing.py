"""Drawing a card as it was laid out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from io import BytesIO
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from goodword_server.cards.card import Card, Format
from goodword_server.cards.fonts import Fonts
from goodword_server.cards.layout import (
    A6_HEIGHT,
    A6_WIDTH,
    BLEED,
    Bow,
    Disc,
    Drawn,
    Emblem,
    Panel,
    Place,
    Squares,
    Words,
    laid_out,
)
from goodword_server.cards.sheet import sheet

_INK: Final = "#1c1917"
# Round edges are drawn this much larger, and made smaller together.
_FINER: Final = 3
_SHADOW: Final = 0.22
# How many corners make a loop round, and by which angle it is lifted.
_STEPS: Final = 64
_LIFT: Final = math.radians(16)


def drawn(card: Card, format: Format, fonts: Fonts, logo: bytes | None = None) -> bytes:
    """Return a card as a PNG, or as the PDF of a page to be printed; ``logo``: the shop's PNG."""
    image = picture(card, format, fonts, logo)
    if format is Format.A6:
        return sheet(image, width=A6_WIDTH, height=A6_HEIGHT, bleed=BLEED, title=card.title)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def picture(card: Card, format: Format, fonts: Fonts, logo: bytes | None = None) -> Image.Image:
    """Return the picture of a card."""
    plan = laid_out(card, format, fonts.measure)
    image = _ground(plan)
    for part in plan.parts:
        if isinstance(part, Words):
            _write(image, part, fonts)
        elif isinstance(part, Squares):
            _code(image, part.at, card.link)
        elif isinstance(part, Emblem) and logo is not None:
            _emblem(image, part.at, logo)
    return image


def _ground(plan: Drawn) -> Image.Image:
    """Return the ground with all surfaces on it."""
    size = (plan.width, plan.height)
    share = Image.linear_gradient("L").resize(size)
    bottom, top = (Image.new("RGB", size, colour) for colour in (plan.bottom, plan.top))
    image = Image.composite(bottom, top, share)
    for part in plan.parts:
        if isinstance(part, Disc):
            box = (part.x - part.radius, part.y - part.radius)
            _lay(image, Place(*box, 2 * part.radius, 2 * part.radius), part.radius, part.colour)
        elif isinstance(part, Panel):
            if part.shadow:
                _shade(image, part)
            _lay(image, part.at, part.radius, part.colour)
        elif isinstance(part, Bow):
            _tie(image, part)
    return image


def _lay(image: Image.Image, at: Place, radius: int, colour: str) -> None:
    """Lay a surface with round corners onto a picture."""
    image.paste(colour, (at.left, at.top), _rounded(at.width, at.height, radius))


def _rounded(width: int, height: int, radius: int) -> Image.Image:
    large = Image.new("L", (width * _FINER, height * _FINER))
    box = (0, 0, large.width - 1, large.height - 1)
    ImageDraw.Draw(large).rounded_rectangle(box, radius * _FINER, fill=255)
    return large.reduce(_FINER)


def _shade(image: Image.Image, panel: Panel) -> None:
    at, reach = panel.at, panel.shadow
    shape = _rounded(at.width, at.height, panel.radius)
    mask = Image.new("L", (at.width + 4 * reach, at.height + 4 * reach))
    mask.paste(round(255 * _SHADOW), (2 * reach, 2 * reach), shape)
    mask = mask.filter(ImageFilter.GaussianBlur(reach / 2))
    image.paste("#000000", (at.left - 2 * reach, at.top - 2 * reach + reach // 3), mask)


def _tie(image: Image.Image, bow: Bow) -> None:
    """Draw two loops, two ends, and the knot."""
    for points, colour in (
        *((_end(side), bow.shade) for side in (-1, 1)),
        *((_loop(side, 1.0), bow.colour) for side in (-1, 1)),
        *((_loop(side, 0.55), bow.shade) for side in (-1, 1)),
    ):
        _fill(image, bow, points, colour)
    wide, high = round(bow.size * 0.34), round(bow.size * 0.4)
    knot = Place(bow.x - wide // 2, bow.y - high // 2, wide, high)
    _lay(image, knot, round(wide * 0.36), bow.colour)


def _loop(side: int, part: float) -> list[tuple[float, float]]:
    """Return the outline of a loop, in sizes of the bow, lifted a little to its side."""
    turns = (2 * math.pi * step / _STEPS for step in range(_STEPS))
    drop = [
        (part * (1 - math.cos(t)) / 2, part * 0.62 * math.sin(t) * math.sin(t / 2)) for t in turns
    ]
    sine, cosine = math.sin(_LIFT), math.cos(_LIFT)
    return [(side * (x * cosine + y * sine), y * cosine - x * sine) for x, y in drop]


def _end(side: int) -> list[tuple[float, float]]:
    """Return the outline of an end of the ribbon, cut to a swallow's tail."""
    return [
        *((side * 0.0, 0.0), (side * 0.22, 0.0), (side * 0.74, 0.5)),
        *((side * 0.52, 0.48), (side * 0.42, 0.6)),
    ]


def _fill(image: Image.Image, bow: Bow, points: Sequence[tuple[float, float]], colour: str) -> None:
    reach = math.ceil(bow.size * 1.1)
    mask = Image.new("L", (2 * reach * _FINER, 2 * reach * _FINER))
    spots = [((x * bow.size + reach) * _FINER, (y * bow.size + reach) * _FINER) for x, y in points]
    ImageDraw.Draw(mask).polygon(spots, fill=255)
    image.paste(colour, (bow.x - reach, bow.y - reach), mask.reduce(_FINER))


def _write(image: Image.Image, words: Words, fonts: Fonts) -> None:
    pen = ImageDraw.Draw(image)
    x = float(words.x)
    if words.centred:
        x -= fonts.measure(words.text, words.size, bold=words.bold) / 2
    for run in fonts.runs(words.text):
        font, direction = fonts.font(run, words.size, bold=words.bold), fonts.direction(run)
        pen.text((x, words.y), run.text, words.colour, font, anchor="ls", direction=direction)
        x += fonts.length(run, words.size, bold=words.bold)


def _code(image: Image.Image, at: Place, link: str) -> None:
    """Draw a QR code in the middle of a place, each of its squares of whole pixels."""
    rows = [bytes(row) for row in segno.make(link, error="m", micro=False, boost_error=True).matrix]
    count = len(rows)
    bits = Image.frombytes("L", (count, count), b"".join(rows)).point(lambda dark: 255 * dark)
    scale = max(1, min(at.width, at.height) // count)
    side = scale * count
    mask = bits.resize((side, side), Image.Resampling.NEAREST)
    image.paste(_INK, (at.left + (at.width - side) // 2, at.top + (at.height - side) // 2), mask)


def _emblem(image: Image.Image, at: Place, png: bytes) -> None:
    with Image.open(BytesIO(png), formats=["PNG"]) as logo:
        fit = ImageOps.contain(logo.convert("RGBA"), (at.width, at.height))
    place = (at.left + (at.width - fit.width) // 2, at.top + (at.height - fit.height) // 2)
    image.paste(fit, place, fit)

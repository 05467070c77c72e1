"""Cards as they are drawn: phones read them, no letter is a box, and paper is cut right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import ImageDraw, ImageFont

from goodword_server.cards.card import Card, Format
from goodword_server.cards.cmap import coverage
from goodword_server.cards.drawing import drawn, picture
from goodword_server.cards.fonts import Fonts
from goodword_server.looks import Logo, parts
from tests.server.cards.cards import (
    LINK,
    LONG,
    Page,
    a_card,
    a_chinese_card,
    opened,
    read_code,
)
from tests.server.logos import a_logo

pytestmark = pytest.mark.slow

FONTS = Fonts()
COLOURS = ("#0b6e4f", "#000000", "#ffffff", "#ffd54f")
PNGS = (Format.WIDE, Format.SQUARE)
SIZES = {Format.WIDE: (1200, 630), Format.SQUARE: (1080, 1080)}
STRANGE = {
    "emoji": "A gift from Mei 🍵👩🏽‍🍳🇹🇼❤️",
    "unknown": "A gift from \U00030000\ue000\uffff",
    "right to left": "A gift from محمد علي and נועם",
    "marks": "Z̷a̷l̷g̷o̷ \u202eMei",
    "rare": "𠮷野家 龘 𪚥 送您",
    "scripts": "Ελένη Анна สมชาย राम 지민 さくら",
}


@pytest.mark.slow
@pytest.mark.parametrize("format", PNGS)
@pytest.mark.parametrize("colour", COLOURS)
def test_a_phone_reads_the_code(format: Format, colour: str) -> None:
    image = opened(drawn(a_card(colour=colour), format, FONTS))
    assert image.size == SIZES[format]
    assert read_code(image) == LINK
    # Also when it is shown small.
    assert read_code(image.resize((image.width // 2, image.height // 2))) == LINK


@pytest.mark.slow
@pytest.mark.parametrize("format", Format)
def test_a_phone_reads_the_longest_link(format: Format) -> None:
    card = a_card(**LONG)
    assert read_code(picture(card, format, FONTS)) == card.link


@pytest.mark.slow
@pytest.mark.parametrize("format", Format)
@pytest.mark.parametrize("strange", STRANGE)
def test_no_letter_is_a_box(format: Format, strange: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written = list(watched(monkeypatch, a_card(title=STRANGE[strange]), format))
    assert len(written) > 4
    for text, font in written:
        assert isinstance(font.path, str)
        covers = coverage(Path(font.path), font.index)
        assert [sign for sign in text if sign not in covers] == []
        # What the font draws for what it has not.
        box = bytes(font.getmask("\uffff"))
        assert [sign for sign in text if bytes(font.getmask(sign)) == box] == []


def watched(
    monkeypatch: pytest.MonkeyPatch, card: Card, format: Format
) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
    """Draw a card; yield what was written on it, and in which font."""
    seen: list[tuple[str, ImageFont.FreeTypeFont]] = []
    write = ImageDraw.ImageDraw.text

    def note(pen: Any, at: Any, text: str, fill: Any, font: Any, **more: Any) -> None:
        seen.append((text, font))
        write(pen, at, text, fill, font, **more)

    monkeypatch.setattr(ImageDraw.ImageDraw, "text", note)
    picture(card, format, FONTS)
    yield from seen


def test_an_emoji_leaves_the_card_as_it_would_be_without_it() -> None:
    with_it = a_card(title=FONTS.drawable("A gift from Mei 🍵"))
    assert drawn(with_it, Format.WIDE, FONTS) == drawn(a_card(), Format.WIDE, FONTS)


@pytest.mark.slow
@pytest.mark.parametrize("format", Format)
def test_a_card_is_drawn_the_same_each_time(format: Format) -> None:
    assert drawn(a_chinese_card(), format, FONTS) == drawn(a_chinese_card(), format, FONTS)


@pytest.mark.parametrize("format", PNGS)
def test_the_shops_colour_and_logo_are_there(format: Format) -> None:
    logo = a_logo(120, 120, "#ff0000")
    card = a_card(colour="#0b6e4f", logo=Logo("mark", 120, 120))
    image = picture(card, format, FONTS, logo)
    assert image.getpixel((2, 2)) == parts("#0b6e4f")
    colours = {colour for _, colour in image.getcolors(1_000_000) or ()}
    assert (255, 0, 0) in colours
    # A logo that is gone meanwhile leaves its white ground alone.
    bare = {colour for _, colour in picture(card, format, FONTS).getcolors(1_000_000) or ()}
    assert (255, 0, 0) not in bare


@pytest.mark.slow
@pytest.mark.parametrize("format", PNGS)
@pytest.mark.parametrize("card", [a_card(), a_chinese_card(), a_card(**LONG)])
def test_a_picture_is_light_enough_for_every_previewer(card: Card, format: Format) -> None:
    # WhatsApp shows none of more than 300 kB.
    assert len(drawn(card, format, FONTS)) < 300_000


# The page to print.


def test_a_phone_reads_the_printed_page() -> None:
    page = Page.of(drawn(a_chinese_card(), Format.A6, FONTS))
    assert read_code(page.drawn(dpi=150)) == LINK
    assert read_code(page.image()) == LINK


def test_the_page_is_a6_with_three_millimetres_to_cut_off() -> None:
    page = Page.of(drawn(a_card(), Format.A6, FONTS))
    trim, bleed, media = map(page.box, ("TrimBox", "BleedBox", "MediaBox"))
    assert [round(side, 1) for side in in_millimetres(trim)] == [105.0, 148.0]
    assert [round(side, 1) for side in in_millimetres(bleed)] == [110.9, 153.9]
    assert in_millimetres(media)[0] > in_millimetres(bleed)[0] + 10
    # At 300 dots to the inch.
    assert page.image().width / (in_millimetres(bleed)[0] / 25.4) == pytest.approx(300, abs=0.5)


def in_millimetres(box: tuple[float, ...]) -> tuple[float, float]:
    left, bottom, right, top = box
    return (right - left) / 72 * 25.4, (top - bottom) / 72 * 25.4


def test_marks_stand_in_line_with_the_cut_and_outside_of_the_picture() -> None:
    page = Page.of(drawn(a_card(), Format.A6, FONTS))
    left, bottom, right, top = page.box("TrimBox")
    bled = page.box("BleedBox")
    lines = list(page.lines())
    assert len(lines) == 8
    upright = sorted(x for x, y1, other, y2 in lines if x == other and y1 != y2)
    level = sorted(y for x1, y, x2, other in lines if y == other and x1 != x2)
    assert upright == pytest.approx([left, left, right, right], abs=0.002)
    assert level == pytest.approx([bottom, bottom, top, top], abs=0.002)
    for x1, y1, x2, y2 in lines:
        for x, y in ((x1, y1), (x2, y2)):
            assert not (bled[0] < x < bled[2] and bled[1] < y < bled[3])


def test_the_colour_runs_into_what_is_cut_off() -> None:
    image = Page.of(drawn(a_card(), Format.A6, FONTS)).image()
    corners = [(0, 0), (image.width - 1, 0), (0, image.height - 1)]
    assert (255, 255, 255) not in [image.getpixel(corner) for corner in corners]


def test_the_page_says_what_it_is() -> None:
    page = Page.of(drawn(a_chinese_card(), Format.A6, FONTS))
    title = "小美送您的禮物".encode("utf-16-be").hex().encode()
    assert b"/Title <feff" + title in page.objects[6]
    assert b"/Root 1 0 R" in page.trailer


def test_a_picture_keeps_its_sharp_edges() -> None:
    image = Page.of(drawn(a_card(), Format.A6, FONTS)).image()
    assert image.tobytes() == picture(a_card(), Format.A6, FONTS).tobytes()

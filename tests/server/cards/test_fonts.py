"""Fonts: each character in one that has it, and never a box."""

from __future__ import annotations

import struct
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis.strategies import text
from PIL import ImageFont

from goodword.errors import Invalid
from goodword_server.cards import fonts as module
from goodword_server.cards.cmap import Coverage, NoFont, coverage
from goodword_server.cards.fonts import Fonts, Place

BUNDLED = Path(module.__file__).parent / "vendored"
REGULAR, BOLD = BUNDLED / "NotoSansTC-Regular.ttf", BUNDLED / "NotoSansTC-Bold.ttf"
OURS = (Place((str(BUNDLED),), REGULAR.name, BOLD.name),)
# No font of any system is asked for, so that this is the same everywhere.
ALONE = Fonts(places=OURS)
EVERYWHERE = Fonts()


def big5_first_level() -> str:
    second = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    codes = (bytes([one, two]) for one in range(0xA4, 0xC7) for two in second)
    return "".join(code.decode("big5", "ignore") for code in codes)


@pytest.mark.parametrize("path", [REGULAR, BOLD])
def test_our_own_font_has_what_taiwan_usually_writes(path: Path) -> None:
    covers = coverage(path)
    usual = big5_first_level()
    assert len(set(usual)) > 5401
    assert [sign for sign in usual if sign not in covers] == []
    latin = "ABCXYZabcxyz0189 .,:;!?%$€£¥&@#*()-–—…“”‘’éüñçøặ"
    assert [sign for sign in latin if sign not in covers] == []
    chinese = "，。、：；？！「」『』（）《》【】…—～·％＄ＮＴ"
    assert [sign for sign in chinese if sign not in covers] == []
    for absent in "🍵א\ue000\U00020bb7":
        assert absent not in covers


def test_names_from_europe_are_of_one_hand() -> None:
    for name in ("Łukasz", "Ľudmila", "Ελένη", "Анна", "Őrs", "Nguyễn", "Þóra"):
        (run,) = EVERYWHERE.runs(name)
        assert (run.text, Path(run.face.plain).parent) == (name, BUNDLED)
    assert [run.text for run in EVERYWHERE.runs("Mei und Łukasz 送您")] == [
        *("Mei und ", "Łukasz ", "送您")
    ]


@pytest.mark.parametrize("path", [REGULAR, BOLD])
def test_a_character_that_is_covered_is_no_box(path: Path) -> None:
    font, covers = ImageFont.truetype(str(path), 24), coverage(path)
    box = bytes(font.getmask("\uffff"))
    assert len(box) > 0
    for sign in "Aé送您禮物，🍵א\ue000":
        assert (bytes(font.getmask(sign)) != box) is (sign in covers), sign


def test_what_cannot_be_drawn_is_left_out_and_leaves_no_gap() -> None:
    assert ALONE.drawable("Mei 🍵 送您 👩🏽‍🍳❤️ 禮物") == "Mei 送您 禮物"
    assert ALONE.drawable("🇹🇼🎁") == ""
    assert ALONE.drawable("A\u200bB\u202eC\0D\ud800E\uffffF") == "ABCDEF"
    assert ALONE.drawable(" tea\n\thouse ") == "tea house"
    # As one sign, however it was typed.
    assert ALONE.drawable("Cafe\u0301") == "Café"


@given(text(max_size=30))
def test_nothing_is_ever_drawn_that_its_font_has_no_glyph_for(said: str) -> None:
    for run in EVERYWHERE.runs(said):
        for path in {run.face.plain, run.face.bold}:
            covers = coverage_of(path, run.face.index)
            assert [sign for sign in run.text if sign not in covers] == []


@cache
def coverage_of(path: str, index: int) -> Coverage:
    return coverage(Path(path), index)


def test_a_text_of_two_scripts_is_drawn_piece_by_piece() -> None:
    (run,) = ALONE.runs("Mei 送您 NT$100！")
    assert (run.text, run.rightward) == ("Mei 送您 NT$100！", True)
    assert ALONE.runs("") == []


def test_a_text_from_right_to_left_keeps_its_direction(tmp_path: Path) -> None:
    fonts = Fonts(places=(*OURS, hebrew(tmp_path)))
    if fonts.direction(fonts.runs("A")[0]) is None:
        # Without the library for it, it is left out rather than written backwards.
        assert fonts.drawable("A gift from אבג") == "A gift from"
        return
    runs = fonts.runs("A gift from אב גד and Mei")
    assert [(run.text, run.rightward) for run in runs] == [
        *(("A gift from ", True), ("אב גד", False), (" and Mei", True))
    ]
    assert [fonts.direction(run) for run in runs] == ["ltr", "rtl", "ltr"]


def hebrew(folder: Path) -> Place:
    """A font that says it has Hebrew: ours, with the letters A to Z told to be that."""
    file = bytearray(REGULAR.read_bytes())
    (count,) = struct.unpack_from(">H", file, 4)
    for number in range(count):
        tag, _, offset, _ = struct.unpack_from(">4sIII", file, 12 + 16 * number)
        if tag == b"cmap":
            groups = struct.pack(">IIII", 1, 0x5D0, 0x5EA, 40)
            space = struct.pack(">III", 0x20, 0x20, 1)
            table = struct.pack(">HHHHI", 0, 1, 3, 10, 12)
            body = struct.pack(">HHIII", 12, 0, 16 + 24, 0, 2) + space + groups[4:]
            file[offset : offset + len(table + body)] = table + body
    (folder / "hebrew.ttf").write_bytes(file)
    return Place((str(folder),), "hebrew.ttf", "hebrew.ttf")


def test_the_configured_font_comes_first(tmp_path: Path) -> None:
    path = tmp_path / "mine.ttf"
    path.write_bytes(BOLD.read_bytes())
    (run,) = Fonts([str(path)], places=OURS).runs("Tea 茶")
    assert run.face.plain == run.face.bold == str(path)
    assert Fonts([str(path)], places=OURS).mark != ALONE.mark


@pytest.mark.parametrize("content", [b"", b"no font", b"ttcf" + b"\xff" * 40, b"\0\1\0\0\0\1" * 9])
def test_a_file_that_is_no_font_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "no.ttf"
    path.write_bytes(content)
    with pytest.raises(NoFont):
        coverage(path)
    with pytest.raises(Invalid) as error:
        Fonts([str(path)], places=OURS)
    assert error.value.facts["field"] == "card_font"
    with pytest.raises(NoFont):
        coverage(tmp_path / "nowhere.ttf")


def test_a_system_without_fonts_is_enough(tmp_path: Path) -> None:
    nowhere = Place((str(tmp_path),), "a.ttf", "b.ttf")
    (tmp_path / "c.ttf").write_bytes(b"no font")
    broken = Place((str(tmp_path),), "c.ttf", "c.ttf")
    fonts = Fonts(places=(*OURS, nowhere, broken))
    assert fonts.drawable("小美 Mei") == "小美 Mei"
    assert fonts.mark == ALONE.mark

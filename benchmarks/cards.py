"""Cards drawn, beside empty pictures of the same sizes written by the same library."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Final

from PIL import Image

from benchmarks.pace import Pace
from benchmarks.shop import Furnished
from benchmarks.table import COSTS, costs, show
from goodword_server.cards.card import Card, Format
from goodword_server.cards.drawing import drawn, picture
from goodword_server.cards.fonts import Fonts
from goodword_server.cards.layout import A6_HEIGHT, A6_WIDTH, BLEED
from goodword_server.cards.sheet import sheet
from goodword_server.looks import Look

_LOOK: Final = Look(name="山城茶屋 Tea House", colour="#0b6e4f")
_CARD: Final = Card(
    title="美玲送您的禮物",
    offer="現折 NT$100",
    terms="限使用一次，單筆消費須滿 NT$500，活動至 2026 年 12 月 22 日止；領取後 30 天內有效。",
    scan="掃描領取",
    code="推薦碼：7Q2K-M9XW",
    shop=_LOOK.name,
    link="https://thanks.example/tea-house/r/7Q2KM9XW?via=card",
    language="zh-Hant",
    colour=_LOOK.colour,
    ink=_LOOK.ink,
    accent=_LOOK.accent,
)
_TIMES: Final = 5
_NOTE: Final = (
    "  Milliseconds of CPU for each; drawn once, a card is kept for a day.  Empty: a picture of\n"
    "  one colour and the same size, written by the same library in the same format."
)


def run(_: Mapping[str, Furnished], pace: Pace) -> None:
    """Measure each format; no database takes part."""
    fonts = Fonts()
    lines = [_compared(format, fonts, pace) for format in Format]
    header = ("", "ours", "empty", *COSTS[3:4])
    show("A card drawn, beside an empty picture of the same size", header, lines, _NOTE)


def _compared(format: Format, fonts: Fonts, pace: Pace) -> list[str]:
    size = picture(_CARD, format, fonts).size
    ours, limit = [], []
    for _ in range(pace.rounds):
        ours.append(_cost(lambda: drawn(_CARD, format, fonts)))
        limit.append(_cost(lambda: _empty(format, size)))
    return costs(format.file, ours, limit, most=None)


def _cost(work: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(_TIMES):
        work()
    return (time.process_time() - began) / _TIMES * 1e3


def _empty(format: Format, size: tuple[int, int]) -> bytes:
    image = Image.new("RGB", size, _LOOK.colour)
    if format is Format.A6:
        return sheet(image, width=A6_WIDTH, height=A6_HEIGHT, bleed=BLEED, title="")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()

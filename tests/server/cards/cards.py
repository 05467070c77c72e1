"""Cards to draw, and eyes to look at them with."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import zxingcpp
from PIL import Image, ImageDraw

from goodword_server.cards.card import Card
from goodword_server.looks import Logo, Look

LINK: Final = "https://thanks.example/tea-house/r/ALICE10?via=card"
GREEN: Final = "#0b6e4f"


def a_card(*, colour: str = GREEN, **changes: Any) -> Card:
    """A card in English, without a logo."""
    look = Look(name="Tea House", colour=colour)
    given = {
        "title": "A gift from Mei",
        "offer": "NT$100 off",
        "terms": "For new customers, until 31 December 2026; good for 30 days.",
        "scan": "Scan and take it",
        "code": "Code: ALICE10",
        "shop": look.name,
        "link": LINK,
        "language": "en",
        "colour": look.colour,
        "ink": look.ink,
        "accent": look.accent,
    }
    return Card(**(given | changes))


def a_chinese_card(**changes: Any) -> Card:
    given = {
        "title": "小美送您的禮物",
        "offer": "首購折抵 NT$100",
        "terms": "限新朋友，訂單滿 NT$500 可用，2026 年 12 月 31 日前有效；領取後 30 天內使用。",
        "scan": "掃描領取",
        "code": "推薦碼：ALICE10",
        "shop": "山城茶屋 Tea House",
        "language": "zh-Hant",
    }
    return a_card(**(given | changes))


WIDE_LOGO: Final = Logo("wide", 480, 60)
LONG: Final = {
    "title": "A gift from " + "Maximilian" * 20,
    "offer": "A tasting box of six high-mountain teas with a handmade cup, and 20% off " * 3,
    "terms": "For new customers who live on an island in the Pacific Ocean. " * 8,
    "scan": "Scan this with the camera of your telephone and take it " * 3,
    "code": "Code: " + "W" * 32,
    "shop": "The Very Long Name of the Taipei Mountain Tea Company Limited",
    "link": "https://thanks-from-a-host-with-a-long-name.example/tea-house-of-taipei/r/"
    + "W" * 32
    + "?via=card",
}


def read_code(image: Image.Image) -> str | None:
    """Return what a phone would read from a picture; None if it finds nothing."""
    found = zxingcpp.read_barcodes(image.convert("L"))
    return found[0].text if len(found) == 1 else None


def opened(png: bytes) -> Image.Image:
    with Image.open(BytesIO(png)) as image:
        return image.convert("RGB")


@dataclass
class Page:
    """A page of a PDF as its own marks say, read the way a viewer does."""

    objects: dict[int, bytes]
    trailer: bytes

    @classmethod
    def of(cls, file: bytes) -> Page:
        """Find every object by the table at the end, and nothing by chance."""
        assert file.startswith(b"%PDF-1.4\n")
        assert file.endswith(b"%%EOF\n")
        start = int(file.rpartition(b"startxref\n")[2].split(b"\n")[0])
        head, count, *entries = file[start:].split(b"\n")
        assert head == b"xref"
        size = int(count.split()[1])
        objects = {}
        for number in range(1, size):
            entry = entries[number]
            assert len(entry) == 19
            place = int(entry[:10])
            named = b"%d 0 obj\n" % number
            assert file[place:].startswith(named)
            objects[number] = file[place + len(named) : file.index(b"\nendobj", place)]
        return cls(objects, file[file.index(b"trailer", start) :])

    def box(self, name: str) -> tuple[float, ...]:
        found = re.search(rf"/{name} \[([^\]]+)\]".encode(), self.objects[3])
        assert found is not None
        return tuple(map(float, found[1].split()))

    def stream(self, number: int) -> bytes:
        told, _, content = self.objects[number].partition(b"\nstream\n")
        packed = content.removesuffix(b"\nendstream")
        assert f"/Length {len(packed)} ".encode() in told
        return zlib.decompress(packed)

    def image(self) -> Image.Image:
        told = self.objects[4].partition(b"\nstream")[0].decode()
        width, height = (int(re.findall(rf"/{one} (\d+)", told)[0]) for one in ("Width", "Height"))
        return Image.frombytes("RGB", (width, height), self.stream(4))

    def lines(self) -> Iterator[tuple[float, ...]]:
        """Yield each line that is drawn, in points."""
        number = rb"(-?[\d.]+)"
        line = re.compile(rb"%s %s m %s %s l S" % ((number,) * 4))
        for found in line.finditer(self.stream(5)):
            yield tuple(map(float, found.groups()))

    def drawn(self, dpi: int = 150) -> Image.Image:
        """Return the page as it looks on a screen."""
        scale, (_, _, width, height) = dpi / 72, self.box("MediaBox")
        page = Image.new("RGB", (round(width * scale), round(height * scale)), "white")
        found = re.search(
            rb"q ([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm /Card Do Q", self.stream(5)
        )
        assert found is not None
        wide, high, left, bottom = (float(one) * scale for one in found.groups())
        picture = self.image().resize((round(wide), round(high)))
        page.paste(picture, (round(left), round(page.height - bottom - high)))
        pen = ImageDraw.Draw(page)
        for x1, y1, x2, y2 in self.lines():
            ends = (x1 * scale, page.height - y1 * scale, x2 * scale, page.height - y2 * scale)
            pen.line(ends, fill="black")
        return page

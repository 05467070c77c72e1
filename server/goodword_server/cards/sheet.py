"""A page to be printed: PDF with bleed, and marks where it is cut."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Final

from PIL import Image

_DPI: Final = 300
_POINTS: Final = 72
# Marks begin outside of what is printed and cut off, and are this long, in points.
_APART: Final = 3.0
_MARK: Final = 14.0
_EDGE: Final = 6.0
_MADE_BY: Final = "goodword"


def sheet(image: Image.Image, *, width: int, height: int, bleed: int, title: str) -> bytes:
    """Return a picture of ``width + 2 * bleed`` by ``height + 2 * bleed`` as a page of a PDF.

    All in pixels at 300 dots to the inch; what stands in the bleed is cut off.
    """
    around = _points(bleed) + _APART + _MARK + _EDGE
    left = bottom = around
    right, top = around + _points(width), around + _points(height)
    page = (0.0, 0.0, right + around, top + around)
    edge = _points(bleed)
    bleeding = (left - edge, bottom - edge, right + edge, top + edge)
    drawing = _placed(bleeding) + _marks(left, bottom, right, top, _points(bleed))
    return _document(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox %s /BleedBox %s /TrimBox %s "
            b"/Resources << /XObject << /Card 4 0 R >> >> /Contents 5 0 R >>"
            % (_box(page), _box(bleeding), _box((left, bottom, right, top))),
            _picture(image),
            _stream(b"", drawing),
            b"<< /Title %s /Producer (%s) >>" % (_text(title), _MADE_BY.encode()),
        ]
    )


def _points(pixels: int) -> float:
    return pixels * _POINTS / _DPI


def _placed(at: Sequence[float]) -> bytes:
    left, bottom, right, top = at
    where = f"{right - left:.3f} 0 0 {top - bottom:.3f} {left:.3f} {bottom:.3f}"
    return f"q {where} cm /Card Do Q\n".encode()


def _marks(left: float, bottom: float, right: float, top: float, bleed: float) -> bytes:
    """Draw two short lines outside each corner, in line with the edges that are cut."""
    near, far = bleed + _APART, bleed + _APART + _MARK
    lines = [
        line
        for x, out in ((left, -1), (right, 1))
        for y, up in ((bottom, -1), (top, 1))
        for line in (
            (x + out * near, y, x + out * far, y),
            (x, y + up * near, x, y + up * far),
        )
    ]
    drawn = "".join(f"{a:.3f} {b:.3f} m {c:.3f} {d:.3f} l S\n" for a, b, c, d in lines)
    # On every plate, so that no colour is cut astray.
    return f"q 0.25 w 1 1 1 1 K\n{drawn}Q\n".encode()


def _picture(image: Image.Image) -> bytes:
    head = (
        f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} "
        "/ColorSpace /DeviceRGB /BitsPerComponent 8"
    )
    # Without loss: what JPEG does to the edges of letters is seen in print.
    return _stream(head.encode(), image.convert("RGB").tobytes())


def _stream(head: bytes, content: bytes) -> bytes:
    packed = zlib.compress(content)
    told = b"<< %s /Filter /FlateDecode /Length %d >>" % (head, len(packed))
    return told + b"\nstream\n" + packed + b"\nendstream"


def _box(at: Sequence[float]) -> bytes:
    return b"[%s]" % " ".join(f"{side:.3f}" for side in at).encode()


def _text(text: str) -> bytes:
    return b"<%s>" % (b"\xfe\xff" + text.encode("utf-16-be")).hex().encode()


def _document(objects: Sequence[bytes]) -> bytes:
    """Return objects as a file, the first being the catalogue and the last what tells of it."""
    file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    start = len(file)
    file += b"xref\n0 %d\n0000000000 65535 f \n%s" % (count, table)
    told = b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\n" % (count, count - 1)
    return file + told + b"startxref\n%d\n%%%%EOF\n" % start

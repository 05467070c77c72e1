"""A logo: drawn anew, small, and refused before it can do harm."""

from __future__ import annotations

import os
import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from goodword.errors import Invalid
from goodword_server.logos import BYTES_MOST, picture
from tests.server.logos import a_logo


def refusal(uploaded: bytes) -> str:
    with pytest.raises(Invalid) as error:
        picture(uploaded)
    assert error.value.facts["field"] == "logo"
    return str(error.value.facts["mend"])


def chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def claiming(width: int, height: int) -> bytes:
    """A file of a few bytes that says it is a picture of this size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_a_logo_is_kept_as_a_png_of_its_size() -> None:
    kept = picture(a_logo(300, 120))
    assert (kept.logo.width, kept.logo.height) == (300, 120)
    with Image.open(BytesIO(kept.png)) as image:
        assert (image.format, image.mode, image.size) == ("PNG", "RGBA", (300, 120))
        corner, middle = image.getpixel((0, 0)), image.getpixel((150, 60))
    assert isinstance(corner, tuple)
    assert isinstance(middle, tuple)
    assert (corner[3], middle[3]) == (0, 255)


def test_a_large_one_is_made_smaller() -> None:
    kept = picture(a_logo(2000, 1000)).logo
    assert (kept.width, kept.height) == (512, 256)


def test_the_same_picture_has_the_same_mark_and_another_another() -> None:
    one, again, other = picture(a_logo()), picture(a_logo()), picture(a_logo(colour="#0000ff"))
    assert one == again
    assert one.logo.mark != other.logo.mark


def test_what_else_the_file_held_is_left_behind() -> None:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "somebody at home")
    file = BytesIO()
    with Image.open(BytesIO(a_logo())) as image:
        image.save(file, "PNG", pnginfo=told)
    hidden = file.getvalue() + b"<script>"
    assert b"somebody" in hidden
    kept = picture(hidden).png
    assert b"somebody" not in kept
    assert b"script" not in kept


def test_too_many_bytes_are_refused_before_they_are_looked_at() -> None:
    assert "kB" in refusal(a_logo() + b"\0" * BYTES_MOST)


@pytest.mark.parametrize("size", [(60_000, 60_000), (2_001, 100), (100, 31), (2**31 - 1, 1)])
def test_a_picture_that_claims_too_much_is_never_unpacked(size: tuple[int, int]) -> None:
    said = refusal(claiming(*size))
    assert "pixels" in said or "broken" in said


def test_a_text_that_swells_is_refused() -> None:
    swollen = chunk(b"zTXt", b"k\0\0" + zlib.compress(b"\0" * 50_000_000))
    png = a_logo()
    assert refusal(png[:33] + swollen + png[33:]) == "is no PNG, or a broken one"


def other_kind(name: str) -> bytes:
    file = BytesIO()
    Image.new("RGB", (64, 64), "red").save(file, name)
    return file.getvalue()


@pytest.mark.parametrize(
    "uploaded",
    [
        b"",
        b"GIF89a",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        a_logo()[:-40],
        a_logo()[:20],
        claiming(64, 64),
        other_kind("JPEG"),
        other_kind("GIF"),
        os.urandom(500),
    ],
)
def test_what_is_no_whole_png_is_refused(uploaded: bytes) -> None:
    assert refusal(uploaded) == "is no PNG, or a broken one"


def test_noise_is_no_logo() -> None:
    file = BytesIO()
    # As few bytes as noise can have, and four times as many once it is drawn anew.
    Image.frombytes("L", (430, 430), os.urandom(430 * 430)).save(file, "PNG")
    assert len(file.getvalue()) <= BYTES_MOST
    assert "detail" in refusal(file.getvalue())

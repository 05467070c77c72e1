"""A shop's logo as it is kept: a small PNG, drawn anew from whatever was uploaded."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from PIL import Image

from goodword.errors import Invalid
from goodword_server.looks import Logo

BYTES_MOST: Final = 200_000
SIDE_LEAST: Final = 32
SIDE_MOST: Final = 2_000
_KEPT_SIDE: Final = 512
_MARK: Final = 16


@dataclass(frozen=True, slots=True)
class Picture:
    """A logo with its bytes."""

    png: bytes
    logo: Logo


def picture(uploaded: bytes) -> Picture:
    """Return an uploaded PNG as it is kept; raise `Invalid` if it will not do.

    It is drawn anew: whatever else the file held, like where a photo was taken, is left behind.
    """
    if len(uploaded) > BYTES_MOST:
        raise _refused(f"is larger than {BYTES_MOST // 1000} kB; save it smaller")
    image = _opened(uploaded)
    image.thumbnail((_KEPT_SIDE, _KEPT_SIDE))
    png = _written(image)
    if len(png) > BYTES_MOST:
        raise _refused("holds too much detail for a logo; use a plainer picture")
    mark = hashlib.sha256(png).hexdigest()[:_MARK]
    return Picture(png, Logo(mark, image.width, image.height))


def _opened(uploaded: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # A few bytes may claim to be a picture that fills the memory.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(uploaded), formats=["PNG"]) as image:
                _measure(image)
                return image.convert("RGBA")
    except Invalid:
        raise
    except Exception:
        # Pillow tells of a broken file in a dozen ways.
        raise _refused("is no PNG, or a broken one") from None


def _measure(image: Image.Image) -> None:
    """Raise `Invalid` for a size that will not do, before any of the picture is unpacked."""
    if min(image.size) < SIDE_LEAST or max(image.size) > SIDE_MOST:
        raise _refused(f"needs sides of {SIDE_LEAST} to {SIDE_MOST} pixels")


def _written(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _refused(mend: str) -> Invalid:
    return Invalid(field="logo", mend=mend)

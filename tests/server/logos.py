"""A logo to upload."""

from __future__ import annotations

from io import BytesIO

from PIL import Image, ImageDraw


def a_logo(width: int = 240, height: int = 240, colour: str = "#0b6e4f") -> bytes:
    """A leaf on nothing."""
    image = Image.new("RGBA", (width, height))
    ImageDraw.Draw(image).ellipse((4, 4, width - 5, height - 5), fill=colour)
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()

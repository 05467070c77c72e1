"""Makes the READMEs' pictures anew: plays the demo, and looks at its pages with a real Chromium.

``python docs/pictures.py`` from the project's folder, in its environment.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, sync_playwright

ROOT: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from goodword_server.demo.stage import SHOP, Stage  # noqa: E402
from goodword_server.demo.story import Story  # noqa: E402
from goodword_server.entering import Entering  # noqa: E402
from tests.browser.finding import chromium  # noqa: E402
from tests.browser.looking import LANGUAGES, PHONE  # noqa: E402

_FOLDER: Final = ROOT / "docs" / "pictures"
_CODE: Final = "ALICE10"
_ADVOCATE: Final = "c-1"
_TABLE: Final = "#e9e2d6"
_EDGE: Final = "#cfc5b4"
_GAP: Final = 48
_CARD: Final = (820, 430)
_COLOURS: Final = 160
# Below it stands a link that leads to the machine that made the picture.
_HEIGHT: Final = 768


def main() -> None:
    """Write a picture for each language."""
    _FOLDER.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="goodword-pictures-") as folder,
        Stage(Path(folder), 8000) as stage,
        sync_playwright() as playwright,
    ):
        Story(stage, lambda _: None).play()
        stage.stay()
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        own = Entering(stage.house).link(SHOP, _ADVOCATE).url
        gift = f"{stage.url}/{SHOP}/c/{_CODE}"
        for language, asked in LANGUAGES.items():
            phones = [_phone(browser, url, asked) for url in (gift, own)]
            card = _fetched(browser, f"{gift}/card.png?language={language}")
            _laid_out(phones, card).save(_FOLDER / f"{language}.png", optimize=True)
        browser.close()


def _phone(browser: Browser, url: str, asked: str) -> Image.Image:
    context = browser.new_context(
        viewport={"width": PHONE.width, "height": _HEIGHT},
        locale=asked,
        user_agent=PHONE.agent(browser.version),
    )
    page = context.new_page()
    page.goto(url, wait_until="networkidle")
    picture = Image.open(BytesIO(page.screenshot()))
    context.close()
    return _rounded(picture.convert("RGB"), 28)


def _fetched(browser: Browser, url: str) -> Image.Image:
    context = browser.new_context()
    body = context.request.get(url).body()
    context.close()
    card = Image.open(BytesIO(body)).convert("RGB").resize(_CARD, Image.Resampling.LANCZOS)
    return _rounded(card, 16)


def _rounded(picture: Image.Image, radius: int) -> Image.Image:
    """Return the picture with round corners and a thin edge."""
    mask = Image.new("L", picture.size, 0)
    box = (0, 0, picture.width - 1, picture.height - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius, fill=255)
    picture.putalpha(mask)
    ImageDraw.Draw(picture).rounded_rectangle(box, radius, outline=_EDGE, width=2)
    return picture


def _laid_out(phones: list[Image.Image], card: Image.Image) -> Image.Image:
    """Return the phones side by side, and the card beside them."""
    height = _HEIGHT + 2 * _GAP
    width = len(phones) * (PHONE.width + _GAP) + _GAP + card.width + _GAP
    table = Image.new("RGB", (width, height), _TABLE)
    left = _GAP
    for phone in phones:
        table.paste(phone, (left, _GAP), phone)
        left += phone.width + _GAP
    table.paste(card, (left, (height - card.height) // 2), card)
    return table.quantize(_COLOURS, dither=Image.Dither.NONE)


if __name__ == "__main__":
    main()

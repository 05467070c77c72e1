"""The fonts that cards are written in: for each character the first one that has it."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont, features

from goodword.errors import Invalid
from goodword_server.cards.cmap import Coverage, NoFont, coverage

_BUNDLED: Final = Path(__file__).parent / "vendored"
_WIDTHS_MOST: Final = 10_000
_WORDS: Final = re.compile(r"\s+|\S+")
_MARK: Final = 16
# Written from right to left, or set above and below: only with a library for that.
_RIGHT: Final = frozenset({"R", "AL"})
_LEFT: Final = frozenset({"L"})
_SET_BESIDE: Final = frozenset({"Mn", "Mc", "Me"})
# Emoji, skin tones, flags: no plain font has them all, and half a flag is none.
_PICTURES: Final = range(0x1F000, 0x1FC00)
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a system keeps a font: its plain and bold file, and which of a collection it is."""

    folders: tuple[str, ...]
    plain: str
    bold: str
    index: int = 0

    def found(self) -> tuple[str, str] | None:
        """Return the files, the plain one for both where there is no bold one."""
        for folder in map(Path, self.folders):
            plain, bold = folder / self.plain, folder / self.bold
            if plain.exists():
                return str(plain), str(bold if bold.exists() else plain)
        return None


_CJK: Final = (
    *("/usr/share/fonts/opentype/noto", "/usr/share/fonts/noto-cjk"),
    *("/usr/share/fonts/google-noto-sans-cjk-fonts", "/usr/share/fonts/google-noto-cjk"),
)
_NOTO: Final = ("/usr/share/fonts/truetype/noto", "/usr/share/fonts/noto")
_DEJAVU: Final = (
    *("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/TTF"),
    "/usr/share/fonts/dejavu-sans-fonts",
)
_WINDOWS: Final = ("C:/Windows/Fonts",)
_MAC: Final = ("/System/Library/Fonts/Supplemental", "/Library/Fonts")
_PLACES: Final = (
    Place((str(_BUNDLED),), "NotoSansTC-Regular.ttf", "NotoSansTC-Bold.ttf"),
    Place((str(_BUNDLED),), "NotoSans-Regular.ttf", "NotoSans-Bold.ttf"),
    # Of these collections Traditional Chinese is the fourth.
    Place(_CJK, "NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc", 3),
    Place(_NOTO, "NotoSansArabic-Regular.ttf", "NotoSansArabic-Bold.ttf"),
    Place(_NOTO, "NotoSansHebrew-Regular.ttf", "NotoSansHebrew-Bold.ttf"),
    Place(_DEJAVU, "DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    Place(_WINDOWS, "msjh.ttc", "msjhbd.ttc"),
    Place(_WINDOWS, "arial.ttf", "arialbd.ttf"),
    Place(_MAC, "Arial Unicode.ttf", "Arial Unicode.ttf"),
)


@dataclass(frozen=True, slots=True, eq=False)
class Face:
    """A font, in its plain and its bold file; each is like itself alone."""

    plain: str
    bold: str
    index: int
    covers: tuple[Coverage, ...]

    def has(self, sign: str) -> bool:
        return all(sign in one for one in self.covers)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one font and one direction."""

    text: str
    face: Face
    rightward: bool = True


class Fonts:
    """What one process writes cards with; one thread at a time draws with them."""

    def __init__(
        self, configured: Sequence[str] = (), *, places: Sequence[Place] = _PLACES
    ) -> None:
        """Look for fonts: the configured one, our own, then what systems have for other scripts.

        ``configured``: a file, and a bold one if there is.  Raises `Invalid` if that cannot be
        used.
        """
        self._faces = (*_configured(configured), *_found(places))
        self._shapes = features.check("raqm")
        self._known: dict[str, Face | None] = {}
        self._widths: dict[tuple[str, int, bool], float] = {}
        told = [(face.plain, face.index, Path(face.plain).stat().st_size) for face in self._faces]
        self.mark = hashlib.sha256(repr((told, self._shapes)).encode()).hexdigest()[:_MARK]

    def drawable(self, text: str) -> str:
        """Return a text without what no font has: never is there a box instead."""
        words = (filter(self.can, word) for word in unicodedata.normalize("NFC", text).split())
        return " ".join(filter(None, map("".join, words)))

    def can(self, sign: str) -> bool:
        """Whether a character is drawn as its readers know it."""
        if sign == " ":
            return True
        kind = unicodedata.category(sign)
        if kind in _UNSEEN or ord(sign) in _PICTURES:
            return False
        shaped = kind in _SET_BESIDE or unicodedata.bidirectional(sign) in _RIGHT
        return (self._shapes or not shaped) and self._face(sign) is not None

    def runs(self, text: str) -> list[Run]:
        """Return a text in pieces, each of one font and one direction; what no font has is not."""
        runs: list[Run] = []
        for word in _WORDS.findall("".join(filter(self.can, text))):
            whole = self._face_of_all(word)
            for sign in word:
                run = self._run(runs[-1] if runs else None, sign, whole)
                if runs and (run.face, run.rightward) == (runs[-1].face, runs[-1].rightward):
                    runs[-1] = Run(runs[-1].text + sign, run.face, run.rightward)
                else:
                    runs.append(run)
        return list(_spaced(runs))

    def measure(self, text: str, size: int, *, bold: bool = False) -> float:
        """Return how wide a text is, in pixels."""
        key = (text, size, bold)
        if key not in self._widths:
            if len(self._widths) >= _WIDTHS_MOST:
                self._widths.clear()
            self._widths[key] = sum(self.length(run, size, bold=bold) for run in self.runs(text))
        return self._widths[key]

    def length(self, run: Run, size: int, *, bold: bool = False) -> float:
        """Return how wide a piece is, in pixels."""
        return self.font(run, size, bold=bold).getlength(run.text, direction=self.direction(run))

    def font(self, run: Run, size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
        """Return a piece's font as Pillow draws it."""
        return _font(run.face.bold if bold else run.face.plain, run.face.index, size)

    def direction(self, run: Run) -> str | None:
        """Return a piece's direction as Pillow takes it; None where it knows of one alone."""
        if not self._shapes:
            return None
        return "ltr" if run.rightward else "rtl"

    def _run(self, before: Run | None, sign: str, whole: Face | None) -> Run:
        towards = unicodedata.bidirectional(sign)
        if before is not None and towards not in _RIGHT | _LEFT and before.face.has(sign):
            return Run(sign, before.face, before.rightward)
        return Run(sign, whole or self._face(sign) or self._faces[0], towards not in _RIGHT)

    def _face_of_all(self, word: str) -> Face | None:
        """Return the first font that has a whole word, so that a name is of one hand."""
        faces = dict.fromkeys(filter(None, map(self._face, word)))
        return next((face for face in faces if all(map(face.has, word))), None)

    def _face(self, sign: str) -> Face | None:
        if sign not in self._known:
            self._known[sign] = next((face for face in self._faces if face.has(sign)), None)
        return self._known[sign]


def _spaced(runs: Sequence[Run]) -> Iterator[Run]:
    """Yield runs so that a space between two directions stands between them, and not outside."""
    owed = ""
    for run in runs:
        text, owed = owed + run.text, ""
        if not run.rightward:
            bare = text.rstrip()
            text, owed = bare, text[len(bare) :]
        if text:
            yield Run(text, run.face, run.rightward)


def _configured(paths: Sequence[str]) -> Iterator[Face]:
    if paths:
        try:
            yield _opened(paths[0], paths[-1], 0)
        except NoFont as error:
            raise Invalid(field="card_font", mend=f"give a font file: {error}") from None


def _found(places: Sequence[Place]) -> Iterator[Face]:
    for place in places:
        found = place.found()
        if found is None:
            continue
        try:
            yield _opened(*found, place.index)
        except NoFont:
            # That system's own affair; there are others.
            continue


def _opened(plain: str, bold: str, index: int) -> Face:
    covers = tuple(coverage(Path(path), index) for path in dict.fromkeys((plain, bold)))
    return Face(plain, bold, index, covers)


@lru_cache(maxsize=64)
def _font(path: str, index: int, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size, index=index)

"""Makes the fonts that cards are written in: `python3 server/vendor_fonts.py`.

Needs npm and fonttools of the version that the record names, and only whoever changes a version,
or which characters are kept, needs to run it.  The whole fonts are 7 MB each: what is kept is the
characters of Big5's first level, which are the usual ones of Taiwan, with kana and signs, and the
letters that European and Vietnamese names are written with.
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import fontTools
from fontTools import subset

from vendor import fetched, sha512

HERE: Final = Path(__file__).parent / "goodword_server" / "cards" / "vendored"
RECORD: Final = HERE / "vendored.json"
# Signs, kana, and the 5401 characters of the first level.
_BIG5: Final = range(0xA1, 0xC7)
_BIG5_SECOND: Final = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
_LETTERS: Final = (range(0x20, 0x7F), range(0xA0, 0x250), range(0x1E00, 0x1F00))
_SIGNS: Final = (range(0x2010, 0x2028), range(0x2030, 0x205F), range(0x20A0, 0x20C0))
_WIDE: Final = (range(0x3000, 0x3130), range(0xFF00, 0xFFF0))
_GREEK_AND_CYRILLIC: Final = (range(0x370, 0x530),)
_FEATURES: Final = ["ccmp", "kern", "liga", "locl", "mark", "mkmk"]
# For lines from top to bottom, which cards have none of.
_UPRIGHT: Final = ["DSIG", "vhea", "vmtx", "VORG"]
_NAMES: Final = [0, 1, 2, 3, 4, 5, 6, 13, 14]


def main() -> None:
    """Fetch the fonts, keep what cards need of them, and write what the files are."""
    packages = json.loads(RECORD.read_text("utf-8"))
    with TemporaryDirectory() as folder:
        for package in packages:
            if fontTools.version != package["fonttools"]:
                raise SystemExit(f"this is fonttools {fontTools.version}, not the record's")
            archive = fetched(package, Path(folder))
            for name, file in package["files"].items():
                _take(archive, name, file, _KEPT[package["keeps"]]())
    RECORD.write_text(json.dumps(packages, indent=2) + "\n", "utf-8")


def _take(archive: Path, name: str, file: dict[str, str], signs: Iterable[int]) -> None:
    with tarfile.open(archive) as opened:
        inner = opened.extractfile(f"package/{file['from']}")
        assert inner is not None
        (HERE / name).write_bytes(inner.read())
    if name.endswith(".ttf"):
        _reduce(HERE / name, signs)
    file["sha512"] = sha512((HERE / name).read_bytes())


def _reduce(path: Path, signs: Iterable[int]) -> None:
    options: Any = subset.Options()
    options.hinting = False
    options.notdef_outline = True
    options.layout_features = _FEATURES
    options.name_IDs = _NAMES
    options.drop_tables += _UPRIGHT
    font = subset.load_font(path, options)
    cut = subset.Subsetter(options)
    cut.populate(unicodes=sorted(set(signs)))
    cut.subset(font)
    subset.save_font(font, path, options)


def _of_taiwan() -> Iterable[int]:
    return chain(*_LETTERS, *_SIGNS, *_WIDE, _of_big5())


def _of_europe() -> Iterable[int]:
    return chain(*_LETTERS, *_SIGNS, *_GREEK_AND_CYRILLIC)


def _of_big5() -> Iterable[int]:
    for first in _BIG5:
        for second in _BIG5_SECOND:
            yield from map(ord, bytes([first, second]).decode("big5", "ignore"))


_KEPT: Final = {"taiwan": _of_taiwan, "europe": _of_europe}


if __name__ == "__main__":
    main()

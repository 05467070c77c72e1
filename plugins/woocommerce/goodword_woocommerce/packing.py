"""The WordPress plugin as the zip that an owner installs."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
# In a wheel it lies within the package, in a checkout beside it.
_PLACES: Final = (_HERE / "plugin", _HERE.parent / "wordpress" / "goodword")
_SHIPPED: Final = frozenset({".php", ".js", ".css", ".txt", ".po", ".pot"})
_VERSION: Final = re.compile(r"^ \* Version: (\S+)$", re.MULTILINE)
# The oldest moment that a zip can tell, and rights that every system gives.
_MOMENT: Final = (1980, 1, 1, 0, 0, 0)
_RIGHTS: Final = 0o100644 << 16
_UNIX: Final = 3


def home() -> Path:
    """Return the folder of the plugin."""
    return next(place for place in _PLACES if (place / "goodword.php").exists())


def version() -> str:
    """Return the plugin's version."""
    found = _VERSION.search((home() / "goodword.php").read_text("utf-8"))
    assert found is not None
    return found[1]


def name() -> str:
    """Return what the zip is called."""
    return f"goodword-{version()}.zip"


def packed() -> bytes:
    """Return the zip, the same bytes on every machine.

    It is not compressed: what comes out of that differs from one zlib to the next.
    """
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as opened:
        for file in _files(home()):
            entry = zipfile.ZipInfo(f"goodword/{file.relative_to(home()).as_posix()}", _MOMENT)
            entry.create_system = _UNIX
            entry.external_attr = _RIGHTS
            opened.writestr(entry, file.read_bytes().replace(b"\r\n", b"\n"))
    return made.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    """Return what is shipped, in one sequence on every system."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix in _SHIPPED)
    yield from sorted(found, key=lambda path: path.relative_to(folder).as_posix())

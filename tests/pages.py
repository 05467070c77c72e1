"""Our pages' code blocks, read so that they can be run.

A block in ``python`` or ``sh`` is run, in the sequence of its page.  One in ``shell`` is only
shown, since it installs something.  One whose first line names a file, like
``# test_referrals.py``, is that file.  What follows ``# →`` is what running it says.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
_BLOCK: Final = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)
_FILE: Final = re.compile(r"# ([\w-]+\.\w+)\n")
_SAYS: Final = re.compile(r"# → (.+)$", re.M)


@dataclass(frozen=True)
class Block:
    """A block of code on a page."""

    language: str
    text: str

    @property
    def file(self) -> str | None:
        """The file that it is, if it is one."""
        found = _FILE.match(self.text)
        return found[1] if found else None

    @property
    def says(self) -> list[str]:
        """What running it says, in turn."""
        return [said.strip() for said in _SAYS.findall(self.text)]


def blocks(page: str) -> list[Block]:
    """Return the blocks of one of our pages, like ``start/embedder``."""
    text = (ROOT / "docs" / f"{page}.md").read_text("utf-8")
    return [Block(*found) for found in _BLOCK.findall(text)]


def run_python(page: str, names: dict[str, object]) -> list[str]:
    """Run a page's Python in these names; return what it should have said, in turn."""
    says = []
    for number, block in enumerate(blocks(page)):
        if block.language == "python" and block.file is None:
            exec(compile(block.text, f"{page} block {number}", "exec"), names)
            says += block.says
    return says


def write_files(page: str, folder: Path) -> None:
    """Write the files that a page shows."""
    for block in blocks(page):
        if block.file is not None:
            (folder / block.file).write_text(block.text, encoding="utf-8")


def assert_said(said: str, should: list[str]) -> None:
    """Fail unless all of it was said, in this sequence."""
    assert should, "the page shows no answers"
    at = 0
    for one in should:
        found = said.find(one, at)
        assert found >= 0, f"{one!r} was not said, or not here:\n{said}"
        at = found + len(one)

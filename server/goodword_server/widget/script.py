"""The script, as it travels: read from its file once, without what only its readers need."""

from __future__ import annotations

import gzip
import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).with_name("goodword.js")


@cache
def tight() -> bytes:
    """Return the script without its comments and indents; each stands on a line of its own."""
    lines = (line.strip() for line in FILE.read_text("utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")).encode()


@cache
def zipped() -> bytes:
    """Return the script as browsers are sent it."""
    return gzip.compress(tight(), compresslevel=9, mtime=0)


@cache
def version() -> str:
    """Return what tells this script from any other."""
    return hashlib.sha256(tight()).hexdigest()[:12]


def tag(server: str, shop: str, key: str, *, pinned: bool = False) -> str:
    """Return what a shop puts on its pages; ``pinned``: with a hash that each update changes."""
    exact = f"?v={version()}" if pinned else ""
    checked = f' integrity="{integrity()}" crossorigin="anonymous"' if pinned else ""
    told = f'data-shop="{shop}" data-key="{key}"'
    return f'<script src="{server}/goodword.js{exact}" {told}{checked} async></script>'


@cache
def integrity() -> str:
    """Return the script's hash as Subresource Integrity writes it."""
    return "sha384-" + b64encode(hashlib.sha384(tight()).digest()).decode()

"""Which texts can be kept."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 255
MEND: Final = "holds a character that no database keeps; send plain text"
# PostgreSQL takes no NUL, and half of a surrogate pair is no text at all.
_UNKEEPABLE: Final = re.compile("[\0\ud800-\udfff]")


def can_be_kept(text: str) -> bool:
    """Whether every database takes the text, and gives it back as it was.

    >>> can_be_kept("茶 🍵"), can_be_kept("tea\\0")
    (True, False)
    """
    # Of the two ASCII holds one alone, and is looked through faster.
    return "\0" not in text if text.isascii() else _UNKEEPABLE.search(text) is None

"""The operations of operations.graphql, by their names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

_BEGINS: Final = re.compile(r"^(query|mutation) (\w+)", re.MULTILINE)
_FIRST_FIELD: Final = re.compile(r"\{ (\w+)")
_COMMENT: Final = re.compile(r"^\s*#.*\n?", re.MULTILINE)
_SPACE: Final = re.compile(r"\s+")

SOURCE: Final = files("goodword_shopify").joinpath("operations.graphql").read_text("utf-8")


def _told_apart(source: str) -> Mapping[str, str]:
    """Return each operation's text, without the comments and spaces that a wire need not carry."""
    bare = _COMMENT.sub("", source)
    begins = list(_BEGINS.finditer(bare))
    ends = [*(begin.start() for begin in begins[1:]), len(bare)]
    return {
        begin[2]: _SPACE.sub(" ", bare[begin.start() : end]).strip()
        for begin, end in zip(begins, ends, strict=True)
    }


OPERATIONS: Final[Mapping[str, str]] = _told_apart(SOURCE)
"""The text of each operation by its name."""


def first_field(operation: str) -> str:
    """Return the field that an operation's answer cannot be without."""
    found = _FIRST_FIELD.search(OPERATIONS[operation])
    assert found is not None
    return found[1]


def chosen(operation: str, field: str) -> str:
    """Return what an operation chooses of one of its fields, as it is written there."""
    text = OPERATIONS[operation]
    found = re.search(rf"\b{field}(\([^)]*\))? \{{", text)
    assert found is not None
    depth = 1
    for at in range(found.end(), len(text)):
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        if depth == 0:
            return text[found.end() : at].strip()
    raise AssertionError(field)


def is_change(operation: str) -> bool:
    """Whether it changes something at the shop."""
    return OPERATIONS[operation].startswith("mutation")

"""What the interface and its values say of themselves, as a reader of the API reads it."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Final

from goodword import errors
from goodword.interface.routes import documented

_NAMED: Final = re.compile(r"(?<!`)`(\w+)`(?!`)")
_SENTENCE: Final = re.compile(r"(?<=[.:])\s+")
_BEFORE_RAISING: Final = re.compile(r"; raise .*", re.DOTALL)


def summary(verb: str) -> str:
    """Return what a verb does, in one line."""
    first = _SENTENCE.split(_paragraphs(verb)[0])[0]
    return _marked(_BEFORE_RAISING.sub("", first).rstrip(".:"))


def description(verb: str) -> str:
    """Return all that is said of a verb, as Markdown."""
    return "\n\n".join(_marked(paragraph) for paragraph in _paragraphs(verb))


def of_argument(verb: str, name: str) -> str | None:
    """Return what is said of one argument of a verb, if anything is."""
    text = " ".join(_paragraphs(verb))
    found = re.search(rf"``{name}``:? (.+?\.)(?:  |$)|``{name}`` (.+?\.)(?:  |$)", text)
    if found is None:
        return None
    said = _marked(next(filter(None, found.groups())))
    return said[0].upper() + said[1:]


@cache
def raised(verb: str) -> tuple[type[errors.GoodwordError], ...]:
    """Return the errors that a verb says it may raise."""
    named = (_error(name) for name in _NAMED.findall(documented(verb).__doc__))
    return tuple(dict.fromkeys(kind for kind in named if kind is not None))


def of_value(kind: type) -> str:
    """Return what is said of a kind of values."""
    first = inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0]
    return _marked(" ".join(first.split()))


@cache
def of_members(kind: type) -> Mapping[str, str]:
    """Return what is said of the members of a kind of values: the text below each."""
    body = _declared(kind).body
    said = {}
    for member, text in pairwise(body):
        if isinstance(member, ast.AnnAssign) and isinstance(member.target, ast.Name):
            words = _text(text)
            if words:
                said[member.target.id] = _marked(" ".join(words.split()))
    return said


def _declared(kind: type) -> ast.ClassDef:
    declared = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(declared, ast.ClassDef)
    return declared


def _text(node: ast.stmt) -> str | None:
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return str(node.value.value)
    return None


def _paragraphs(verb: str) -> list[str]:
    text = inspect.cleandoc(documented(verb).__doc__)
    # Two spaces end a sentence, also where a line ended it.
    return [re.sub(r"(?<=[.:])\n", "  ", part).replace("\n", " ") for part in text.split("\n\n")]


def _marked(text: str) -> str:
    """Return a text as Markdown, with each error named by its reason."""

    def reason(found: re.Match[str]) -> str:
        kind = _error(found[1])
        return f"`{kind.reason}`" if kind else found[0]

    return _NAMED.sub(reason, text).replace("``", "`")


def _error(name: str) -> type[errors.GoodwordError] | None:
    kind = getattr(errors, name, None)
    is_one = isinstance(kind, type) and issubclass(kind, errors.GoodwordError)
    return kind if is_one else None

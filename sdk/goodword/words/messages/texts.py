"""Texts with placeholders: what they may hold, and how they are filled.

A text is Jinja's, and a small part of it: words, plain names, and ``{% if name %}`` with or without
``{% else %}``.  What else Jinja can do (loop, call, reach for attributes) is refused by looking at
the parsed text, and what is filled is filled in a sandbox all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final, NamedTuple

from jinja2 import TemplateSyntaxError, nodes
from jinja2.environment import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from goodword.errors import TextInvalid
from goodword.words.spacing import BEGIN, END, cleaned, closed, marked

_MAY: Final = "{{ names }} and {% if name %} … {% else %} … {% endif %}"
_DEEPEST: Final = 8
# Without a brace there is nothing to fill, or to refuse; a sandbox makes one end of lines of all.
_WORDS_ALONE: Final = re.compile(f"[^{{\r{BEGIN}{END}]*")
_TAG: Final = re.compile(r"{{.*?}}|{%.*?%}")
_PLAIN: Final = re.compile(r"{{-? *\w+ *-?}}|{%-? *(?:if +\w+|else|endif) *-?%}")
_WHAT: Final[tuple[tuple[type[nodes.Node], str], ...]] = (
    (nodes.For, "a loop"),
    (nodes.Getattr, "an attribute"),
    (nodes.Getitem, "an item"),
    (nodes.Call, "a call"),
    (nodes.Filter, "a filter"),
    (nodes.FilterBlock, "a filter"),
    (nodes.Test, "a test"),
    (nodes.Assign, "`set`"),
    (nodes.AssignBlock, "`set`"),
    (nodes.Macro, "a macro"),
    (nodes.CallBlock, "a call"),
    (nodes.Include, "an include"),
    (nodes.Import, "an import"),
    (nodes.FromImport, "an import"),
    (nodes.Extends, "`extends`"),
    (nodes.Block, "a block"),
    (nodes.Literal, "a value written out"),
    (nodes.BinExpr, "a calculation"),
    (nodes.UnaryExpr, "a calculation"),
    (nodes.CondExpr, "a condition within {{ }}"),
)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text, which was checked, with its values; without one there is nothing."""
    return filler(values)(text)


def filler(values: Mapping[str, str]) -> Callable[[str], str]:
    """Return what fills texts, many of them, with the same values."""
    known = {name: cleaned(value) for name, value in values.items()}

    def filled(text: str) -> str:
        # Most texts of a page are plain words, and stand as they are.
        if _WORDS_ALONE.fullmatch(text):
            return text
        return closed(_template(text).render(known))

    return filled


@lru_cache(maxsize=2048)
def names_in(text: str, *, always: bool = False) -> frozenset[str]:
    """Return the placeholders of a text; ``always``: those that stand outside of every condition.

    Raises `TextInvalid`.
    """
    return frozenset(one.name for one in _names_of(text) if one.always or not always)


def check(text: str, known: Collection[str], needed: Collection[str]) -> None:
    """Raise `TextInvalid` naming the spot and the mend, if a text does what a text may not."""
    for one in _names_of(text):
        if one.name not in known:
            mend = f"there is no {{{{ {one.name} }}}} here; use one of {', '.join(sorted(known))}"
            raise _invalid("unknown_name", one.line, one.name, mend)
    for name in sorted(set(needed) - names_in(text, always=True)):
        mend = f"say {{{{ {name} }}}} somewhere, outside of any {{% if %}}: nobody can do without"
        raise _invalid("missing_name", 0, name, mend)


def fits(text: str, known: Collection[str]) -> bool:
    """Whether a text that was kept can still be filled: another release may have checked it."""
    try:
        return names_in(text) <= set(known)
    except TextInvalid:
        return False


class _Name(NamedTuple):
    """A placeholder in a text."""

    name: str
    always: bool
    """Whether it stands outside of every condition."""
    line: int


class _NotForTexts(Exception):
    """A part of Jinja that a text may not use."""

    def __init__(self, node: nodes.Node, what: str) -> None:
        super().__init__(what)
        # Some nodes stand nowhere.
        self.line: int = node.lineno or 0
        self.what = what


def _names_of(text: str) -> list[_Name]:
    try:
        return list(_names(_environment().parse(text)))
    except _NotForTexts as error:
        mend = f"{error.what} is not for a text; it may hold words, {_MAY}"
        raise _invalid("not_for_texts", error.line, _spot(text, error.line), mend) from None
    except TemplateSyntaxError as error:
        told = (error.message or "it cannot be read").rstrip(".")
        mend = f"{told}; look at its braces: a text may hold words, {_MAY}"
        raise _invalid("unreadable", error.lineno, _spot(text, error.lineno), mend) from None
    except RecursionError:
        raise _invalid("unreadable", 0, "", "is nested too deeply; say it plainly") from None


def _names(node: nodes.Node, *, always: bool = True, depth: int = 0) -> Iterator[_Name]:
    """Yield each placeholder; raise for whatever is none."""
    if isinstance(node, nodes.Name):
        yield _Name(node.name, always, node.lineno)
    elif isinstance(node, nodes.If):
        yield from _of_condition(node, depth + 1)
    elif isinstance(node, (nodes.Template, nodes.Output)):
        for child in node.iter_child_nodes():
            yield from _names(child, always=always, depth=depth)
    elif not isinstance(node, nodes.TemplateData):
        raise _NotForTexts(node, _what(node))


def _of_condition(node: nodes.If, depth: int) -> Iterator[_Name]:
    if depth > _DEEPEST:
        raise _NotForTexts(node, "so deep a nest of conditions")
    if not isinstance(node.test, nodes.Name) or node.elif_:
        raise _NotForTexts(node, "a condition but for one name alone, as in {% if minimum %},")
    yield _Name(node.test.name, always=False, line=node.lineno)
    for child in (*node.body, *node.else_):
        yield from _names(child, always=False, depth=depth)


def _what(node: nodes.Node) -> str:
    return next((what for kind, what in _WHAT if isinstance(node, kind)), "this")


def _spot(text: str, line: int) -> str:
    """Return the first braces of a line that hold more than they may."""
    lines = text.split("\n")
    told = lines[line - 1] if 0 < line <= len(lines) else text
    return next((tag[0] for tag in _TAG.finditer(told) if not _PLAIN.fullmatch(tag[0])), "")


def _invalid(why: str, line: int, found: str, mend: str) -> TextInvalid:
    where = f"line {line}: " if line > 1 else ""
    at = f"{found[:80]}: " if why in ("not_for_texts", "unreadable") and found else ""
    return TextInvalid(field="text", mend=where + at + mend, why=why, line=line, found=found[:80])


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Plain text comes out: whoever writes a page of it escapes it there.
    made = ImmutableSandboxedEnvironment(
        autoescape=False,
        keep_trailing_newline=True,
        finalize=marked,
    )
    # Nothing but what is filled in has a name.
    made.globals.clear()
    return made


@lru_cache(maxsize=2048)
def _template(text: str) -> Template:
    return _environment().from_string(text)

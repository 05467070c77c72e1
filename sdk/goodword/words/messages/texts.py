"""Texts with placeholders: what they may hold, and how they are filled.

A text is Jinja's, and a small part of it: words, plain names, and ``{% if name %}`` with or without
``{% else %}``.  What else Jinja can do (loop, call, reach for attributes) is refused by looking at
the parsed text, and what is filled is filled in a sandbox all the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache, lru_cache
from typing import Final

from jinja2 import TemplateSyntaxError, nodes
from jinja2.environment import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from goodword.errors import TextInvalid

_FIELD: Final = "text"
_DEEPEST: Final = 8
_CJK: Final = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
# Signs of no language; around each value while a text is filled.
_BEGIN, _END = "\ue000", "\ue001"
# Chinese has a space beside Latin letters and digits alone.
_SPACE: Final = re.compile(
    f"(?<=[{_CJK}]) (?={_BEGIN}[{_CJK}])|(?<=[{_CJK}]{_END}) (?={_BEGIN}?[{_CJK}])"
)
_NO_CODE: Final = (
    "a text holds words, {{ names }} and {% if name %} … {% else %} … {% endif %}; take this out"
)
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
    (nodes.Const, "a value written out"),
)


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return a text, which was checked, with its values; without one there is nothing."""
    found = _template(text).render({name: _clean(value) for name, value in values.items()})
    return _SPACE.sub("", found).replace(_BEGIN, "").replace(_END, "")


@lru_cache(maxsize=2048)
def names_in(text: str, *, always: bool = False) -> frozenset[str]:
    """Return the placeholders of a text; ``always``: those that stand outside of every condition.

    Raises `TextInvalid`.
    """
    return frozenset(name for name, sure, _line in _names(_parsed(text)) if sure or not always)


def check(text: str, known: Collection[str], needed: Collection[str]) -> None:
    """Raise `TextInvalid` naming the spot and the mend, if a text does what a text may not."""
    for name, _sure, line in _names(_parsed(text)):
        if name not in known:
            mend = f"there is no {{{{ {name} }}}} here; use one of {', '.join(sorted(known))}"
            raise _invalid(line, name, mend)
    for name in sorted(set(needed) - names_in(text, always=True)):
        mend = f"say {{{{ {name} }}}} somewhere, outside of any {{% if %}}: nobody can do without"
        raise _invalid(0, name, mend)


def fits(text: str, known: Collection[str]) -> bool:
    """Whether a text that was kept can still be filled: another release may have checked it."""
    try:
        return names_in(text) <= set(known)
    except TextInvalid:
        return False


def _parsed(text: str) -> nodes.Template:
    try:
        return _environment().parse(text)
    except TemplateSyntaxError as error:
        mend = f"{error.message or 'it cannot be read'}; look at its braces"
        raise _invalid(error.lineno, text, mend) from None
    except RecursionError:
        raise _invalid(0, text, "is nested too deeply; say it in plain sentences") from None


def _names(
    node: nodes.Node, *, sure: bool = True, depth: int = 0
) -> Iterator[tuple[str, bool, int]]:
    """Yield each placeholder, whether it always stands, and its line; raise for all else."""
    if depth > _DEEPEST:
        raise _invalid(node.lineno, "{% if %}", "is nested too deeply; say it in plain sentences")
    if isinstance(node, nodes.Name):
        yield node.name, sure, node.lineno
    elif isinstance(node, nodes.If):
        yield from _of_condition(node, depth)
    elif isinstance(node, (nodes.Template, nodes.Output)):
        for child in node.iter_child_nodes():
            yield from _names(child, sure=sure, depth=depth)
    elif not isinstance(node, nodes.TemplateData):
        raise _invalid(node.lineno, _what(node), f"{_what(node)} is not for a text: {_NO_CODE}")


def _of_condition(node: nodes.If, depth: int) -> Iterator[tuple[str, bool, int]]:
    if not isinstance(node.test, nodes.Name) or node.elif_:
        mend = "ask for one name alone, as in {% if minimum %}, without elif, and, or, not"
        raise _invalid(node.lineno, "{% if %}", mend)
    yield node.test.name, False, node.lineno
    for child in (*node.body, *node.else_):
        yield from _names(child, sure=False, depth=depth + 1)


def _what(node: nodes.Node) -> str:
    return next((what for kind, what in _WHAT if isinstance(node, kind)), type(node).__name__)


def _invalid(line: int, found: str, mend: str) -> TextInvalid:
    where = f"in line {line}, " if line > 1 else ""
    return TextInvalid(field=_FIELD, mend=where + mend, line=line, found=found[:80])


def _clean(value: str) -> str:
    return value.replace(_BEGIN, "").replace(_END, "")


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    # Plain text comes out: whoever writes a page of it escapes it there.
    made = ImmutableSandboxedEnvironment(
        autoescape=False,
        keep_trailing_newline=True,
        finalize=lambda value: f"{_BEGIN}{value}{_END}",
    )
    # Nothing but what is filled in has a name.
    made.globals.clear()
    return made


@lru_cache(maxsize=2048)
def _template(text: str) -> Template:
    return _environment().from_string(text)

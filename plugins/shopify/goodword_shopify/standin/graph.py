"""Executes operations on the real schema: what a shop does not hold raises, it is never null."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLResolveInfo,
    execute,
    get_named_type,
    is_list_type,
    parse,
    validate,
)
from graphql import get_nullable_type as bare

from goodword_shopify.standin.asking import Asked, asked, fading
from goodword_shopify.standin.schema import Version, version

Json = dict[str, Any]
Roots = Mapping[str, Callable[..., Any]]
_ROOTS: Final = ("QueryRoot", "Mutation")
_MOST: Final = 250


class Unresolved(Exception):
    """The stand-in was asked for what it does not hold."""


class NotValid(Exception):
    """An operation that the schema does not know, in the words of the schema."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        self.errors = errors
        super().__init__("; ".join(error.message for error in errors))


@lru_cache(maxsize=256)
def understood(name: str, text: str) -> tuple[Version, DocumentNode]:
    """Return an operation of a version, understood and found valid; raise `NotValid`."""
    at = version(name)
    try:
        document = parse(text)
    except GraphQLError as error:
        raise NotValid([error]) from None
    wrong = validate(at.schema, document)
    if wrong:
        raise NotValid(wrong)
    return at, document


def fields(name: str, text: str, variables: Mapping[str, Any]) -> list[Asked]:
    """Return what an operation asks for."""
    return asked(*understood(name, text), variables)


def run(
    name: str, text: str, variables: Json, roots: Roots, *, whole: bool = False
) -> ExecutionResult:
    """Execute an operation; raise `Unresolved` for a field that nothing answers.

    ``whole``: connections are told in one piece, as in bulk.
    Raises it for an input, too, that Shopify still takes, and says that it will not for long.
    """
    at, document = understood(name, text)
    result = execute(
        at.schema,
        document,
        variable_values=variables,
        context_value=(roots, whole),
        field_resolver=_resolve,
    )
    assert isinstance(result, ExecutionResult)
    for error in result.errors or ():
        cause = error.original_error
        if isinstance(cause, Unresolved):
            raise cause
        if cause is not None and not isinstance(cause, GraphQLError):
            raise Unresolved(f"{error.path}: {cause!r}") from cause
    # What the schema does not take was refused without any data.
    for name in fading(at, document, variables) if result.data is not None else ():
        raise Unresolved(f"{name} is on its way out")
    return result


def _resolve(source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
    roots: Roots
    roots, whole = info.context
    if info.parent_type.name in _ROOTS:
        if info.field_name not in roots:
            raise Unresolved(f"{info.parent_type.name}.{info.field_name}")
        found = roots[info.field_name](**arguments)
    elif not isinstance(source, dict) or info.field_name not in source:
        raise Unresolved(f"{info.parent_type.name}.{info.field_name}")
    else:
        found = source[info.field_name]
        if callable(found):
            found = found(**arguments)
    if not isinstance(found, list):
        return found
    if get_named_type(info.return_type).name.endswith("Connection"):
        return all_of(found, **arguments) if whole else page(found, **arguments)
    first = arguments.get("first")
    return found[:first] if first and is_list_type(bare(info.return_type)) else found


def page(rows: list[Any], *, first: int = 0, after: str | None = None, **others: Any) -> Json:
    """Return one page of a list, forward only."""
    unknown = {name for name, value in others.items() if value} - _SORTED
    if unknown or not 1 <= first <= _MOST:
        raise Unresolved(f"a page by first={first}, {sorted(unknown)}")
    begin = int(after) + 1 if after else 0
    end = begin + first
    cursor = str(min(end, len(rows)) - 1) if rows[begin:] else None
    return {
        "nodes": rows[begin:end],
        "edges": [{"node": row, "cursor": str(n)} for n, row in enumerate(rows[begin:end], begin)],
        "pageInfo": {
            "hasNextPage": end < len(rows),
            "hasPreviousPage": begin > 0,
            "endCursor": cursor,
            "startCursor": str(begin) if rows[begin:] else None,
        },
    }


def all_of(rows: list[Any], **arguments: Any) -> Json:
    """Return a list in one piece; in bulk nobody asks for a page."""
    unknown = {name for name, value in arguments.items() if value} - _SORTED
    if unknown:
        raise Unresolved(f"in bulk by {sorted(unknown)}")
    return {"edges": [{"node": row} for row in rows]}


# A list is handed to `page` in the order that was asked for, filtered as it was asked for.
_SORTED: Final = frozenset({"sortKey", "reverse", "query"})

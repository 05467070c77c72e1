"""What Shopify asks of a query that is to be executed in bulk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    FieldNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    get_named_type,
    is_list_type,
)
from graphql import get_nullable_type as bare
from graphql.type import GraphQLNamedType, GraphQLOutputType

from goodword_shopify.standin.graph import NotValid, Unresolved, understood
from goodword_shopify.standin.schema import PINNED

CONNECTIONS_MOST: Final = 5
DEPTH_MOST: Final = 2
"""How deep connections may stand within a connection."""


@dataclass(frozen=True, slots=True)
class _Connection:
    above: int
    """Within how many other connections it stands."""
    in_list: bool
    edges: bool
    names_parent: bool
    """Whether what it holds can be told whose it is."""


def wrong_with(query: str) -> list[str]:
    """Return what keeps a query from being executed in bulk, in the shop's words."""
    try:
        at, document = understood(PINNED, query)
    except NotValid as wrong:
        return [f"Invalid bulk query: {error.message}" for error in wrong.errors]
    (operation,) = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    if operation.operation is not OperationType.QUERY or operation.variable_definitions:
        return ["Only a query without variables can be executed in bulk."]
    root = at.schema.query_type
    assert root is not None
    found = list(_Walk(at.schema.type_map).within(root, operation.selection_set))
    return list(_wrong(found, len(operation.selection_set.selections)))


def _wrong(found: list[_Connection], fields: int) -> Iterator[str]:
    if fields != 1:
        yield "Bulk queries have one top level field."
    if not found:
        yield "Bulk queries contain at least one connection."
    if len(found) > CONNECTIONS_MOST:
        yield f"Bulk queries cannot contain more than {CONNECTIONS_MOST} connections."
    if any(one.above > DEPTH_MOST for one in found):
        yield f"Bulk queries cannot nest connections deeper than {DEPTH_MOST}."
    if any(one.in_list for one in found):
        yield "A connection field within a list field is not supported in bulk."
    if not all(one.edges for one in found):
        yield "Connections in bulk are selected by 'edges' and 'node'."
    if not all(one.names_parent for one in found):
        yield "What holds a nested connection must select its 'id'."


class _Walk:
    """Finds the connections that a query selects, the outer ones first."""

    def __init__(self, types: Mapping[str, GraphQLNamedType]) -> None:
        self._types = types

    def within(
        self, parent: Any, chosen: SelectionSetNode, above: int = 0, *, in_list: bool = False
    ) -> Iterator[_Connection]:
        for one in chosen.selections:
            if isinstance(one, InlineFragmentNode):
                inner = self._types[one.type_condition.name.value] if one.type_condition else parent
                yield from self.within(inner, one.selection_set, above, in_list=in_list)
            elif not isinstance(one, FieldNode):
                raise Unresolved("a named fragment in bulk")
            elif one.selection_set is not None:
                field = parent.fields[one.name.value]
                yield from self._field(field.type, one.selection_set, above, in_list)

    def _field(
        self, of: GraphQLOutputType, chosen: SelectionSetNode, above: int, in_list: bool
    ) -> Iterator[_Connection]:
        named: Any = get_named_type(of)
        if not named.name.endswith("Connection"):
            listed = in_list or is_list_type(bare(of))
            yield from self.within(named, chosen, above, in_list=listed)
            return
        node = _node(chosen)
        inner = get_named_type(named.fields["nodes"].type)
        inside = list(self.within(inner, node, above + 1)) if node else []
        yield _Connection(
            above=above,
            in_list=in_list,
            edges=node is not None,
            names_parent=not inside or (node is not None and "id" in _names(node)),
        )
        yield from inside


def _node(chosen: SelectionSetNode) -> SelectionSetNode | None:
    """Return what is chosen of each node; None unless by way of its edge."""
    for name in ("edges", "node"):
        found = [
            one
            for one in chosen.selections
            if isinstance(one, FieldNode) and one.name.value == name and one.selection_set
        ]
        if not found:
            return None
        assert found[0].selection_set is not None
        chosen = found[0].selection_set
    return chosen


def _names(chosen: SelectionSetNode) -> set[str]:
    return {
        one.name.value
        for one in chosen.selections
        if isinstance(one, FieldNode) and one.alias is None
    }

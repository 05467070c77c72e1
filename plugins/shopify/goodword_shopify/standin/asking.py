"""What an operation asks for: which scopes it needs, and what it costs at most."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLObjectType,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    is_composite_type,
    is_list_type,
    type_from_ast,
    value_from_ast_untyped,
)
from graphql import get_nullable_type as bare
from graphql.type import GraphQLField, GraphQLNamedType

from goodword_shopify.standin.schema import Version

MOST: Final = 1000
"""What one operation may cost."""
_MUTATION: Final = 10


@dataclass(frozen=True, slots=True)
class Asked:
    """One field as an operation asks for it."""

    parent: str
    name: str
    returns: str
    path: tuple[str, ...]
    times: int
    """How often at most it is answered; a list of which nobody says the length counts once."""
    composite: bool


def asked(version: Version, document: DocumentNode, variables: Mapping[str, Any]) -> list[Asked]:
    """Return every field that a document's operations ask for."""
    return list(_Walk(version, document, variables).all())


def fading(version: Version, document: DocumentNode, variables: Mapping[str, Any]) -> Iterator[str]:
    """Yield what of its variables is on its way out, like ``GiftCardCreateInput.initialValue``."""
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            for one in operation.variable_definitions or ():
                kind: Any = type_from_ast(version.schema, one.type)
                yield from _fading(get_named_type(kind), variables.get(one.variable.name.value))


def _fading(kind: GraphQLNamedType, value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _fading(kind, one)
    elif isinstance(kind, GraphQLEnumType) and kind.values[value].deprecation_reason:
        yield f"{kind.name}.{value}"
    elif isinstance(kind, GraphQLInputObjectType) and value is not None:
        for name, inner in value.items():
            if kind.fields[name].deprecation_reason:
                yield f"{kind.name}.{name}"
            yield from _fading(get_named_type(kind.fields[name].type), inner)


def cost(fields: list[Asked]) -> int:
    """Return the most that it costs: a change 10, an object 1 as often as it is answered."""
    return sum(
        _MUTATION if one.parent == "Mutation" else one.times for one in fields if one.composite
    )


def lacking(version: Version, fields: list[Asked], granted: frozenset[str]) -> list[Asked]:
    """Return the fields that these scopes do not open."""
    held = granted | {scope.replace("write_", "read_", 1) for scope in granted}
    return [one for one in fields if not all(need & held for need in needed(version, one))]


def needed(version: Version, field: Asked) -> tuple[frozenset[str], ...]:
    """Return what a field needs: of each set any one scope."""
    names = (f"{field.parent}.{field.name}", field.returns)
    return tuple(version.scopes[name] for name in names if name in version.scopes)


def _usual(document: DocumentNode) -> Iterator[tuple[str, Any]]:
    """Yield what variables are where nobody gives them."""
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            for one in operation.variable_definitions or ():
                if one.default_value is not None:
                    yield one.variable.name.value, value_from_ast_untyped(one.default_value)


class _Walk:
    def __init__(
        self, version: Version, document: DocumentNode, variables: Mapping[str, Any]
    ) -> None:
        self._schema = version.schema
        self._document = document
        self._variables = dict(_usual(document)) | dict(variables)
        self._fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }

    def all(self) -> Iterator[Asked]:
        for operation in self._document.definitions:
            if isinstance(operation, OperationDefinitionNode):
                root = self._schema.get_root_type(operation.operation)
                assert root is not None
                yield from self._selected(root, operation.selection_set, (), 1)

    def _selected(
        self, parent: GraphQLNamedType, chosen: SelectionSetNode, path: tuple[str, ...], times: int
    ) -> Iterator[Asked]:
        for one in chosen.selections:
            if isinstance(one, FieldNode):
                yield from self._field(parent, one, path, times)
            elif isinstance(one, InlineFragmentNode):
                name = one.type_condition.name.value if one.type_condition else parent.name
                inner = self._schema.type_map[name]
                yield from self._selected(inner, one.selection_set, path, times)
            elif isinstance(one, FragmentSpreadNode):
                named = self._fragments[one.name.value]
                inner = self._schema.type_map[named.type_condition.name.value]
                yield from self._selected(inner, named.selection_set, path, times)

    def _field(
        self, parent: GraphQLNamedType, node: FieldNode, path: tuple[str, ...], times: int
    ) -> Iterator[Asked]:
        name = node.name.value
        if name.startswith("__"):
            return
        assert isinstance(parent, GraphQLObjectType) or hasattr(parent, "fields")
        field: GraphQLField = parent.fields[name]
        of = get_named_type(field.type)
        size = self._size(node, is_list_type(bare(field.type)))
        # What a connection holds is counted, not the connection itself.
        often = times * (size if size is not None and is_list_type(bare(field.type)) else 1)
        inside = times * size if size is not None else times
        here = (*path, node.alias.value if node.alias else name)
        composite = is_composite_type(of) and not of.name.endswith(("Connection", "PageInfo"))
        yield Asked(parent.name, name, of.name, here, often, composite)
        if node.selection_set is not None:
            yield from self._selected(of, node.selection_set, here, inside)

    def _size(self, node: FieldNode, is_list: bool) -> int | None:
        given = {one.name.value: one.value for one in node.arguments or ()}
        if is_list and "ids" in given:
            return len(self._given(given["ids"]) or ())
        for name in ("first", "last"):
            if name in given:
                return int(self._given(given[name]) or 0)
        return None

    def _given(self, value: ValueNode) -> Any:
        if isinstance(value, VariableNode):
            return self._variables.get(value.name.value)
        return value_from_ast_untyped(value)

"""All JSON: values to and from plain JSON, derived from their annotations.

Two readers for two needs.  `schema` makes a marshmallow Schema for what strangers send: it checks
everything and names the field.  `pack` and `unpack` are for our own tables: they trust what they
wrote, leave out what is empty by default, and cost a few microseconds on the hot path.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import types
import typing
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, IntEnum
from functools import cache, partial
from typing import Any, Final, Self, TypeVar, cast

from marshmallow import RAISE, Schema, ValidationError, fields, post_load

T = TypeVar("T")
_Turn = Callable[[Any], Any]
_MANY: Final = (tuple, Collection, Sequence)


_ENCODE: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


def pack(value: object, *, leave_out: Sequence[str] = ()) -> str:
    """Return the value as compact JSON for our own tables, without the fields to be left out."""
    packed = plain(value)
    for name in leave_out:
        packed.pop(name, None)
    return _ENCODE(packed)


def read(kind: type[T], data: Any) -> T:
    """Return the value that another process told as plain JSON data.

    What it says beyond what we know is left aside: it may be a newer release.
    """
    return cast(T, _unpacker(cast(Any, kind), forgiving=True)(data))


def unpack(kind: type[T], text: str) -> T:
    """Return the value that `pack` wrote."""
    return cast(T, _unpacker(cast(Any, kind))(json.loads(text)))


def plain(value: object) -> Any:
    """Return the value as plain JSON data: dicts, lists, texts, whole numbers."""
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return _packer(_kind(value))(value)


def fingerprint(value: object, *, leave_out: Sequence[str] = ()) -> str:
    """Return a short text that is equal for equal facts, the fields left out aside."""
    return hashlib.sha256(pack(value, leave_out=leave_out).encode()).hexdigest()[:32]


@cache
def _packer(kind: Any) -> _Turn:
    if dataclasses.is_dataclass(kind):
        return _dataclass_packer(cast(type, kind))
    if isinstance(kind, type) and issubclass(kind, Enum):
        return lambda one: one.value
    if kind is datetime:
        return datetime.isoformat
    if kind is Decimal:
        return str
    item = _item_of(kind)
    if item is not None:
        turn = _packer(item)
        return lambda many: [turn(one) for one in many]
    return _same


def _dataclass_packer(kind: type) -> _Turn:
    hints = typing.get_type_hints(kind)
    rows = [(f.name, f.default, _packer(_bare(hints[f.name]))) for f in dataclasses.fields(kind)]

    def turn(value: Any) -> dict[str, Any]:
        packed = {}
        for name, default, convert in rows:
            item = getattr(value, name)
            # Only what says nothing is left out: a default like 14 days may be another one day.
            if not item and item == default:
                continue
            packed[name] = item if convert is _same or item is None else convert(item)
        return packed

    return turn


@cache
def _unpacker(kind: Any, *, forgiving: bool = False) -> _Turn:
    inner = partial(_unpacker, forgiving=forgiving)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        rows = {f.name: inner(_bare(hints[f.name])) for f in dataclasses.fields(kind)}
        make = cast(Callable[..., Any], kind)

        def turn(packed: Mapping[str, Any]) -> Any:
            return make(
                **{
                    name: item if item is None else rows[name](item)
                    for name, item in packed.items()
                    if not forgiving or name in rows
                }
            )

        return turn
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind
    if kind is datetime:
        return datetime.fromisoformat
    if kind is Decimal:
        return Decimal
    item = _item_of(kind)
    if item is not None:
        convert = inner(item)
        return lambda many: tuple([convert(one) for one in many])
    return _same


def _kind(value: object) -> Any:
    return type(value)


def _same(value: Any) -> Any:
    return value


def _bare(kind: Any) -> Any:
    """Return the annotation without ``| None``."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        (kind,) = [part for part in typing.get_args(kind) if part is not type(None)]
    return kind


def _item_of(kind: Any) -> Any:
    return typing.get_args(kind)[0] if typing.get_origin(kind) in _MANY else None


def said(**messages: str) -> Any:
    """Return what a field says of what it cannot read, by marshmallow's names."""
    return messages


# What every field says of nothing; a kind of field adds how it is written.
_OF_NOTHING: Final = said(required="is missing", null="may not be null")


class Text(fields.String):
    """A text; a number is none, nor is a list."""

    default_error_messages = said(invalid="write it as text")


class Flag(fields.Boolean):
    """``true`` or ``false``: neither ``1`` nor ``"true"``."""

    default_error_messages = said(invalid="write true or false")

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


class WholeNumber(fields.Integer):
    """A whole number: JSON's ``3.0`` is one, ``3.5``, ``"3"`` and ``true`` are not."""

    default_error_messages = said(invalid="write a whole number")

    def _validated(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or value % 1:
            raise self.make_error("invalid", input=value)
        return int(value)


class Utc(fields.AwareDateTime):
    """A moment with its offset, kept in UTC."""

    default_error_messages = said(
        invalid="write a moment like 2026-11-22T09:20:00Z",
        invalid_awareness="write its offset too, like 2026-11-22T17:20:00+08:00",
    )

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> datetime:
        moment = super()._deserialize(value, attr, data, **kwargs)
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from None


def schema(kind: Any, *, leave_out: tuple[str, ...] = ()) -> type[Schema]:
    """Return the marshmallow Schema of a value, derived from its annotations.

    ``leave_out`` names fields that a caller cannot set; with any of them it loads the others as a
    dict, for whoever knows the rest.
    """
    return _schema_of(kind, leave_out)


@cache
def _schema_of(kind: Any, leave_out: tuple[str, ...]) -> type[Schema]:
    hints = typing.get_type_hints(kind)
    made: dict[str, Any] = {
        f.name: field_of(hints[f.name], required=_is_required(f))
        for f in dataclasses.fields(kind)
        if f.name not in leave_out
    }
    if not leave_out:

        def make(self: Schema, data: dict[str, Any], **kwargs: Any) -> Any:
            return kind(**data)

        made["make"] = post_load(make)
    without = "".join(f"Without{name.title()}" for name in leave_out)
    return _schema(f"{kind.__name__}{without}Schema", made)


def members(name: str, made: Mapping[str, fields.Field[Any]]) -> type[Schema]:
    """Return the Schema of an object with these members, which loads as a dict."""
    return _schema(name, made)


def _schema(name: str, made: Mapping[str, Any]) -> type[Schema]:
    meta = type("Meta", (), {"unknown": RAISE})
    return cast("type[Schema]", type(name, (_Dumping,), {**made, "Meta": meta}))


class _Dumping(Schema):
    """A Schema that dumps a value as `plain` does: what is empty by default is left out."""

    error_messages = said(
        unknown="is not known here: look at its spelling", type="give a JSON object"
    )

    def __deepcopy__(self, _memo: dict[int, Any]) -> Self:
        # Nothing changes it: whoever describes a route copies it again and again.
        return self

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:
        return plain(obj) if dataclasses.is_dataclass(obj) else super().dump(obj, many=many)


def field_of(kind: Any, *, required: bool = True) -> fields.Field[Any]:
    """Return the field of an annotation."""
    return _field(kind, required=required, allow=_allows_none(kind))


def _is_required(field: dataclasses.Field[Any]) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _allows_none(kind: Any) -> bool:
    return type(None) in typing.get_args(kind)


def _field(kind: Any, *, required: bool = True, allow: bool = False) -> fields.Field[Any]:
    kind = _bare(kind)
    options: dict[str, Any] = {
        "required": required,
        "allow_none": allow,
        "error_messages": _OF_NOTHING,
    }
    item = _item_of(kind)
    if item is not None:
        return _Tuple(_field(item), **options)
    if dataclasses.is_dataclass(kind):
        return fields.Nested(schema(cast(type, kind)), **options)
    if issubclass(kind, IntEnum):
        return fields.Enum(kind, by_value=WholeNumber, **options)
    if issubclass(kind, Enum):
        return fields.Enum(kind, by_value=True, **options)
    return _PLAIN[kind](**options)


class _Tuple(fields.List[Any]):
    """A list that arrives as a tuple, since values are frozen."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        return tuple(super()._deserialize(value, attr, data, **kwargs))


class Percent(fields.Decimal):
    """A percentage as text; a JSON float would already have lost its digits."""

    PATTERN: Final = r"^-?[0-9]+(\.[0-9]+)?(E[+-]?[0-9]+)?$"
    _WRITTEN: Final = re.compile(PATTERN)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole and not (isinstance(value, str) and self._WRITTEN.fullmatch(value)):
            raise ValidationError("write it as text, like '12.5'")
        return super()._deserialize(value, attr, data, **kwargs)


_PLAIN: dict[Any, Callable[..., fields.Field[Any]]] = {
    str: Text,
    int: WholeNumber,
    bool: Flag,
    datetime: Utc,
    Decimal: lambda **options: Percent(as_string=True, **options),
}

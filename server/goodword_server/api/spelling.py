"""How values are spelled in an address: as texts, and each in one way only."""

from __future__ import annotations

import re
from typing import Any, Final

from marshmallow import fields

from goodword import wire

_COUNT: Final = re.compile(r"-?[0-9]{1,18}")
_FLAGS: Final = {"true": True, "false": False}


class Count(fields.Integer):
    """A whole number in a query."""

    default_error_messages = wire.said(invalid="write a whole number")

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> int:
        if not _COUNT.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return int(value)


class Flag(fields.Boolean):
    """``true`` or ``false`` in a query."""

    default_error_messages = wire.said(invalid="write true or false")

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> bool:
        if value not in _FLAGS:
            raise self.make_error("invalid", input=value)
        return _FLAGS[value]


def field_of(kind: Any, *, required: bool) -> fields.Field[Any]:
    """Return the field of an annotation, for a query."""
    made = {int: Count, bool: Flag}.get(kind)
    return made(required=required) if made else wire.field_of(kind, required=required)

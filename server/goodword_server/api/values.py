"""Every kind of value that travels, by its name in the description."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Mapping
from typing import Final

from goodword.model import (
    credit,
    followup,
    invitation,
    ledger,
    money,
    order,
    outcome,
    people,
    program,
    terms,
    webhook,
    worth,
)
from goodword_server.problems import Problem

_MODULES: Final = (
    credit,
    followup,
    invitation,
    ledger,
    money,
    order,
    outcome,
    people,
    program,
    terms,
    webhook,
    worth,
)
VALUES: Final[Mapping[str, type]] = {
    **{
        name: kind
        for module in _MODULES
        for name, kind in inspect.getmembers(module, dataclasses.is_dataclass)
        if isinstance(kind, type)
    },
    "CodeWithLink": people.Code,
    "Problem": Problem,
}

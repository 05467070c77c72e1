"""Every kind of value that travels, by its name in the description."""

from __future__ import annotations

import dataclasses
import inspect
from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from goodword import model
from goodword.model import people
from goodword_server.problems import Problem


def _of_the_model() -> Iterator[tuple[str, type]]:
    # Looked for, not listed: a value that comes later is described by its own words, too.
    for module in iter_modules(model.__path__, f"{model.__name__}."):
        for name, kind in inspect.getmembers(import_module(module.name), dataclasses.is_dataclass):
            if isinstance(kind, type):
                yield name, kind


VALUES: Final[Mapping[str, type]] = {
    **dict(_of_the_model()),
    "CodeWithLink": people.Code,
    "Problem": Problem,
}

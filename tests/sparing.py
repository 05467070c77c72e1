"""What a thousand tests would do over and over, done once, or when it is first needed."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from types import CodeType
from typing import Any, Final

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

from goodword import plugins

# Python's own are 700, 10 and 10: all that is imported would be gone through for each app.
_GARBAGE: Final = (20_000, 20, 20)
_Compile = Callable[[Rule, bool], Callable[..., tuple[str, str]]]


def spare() -> None:
    """Do less for each app and each house; nothing of it changes what they do."""
    Rule._compile_builder = _when_needed(Rule._compile_builder)  # type: ignore[assignment, method-assign]
    Flask.jinja_options = {"bytecode_cache": _Compiled()}
    # What is installed stays so during a run.
    vars(plugins)["entry_points"] = cache(entry_points)


class _Compiled(BytecodeCache):
    """Templates that an app before has compiled: all apps have the same."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key, bucket.checksum] = bucket.code


def spare_garbage() -> None:
    """Look for garbage among what tests leave, and not among all that was imported."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


def _when_needed(compiled: _Compile) -> _Compile:
    """Put off what writes a rule's addresses: few tests ask for one, and it is half of an app."""

    def put_off(rule: Rule, append_unknown: bool = True) -> Any:
        made = cache(lambda: compiled(rule, append_unknown))
        return lambda self, **given: made()(self, **given)

    return put_off

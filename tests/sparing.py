"""What a thousand tests would do over and over, done once, or when it is first needed."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache
from importlib.metadata import entry_points
from typing import Any, Final

from werkzeug.routing import Rule

from goodword import plugins

# Python's own are 700, 10 and 10: all that is imported would be gone through for each app.
_GARBAGE: Final = (20_000, 20, 20)
_Compile = Callable[[Rule, bool], Callable[..., tuple[str, str]]]


def spare() -> None:
    """Do less for each app and each house; nothing of it changes what they do."""
    Rule._compile_builder = _when_needed(Rule._compile_builder)  # type: ignore[assignment, method-assign]
    # What is installed stays so during a run.
    vars(plugins)["entry_points"] = cache(entry_points)


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

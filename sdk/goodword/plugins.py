"""What is plugged in: which plugins can be used, and which lack something that they need."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from goodword.errors import Invalid


@dataclass(frozen=True, slots=True)
class Lacking:
    """A plugin without something that it needs: it came along, and what is its own did not."""

    module: str
    """What is not installed."""
    mend: str


def every(group: str) -> dict[str, Any]:
    """Return what can be used of a group, by name."""
    found = {entry.name: _loaded(entry) for entry in entry_points(group=group)}
    return {name: one for name, one in found.items() if not isinstance(one, Lacking)}


def lacking(group: str) -> dict[str, Lacking]:
    """Return what cannot be used of a group, by name."""
    found = {entry.name: _loaded(entry) for entry in entry_points(group=group)}
    return {name: one for name, one in found.items() if isinstance(one, Lacking)}


def named(group: str, name: str) -> Any:
    """Return the one of this name; raise `Invalid` that says what to install."""
    try:
        (entry,) = entry_points(group=group, name=name)
    except ValueError:
        known = ", ".join(sorted(entry.name for entry in entry_points(group=group))) or "none"
        mend = f"{name!r} is not installed; installed: {known}"
        raise Invalid(field=_field(group), mend=mend) from None
    found = _loaded(entry)
    if isinstance(found, Lacking):
        mend = f"{name!r} needs {found.module}, which is not installed; {found.mend}"
        raise Invalid(field=_field(group), mend=mend)
    return found


def _field(group: str) -> str:
    return group.rpartition(".")[2].removesuffix("s")


def _loaded(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except ModuleNotFoundError as error:
        if error.name is None:
            raise
        return Lacking(error.name, f"install {_whole(entry) or error.name}")


def _whole(entry: EntryPoint) -> str | None:
    """Return what installs a plugin with all that it needs, if its package tells."""
    told = None if entry.dist is None else entry.dist.metadata
    if told is None or entry.name not in (told.get_all("Provides-Extra") or ()):
        return None
    return f"{told['Name']}[{entry.name}]"

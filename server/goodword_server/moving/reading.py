"""The files of a move, read as often as it takes, each row as what it stands for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final, Generic, TypeVar

from marshmallow import ValidationError

from goodword import wire
from goodword.model.moving import Wrong
from goodword.model.program import Program
from goodword_server import spreadsheets
from goodword_server.api.asking import first_told
from goodword_server.moving.columns import Cells, Misfit, Usual
from goodword_server.spreadsheets import Columns, Unreadable

T = TypeVar("T")
Told = Callable[[int], None]
"""Is told how many bytes more were read."""
_TELL_EACH: Final = 500
_JSON_MOST: Final = 16 * 2**20


def _nobody(_read: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """One CSV file; what cannot be read of it comes as `Wrong`."""

    kind: str
    path: Path
    columns: Columns
    turn: Callable[[Cells, int, Usual], T]
    usual: Usual
    tell: Told = _nobody

    def __iter__(self) -> Iterator[T | Wrong]:
        with self.path.open("rb") as file:
            try:
                yield from self._rows(file)
            except Unreadable as error:
                yield replace(error.wrong, kind=self.kind)

    def _rows(self, file: BinaryIO) -> Iterator[T | Wrong]:
        turn, usual, before = self.turn, self.usual, 0
        for number, row in enumerate(spreadsheets.read(file, self.columns)):
            if number % _TELL_EACH == 0:
                self.tell(file.tell() - before)
                before = file.tell()
            if isinstance(row, Wrong):
                yield replace(row, kind=self.kind)
                continue
            try:
                yield turn(row.cells, row.line, usual)
            except Misfit as error:
                yield Wrong("cell", error.mend, row.line, error.column, self.kind)
        self.tell(self.path.stat().st_size - before)


def columns(
    names: Mapping[str, Sequence[str]], needed: Sequence[str], ignored: Iterable[str]
) -> Columns:
    """Return the columns that a file of a move may have."""
    return Columns(names, needed, frozenset(name.strip().lower() for name in ignored))


@dataclass(frozen=True, slots=True)
class Programs:
    """Programs as `goodword export` writes them: every version, in JSON."""

    path: Path

    def __iter__(self) -> Iterator[Program | Wrong]:
        with self.path.open("rb") as file:
            data = file.read(_JSON_MOST + 1)
        try:
            found = json.loads(data) if len(data) <= _JSON_MOST else None
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list):
            mend = "is no list of programs in JSON, as `goodword export` writes it"
            yield Wrong("json", mend, kind="programs")
            return
        for number, one in enumerate(found, start=1):
            yield _program(one, number)


def _program(one: Any, number: int) -> Program | Wrong:
    try:
        program: Program = wire.schema(Program)().load(one)
    except ValidationError as error:
        field, mend = first_told(error.messages)
        return Wrong("json", mend, number, field, "programs")
    return program

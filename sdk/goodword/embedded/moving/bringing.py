"""Bringing in what another tool knew: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, TypeVar

from goodword.embedded.moving.advocates import Advocates
from goodword.embedded.moving.codes import Codes
from goodword.embedded.moving.past import Past
from goodword.embedded.moving.report import KINDS, Report
from goodword.errors import Invalid, ProgramInvalid, UnknownProgram
from goodword.model.moving import MovedAdvocate, MovedCode, MovedIn, PastReferral, Wrong
from goodword.model.program import Program
from goodword.rules import programs as program_rules
from goodword.rules.moving import Fate, Fault
from goodword.storage import bulk, programs
from goodword.storage.desk import Desk
from goodword.storage.locks import alone
from goodword.storage.sql import Book

T = TypeVar("T")
_TRIES: Final = 3


@dataclass(frozen=True, slots=True)
class Load:
    """All that comes at once."""

    program: str
    programs: Iterable[Program | Wrong] = ()
    advocates: Iterable[MovedAdvocate | Wrong] = ()
    codes: Iterable[MovedCode | Wrong] = ()
    referrals: Iterable[PastReferral | Wrong] = ()


class _Undone(Exception):
    """All of it was looked at, and is not to be kept."""

    def __init__(self, told: MovedIn) -> None:
        self.told = told


def bring_in(desk: Desk, load: Load, *, dry_run: bool) -> MovedIn:
    """Bring in all of it; raise `RowsInvalid` with everything that is wrong."""
    for kind in KINDS:
        rows = getattr(load, kind)
        if iter(rows) is rows:
            raise Invalid(field=kind, mend="can be read once only; give a list, or what reads anew")
    now = desk.now()

    def work(book: Book) -> MovedIn:
        told = _bring(book, load, now)
        if dry_run:
            # What would be done is what was done, and is undone.
            raise _Undone(told)
        return told

    try:
        return _tried(lambda: desk.write(work))
    except _Undone as undone:
        return undone.told


def _tried(call: Callable[[], T]) -> T:
    """Once more from the start, if somebody else wrote one of the rows meanwhile."""
    for tries in range(1, _TRIES + 1):
        try:
            return call()
        except Exception as error:
            if tries == _TRIES or not bulk.is_taken(error):
                raise
    raise AssertionError("not reached")


def _bring(book: Book, load: Load, now: datetime) -> MovedIn:
    alone(book, "moving")
    report = Report()
    _bring_programs(book, load.programs, report)
    program = programs.newest(book, load.program)
    if program is None:
        report.check()
        raise UnknownProgram(name=load.program)
    codes = Codes(book, program, report, now)
    Advocates(book, program, codes, report, now).bring(load.advocates)
    codes.bring_all(load.codes)
    codes.draw()
    Past(book, program, codes, report, now).bring(load.referrals)
    report.check()
    return report.told()


def _bring_programs(book: Book, rows: Iterable[Program | Wrong], report: Report) -> None:
    """Keep the versions of programs as they were saved; one that is here must be the same."""
    grants = programs.grants(book)
    for place, one in enumerate(report.readable(rows), start=1):
        before = {kept.version: kept for kept in programs.versions(book, one.name)}
        fault = _fault_of_program(one, before, place)
        if one.version in before and before[one.version] == one:
            report.count("programs", Fate.STANDS)
            continue
        try:
            program_rules.check(replace(one, version=0, saved=None), grants)
        except ProgramInvalid as error:
            fault = Fault(str(error.facts["field"]), str(error.facts["mend"]))
        if fault is not None:
            report.blame("programs", place, fault)
            continue
        report.count("programs", Fate.NEW)
        programs.add(book, one)


def _fault_of_program(one: Program, before: dict[int, Program], place: int) -> Fault | None:
    if one.version in before:
        mend = f"version {one.version} of {one.name!r} is another one here; leave it out"
        return Fault("version", mend)
    if one.version != len(before) + 1 or one.saved is None:
        return Fault("version", "give every version, from 1 on, with the moment of its saving")
    return None

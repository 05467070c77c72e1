"""A program rests, and goes on: what it promised before is kept, and nothing new is promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from goodword.errors import UnknownProgram
from goodword.model.program import Program
from goodword.storage import deeds, pauses, programs
from goodword.storage.locks import alone
from goodword.storage.sql import Book


def pause(book: Book, name: str, now: datetime) -> Program:
    """Pause a program, and let its friends' coupons be switched off; twice is once."""
    alone(book, f"program {name}")
    program = found(book, name)
    if program.paused is not None:
        return program
    pauses.begin(book, name, now)
    deeds.adjust_gifts(book, name, now)
    return replace(program, paused=now)


def resume(book: Book, name: str, now: datetime) -> Program:
    """Let a program go on, and its friends' coupons be switched on again; twice is once."""
    alone(book, f"program {name}")
    program = found(book, name)
    if program.paused is None:
        return program
    pauses.end(book, name, now)
    deeds.adjust_gifts(book, name, now)
    return replace(program, paused=None)


def found(book: Book, name: str) -> Program:
    """Return the newest version, and since when it is paused; raise `UnknownProgram`."""
    program = programs.newest(book, name)
    if program is None:
        raise UnknownProgram(name=name)
    return replace(program, paused=pauses.since(book, name))


def every(book: Book) -> Sequence[Program]:
    """Return the newest version of each program, and since when it is paused."""
    since = pauses.every(book)
    return [replace(one, paused=since.get(one.name)) for one in programs.every(book)]

"""Many who speak at once: sixteen threads at one engine, or four processes with one each."""

from __future__ import annotations

import multiprocessing
import random
import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import BrokenBarrierError
from typing import Any, TypeVar

import psycopg
import pytest

import goodword
from goodword import Order
from goodword.embedded.engine import Engine
from tests.postgres import name_in
from tests.sdk.builders import Clock, at_once
from tests.sdk.invariants import (
    INVARIANTS,
    Invariant,
    no_account_ever_held_less_than_nothing,
    no_more_is_reversed_than_was_earned,
)

T = TypeVar("T")
Call = Callable[[Engine], T]
Said = list[T | Exception]
SHOP = "tea-house"
AT_EVERY_MOMENT = (no_account_ever_held_less_than_nothing, no_more_is_reversed_than_was_earned)
PATIENCE = 120.0


def a_database(request: pytest.FixtureRequest) -> str:
    """Return the URL of what the parameter asks for: a database, and its isolation."""
    name, _, isolation = request.param.partition(", ")
    url: str = request.getfixturevalue(f"on_{name}")
    if isolation:
        with psycopg.connect(url, autocommit=True) as connection:
            set_for_all = f"ALTER DATABASE {name_in(url)} SET default_transaction_isolation"
            connection.execute(f"{set_for_all} = '{isolation}'")
    return url


class Crowd(ABC):
    """Speakers on one database."""

    size: int
    invariants: Sequence[Invariant] = INVARIANTS
    """What must hold of the book when all have spoken."""

    @abstractmethod
    def let(self, speeches: Sequence[Sequence[Call[T]]]) -> Said[T]:
        """Let each speaker make its calls, all beginning at once; return what each call gave."""

    def all(self, calls: Iterable[Call[T]]) -> Said[T]:
        """Let every speaker make all the calls, each in a sequence of its own."""
        told = list(calls)
        shuffled = [random.Random(speaker).sample(told, len(told)) for speaker in range(self.size)]
        return self.let(shuffled)

    def shared(self, calls: Iterable[Call[T]]) -> Said[T]:
        """Deal the calls out, so that each is made once."""
        told = list(calls)
        return self.let([told[speaker :: self.size] for speaker in range(self.size)])


class Threads(Crowd):
    """Threads of this process."""

    size = 16

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def let(self, speeches: Sequence[Sequence[Call[T]]]) -> Said[T]:
        said = at_once(*(partial(speak, self._engine, speech) for speech in speeches))
        return flat(said)


class Processes(Crowd):
    """Processes, each with an engine of its own."""

    size = 4
    # Processes share no count: within a millisecond their ids do not tell who wrote first.
    invariants = tuple(one for one in INVARIANTS if one not in AT_EVERY_MOMENT)

    def __init__(self, four: Four, url: str, at: Callable[[], datetime]) -> None:
        self._four = four
        self._url = url
        self._at = at

    def let(self, speeches: Sequence[Sequence[Call[T]]]) -> Said[T]:
        # Whatever went wrong before was another crowd's.
        self._four.together.reset()
        asked = [
            self._four.pool.submit(speak_there, self._url, self._at(), speech)
            for speech in speeches
        ]
        ended = [one.exception(PATIENCE) for one in asked]
        for trouble in sorted(filter(None, ended), key=_is_anothers):
            raise trouble
        return flat([one.result() for one in asked])


def _is_anothers(trouble: BaseException) -> bool:
    return isinstance(trouble, BrokenBarrierError)


def tell(order: Order, engine: Engine) -> str:
    return engine.of(SHOP).record_order(order).result


def troubles(said: Said[T]) -> list[Exception]:
    """What was raised."""
    return [one for one in said if isinstance(one, Exception)]


def answers(said: Said[T]) -> list[T]:
    """What was answered, if nothing was raised."""
    for trouble in troubles(said):
        raise trouble
    return [one for one in said if not isinstance(one, Exception)]


def speak(engine: Engine, speech: Sequence[Call[T]]) -> Said[T]:
    """Make calls one after another."""
    return [answer(engine, call) for call in speech]


def answer(engine: Engine, call: Call[T]) -> T | Exception:
    try:
        return call(engine)
    except Exception as error:
        return error


def flat(speakers: Iterable[Said[T] | Exception]) -> Said[T]:
    said: Said[T] = []
    for one in speakers:
        if isinstance(one, Exception):
            raise one
        said += one
    return said


# What runs in another process.

_together: Any = None


@dataclass
class Four:
    """Four processes, and where they meet."""

    pool: Executor
    together: Any


@contextmanager
def four_processes() -> Iterator[Four]:
    """Start them once: to import the library takes longer than most tests."""
    # Not forked: a fork would share connections and locks, as no two servers do.
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(Processes.size)
    with ProcessPoolExecutor(Processes.size, context, _begin, (together,)) as pool:
        yield Four(pool, together)


def _begin(together: Any) -> None:
    global _together
    _together = together
    warnings.simplefilter("error")


def speak_there(url: str, at: datetime, speech: Sequence[Call[T]]) -> Said[T]:
    engine = goodword.embed(url, clock=Clock(at))
    try:
        # Opened before, so that they clash in their verbs.
        engine.of(SHOP).programs.list()
        # Whoever waits here takes no second speech: so each is made by a process of its own.
        _together.wait(PATIENCE)
        return speak(engine, speech)
    except BaseException:
        # Or the others would wait in vain.
        _together.abort()
        raise
    finally:
        engine.close()

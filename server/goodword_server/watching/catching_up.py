"""What a shop sold before it was joined is read in bulk, if the shop lets itself be asked so.

How far it came is kept with the round: whoever is interrupted, or killed, goes on from there.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, NamedTuple, NoReturn

from goodword.bulk import Bulk
from goodword.errors import TillTrouble
from goodword_server.reading import Reader
from goodword_server.watching import backfill, taking
from goodword_server.watching.backfill import Backfill, State
from goodword_server.watching.step import BrokenOff, NotYet, Step

CURSOR: Final = "cursor"
"""In a round's notes: the moment, by the shop's own clock, up to which all is known."""
JUST_JOINED: Final = "just joined"
"""What is wanted of the round of a shop that was joined a moment ago."""
_log = logging.getLogger("goodword_server")


class Caught(NamedTuple):
    """From where on the orders of a shop are compared, and how many were news already."""

    notes: Mapping[str, Any]
    news: int = 0


def catch_up(step: Step, begun: datetime) -> Caught:
    """Read what a shop wrote down; raise `NotYet` while it writes.

    ``begun``: since when its orders are not known.
    """
    one = backfill.of(step.taken.notes)
    if not backfill.is_open(one):
        one = _wanted(step, one, begun)
    bulk = step.house.bulk(step.connected) if one is not None else None
    if one is None or bulk is None:
        return Caught(step.taken.notes)
    return _Way(step, bulk, one).go()


def _wanted(step: Step, before: Backfill | None, begun: datetime) -> Backfill | None:
    now = step.house.now()
    joined = step.taken.done is None or step.taken.wanted == JUST_JOINED
    by_page = before is not None and before.ended is None
    if not joined or by_page or now - begun < backfill.OLD:
        return None
    return Backfill(since=begun, wanted=now)


class _Way:
    """One shop's way from the first question to the last order."""

    def __init__(self, step: Step, bulk: Bulk, one: Backfill) -> None:
        self._step = step
        self._bulk = bulk
        self._one = one
        self._news = 0

    def go(self) -> Caught:
        """Take the next steps; raise `NotYet` where one has to wait."""
        if self._one != backfill.of(self._step.taken.notes):
            # From now on it is known since when somebody waits.
            self._keep(self._one)
        try:
            if self._one.state is State.ASKING:
                self._begin()
            if self._one.state is State.WRITING:
                self._look()
            if self._one.state is State.READING:
                self._read()
        except TillTrouble as error:
            self._trouble(error)
        return Caught(self._notes(), self._news)

    def _begin(self) -> NoReturn:
        id = self._bulk.begin(self._one.since)
        self._wait(backfill.begun(self._one, id, self._now()))

    def _look(self) -> None:
        writing = self._bulk.look(self._one.id)
        if writing.done:
            one = replace(self._one, state=State.READING, begun=writing.begun, looks=0, orders=0)
            self._keep(one)
            return
        one = backfill.looked_at(self._one, writing.orders, self._now())
        if one.state is State.WRITING:
            self._wait(one)
        with suppress(TillTrouble):
            self._bulk.stop(one.id)
        self._page_by_page(one)

    def _read(self) -> None:
        reader, read = Reader(self._step.house, self._step.shop, self._step.until), 0
        for some in taking.batches(self._bulk.orders(self._one.id, self._one.at)):
            found = [order for order, _ in some if order is not None]
            took = taking.take(self._step, reader, found, fresh=False)
            self._news, read = self._news + took.news, read + len(some)
            orders = self._one.orders + len(some)
            self._keep(replace(self._one, at=some[-1][1], orders=orders), took.odd)
            # Other shops are looked at, too: this one goes on after them, from where it came to.
            if read >= taking.READ_MOST:
                raise BrokenOff
        self._keep(replace(self._one, state=State.DONE, ended=self._now()))

    def _trouble(self, error: TillTrouble) -> None:
        after = backfill.after(self._one, error, self._now())
        if after is None:
            raise error
        if backfill.is_open(after):
            self._wait(after)
        self._page_by_page(after)

    def _page_by_page(self, one: Backfill) -> None:
        shop = self._step.shop
        _log.warning("%s: its orders are read one by one, not in bulk: %s", shop, one.why)
        self._keep(one)

    def _wait(self, one: Backfill) -> NoReturn:
        pause = backfill.pause(one)
        self._keep(one)
        raise NotYet(pause)

    def _keep(self, one: Backfill, odd: Sequence[str] = ()) -> None:
        self._one = one
        taking.keep(self._step, self._notes(), odd)

    def _notes(self) -> dict[str, Any]:
        notes = {**self._step.taken.notes, **backfill.noted(self._one)}
        if self._one.state is State.DONE and self._one.begun is not None:
            notes[CURSOR] = self._one.begun.isoformat()
        return notes

    def _now(self) -> datetime:
        return self._step.house.now()

"""Whoever adds the events up has what the book has, whatever is done in whatever sequence."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Any, Final

import pytest
from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from goodword import RewardState, wire
from goodword.embedded import rewards
from goodword.embedded.engine import Engine
from goodword.storage import orders, thanks
from goodword.storage.sql import Book, Session
from tests.postgres import Server
from tests.sdk.lives import ADVOCATES, EMAILS, PHONES
from tests.sdk.playing import BOOKS, TEA, TWIN, Opened
from tests.sdk.test_machine import BY_HAND, EMPTY, EXAMPLES, Machine, in_memory, on
from tests.sdk.whole import Books, read

pytestmark = pytest.mark.slow

Told = dict[Any, Any]
# While a shop is asked nothing is told: what was told last is what it is asked for.
ASKED: Final = (RewardState.GRANTING, RewardState.UNKNOWN)
PERSONAL: Final = [
    *EMAILS,
    *(phone.replace(" ", "") for phone in PHONES if phone),
    *(one.name for one in ADVOCATES),
    *(one.email for one in ADVOCATES if one.email),
]


class Listening(Machine):
    """All shops are listened to, and nobody comes to hear: every event is kept."""

    def __init__(self) -> None:
        super().__init__()
        for shop in (TEA, TWIN, BOOKS):
            self.engine.listen(shop)
        self.books = read(self.connection)

    def check(self, before: Books, *shops: str) -> None:
        super().check(before, *shops)
        for shop in shops:
            told = added_up(self.books.of(shop))
            found, asked = self.engine.database.read(partial(stands, shop=shop, told=told))
            told = {key: one for key, one in told.items() if key not in asked}
            assert (different(told, found), different(found, told)) == ({}, {})

    def teardown(self) -> None:
        said = " ".join(row["data"] for row in self.books["events"])
        super().teardown()
        assert [word for word in PERSONAL if word in said] == []


def different(these: Told, those: Told) -> Told:
    return {key: one for key, one in these.items() if those.get(key) != one}


def added_up(here: Books) -> Told:
    """The newest that was told of each referral, reward and promise."""
    told: Told = {}
    for row in sorted(here["events"], key=lambda row: str(row["id"])):
        kind, _, what = row["type"].partition(".")
        data = json.loads(row["data"])
        key: tuple[str, ...] = (kind, data["order"])
        if kind == "reward":
            key += (data["advocate"], data["worth"]["unit"])
            assert data["state"] == what
        told[key] = promise(data) if kind == "thanks" else data
        if what == "gone":
            del told[key]
    return told


def promise(plain: Told) -> Told:
    """What of thanks stays as it was told: by which code it was earned may be found otherwise."""
    return {name: plain.get(name) for name in ("id", "order", "advocate", "by", "kept", "channel")}


def stands(session: Session, shop: str, told: Told) -> tuple[Told, set[tuple[str, ...]]]:
    """What stands in the book for the orders that were told of, and what a shop is asked for."""
    book = Book(session, shop)
    found: Told = {}
    asked: set[tuple[str, ...]] = set()
    for order in {key[1] for key in told}:
        referral = orders.referral_of(book, order)
        if referral is not None:
            found["referral", order] = wire.plain(referral)
        for one in rewards.of_order(book, order):
            key = ("reward", order, one.advocate, one.worth.unit)
            if one.state in ASKED:
                asked.add(key)
            else:
                found[key] = wire.plain(replace(one, text=None))
        promised = thanks.promised(book, order)
        if promised is not None:
            found["thanks", order] = promise(wire.plain(promised))
    return found, asked


@pytest.fixture(autouse=True, scope="module")
def template() -> None:
    Engine(EMPTY).migrate()


def listening(where: Opened) -> type[Listening]:
    class Here(Listening):
        opened = staticmethod(where)

    return Here


@pytest.mark.slow
def test_events_add_up_to_what_the_book_says() -> None:
    run_state_machine_as_test(
        listening(in_memory),
        settings=settings(max_examples=EXAMPLES, stateful_step_count=40, derandomize=not BY_HAND),
    )


@pytest.mark.slow
def test_they_do_on_postgresql(postgresql: Server, migrated_postgresql: str) -> None:
    run_state_machine_as_test(
        listening(on(postgresql, migrated_postgresql)),
        settings=settings(
            max_examples=max(1, EXAMPLES // 8), stateful_step_count=40, derandomize=not BY_HAND
        ),
    )

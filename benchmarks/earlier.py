"""Books with many earlier orders: two are recorded, then multiplied inside the database.

What is multiplied are the rows that the library itself wrote, in whatever tables they stand: of an
order whose reward was granted, and of one whose reward still waits, as the last fiftieth does.
Each copy has a friend of its own, with a mailbox that is in no order, and ids that sort by time.
For every twenty orders there is an advocate with a code and a coupon; every tenth order is a famous
one's.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final

import psycopg

import goodword
from benchmarks.copying import ODD, Copies, rows_with
from benchmarks.databases import Place, file_of
from goodword import (
    Advocate,
    Carried,
    FollowUp,
    Granted,
    Line,
    Order,
    Program,
    Referrals,
    Terms,
    UsedCoupon,
    done,
    money,
    percent_off,
    share_of_order,
)
from goodword.embedded.engine import Engine
from goodword.storage import tables

SHOP: Final = "tea-house"
FAMOUS: Final = 0
FIRST: Final = 1_001
"""The number of a book's first order."""
_RECORDED: Final = 256
_ADVOCATES: Final = 1_000
_ORDERS_AN_ADVOCATE: Final = 20
_FAMOUS_EVERY: Final = 10
_WAITING_OF: Final = 50
_AT_ONCE: Final = 100_000
_BEGAN: Final = datetime(2023, 1, 1, tzinfo=UTC)
_HOLD: Final = timedelta(days=14)
# Five million orders are three years of a busy shop.
_MILLISECONDS: Final = 19_000
_SOMEBODY: Final = "somebody"


def coupon_of(advocate: str | int) -> str:
    """Return the shared coupon of an advocate."""
    return f"ref-{advocate}"


def advocates_after(orders: int) -> int:
    """Return how many advocates there are after so many orders, beside the famous one."""
    return _ADVOCATES + orders // _ORDERS_AN_ADVOCATE


def an_order(id: str, mailbox: str, coupon: str, at: datetime) -> Order:
    """Return a paid order of two lines, with a coupon."""
    return Order(
        id=id,
        placed=at,
        modified=at,
        paid=at,
        net=money("1080.00", "TWD"),
        gross=money("1194.00", "TWD"),
        lines=(
            Line(id="1", net=money("720.00", "TWD"), product="oolong-150", quantity=2),
            Line(id="2", net=money("360.00", "TWD"), product="gaiwan-white"),
        ),
        coupons=(UsedCoupon(text=coupon, discount=money("120.00", "TWD")),),
        email=f"{mailbox}@friend.example",
    )


@dataclass(frozen=True, slots=True)
class Base:
    """A shop with hardly any orders, and what is multiplied of it."""

    place: Place
    url: str
    advocates: Copies
    granted: Copies
    waiting: Copies

    @contextmanager
    def with_earlier(self, orders: int) -> Iterator[str]:
        """Yield the URL of a copy with so many more orders."""
        url = self.place.like(self.url)
        try:
            if orders:
                _run(url, self._statements(orders))
            yield url
        finally:
            self.place.drop(url)

    def _statements(self, orders: int) -> Iterator[str]:
        first_waiting = orders - orders // _WAITING_OF
        for copies, first, last in (
            (self.advocates, _ADVOCATES + 1, advocates_after(orders)),
            (self.granted, 0, first_waiting - 1),
            (self.waiting, first_waiting, orders - 1),
        ):
            for start in range(first, last + 1, _AT_ONCE):
                yield from copies.statements(start, min(start + _AT_ONCE - 1, last))


@contextmanager
def base(place: Place) -> Iterator[Base]:
    """Invite the first advocates, and record a few orders."""
    url, now = place.fresh(), [_BEGAN]
    engine = goodword.embed(url, clock=lambda: now[0])
    engine.migrate()
    _do(engine, _invite)
    advocates = _of_advocate(engine)
    _do(engine, partial(_record, "granted"))
    now[0] += _HOLD
    engine.work({"till": _Obedient(), "mail": _Obedient()})
    _do(engine, partial(_record, "waiting"))
    granted, waiting = (_of_order(engine, word) for word in ("granted", "waiting"))
    engine.close()
    _run(url, ())
    yield Base(place, url, advocates, granted, waiting)
    place.drop(url)


class _Obedient:
    """A till and a mail that do what they are told."""

    def carry(self, deed: FollowUp) -> Carried:
        if deed.grant is None:
            return done()
        return done(granted=Granted(grant=deed.grant.id, text=deed.grant.text, remote="40"))


def _do(engine: Engine, work: Callable[[Referrals], None]) -> None:
    engine.database.write(lambda session: work(engine.within(session).of(SHOP)))


def _invite(referrals: Referrals) -> None:
    program = Program(
        name="friends",
        title="Give 10%, get 10%",
        offer=percent_off(10),
        reward=share_of_order(10),
        terms=Terms(window_days=30, hold_days=_HOLD.days, first_order_only=True),
        starts=_BEGAN,
    )
    referrals.programs.save(program)
    for who in (_SOMEBODY, *range(FAMOUS, _ADVOCATES + 1)):
        advocate = Advocate(id=f"c-{who}", name="Ann", email=f"{who}@shop.example")
        referrals.advocates.invite("friends", advocate, code=f"FRIEND_{who}", coupon=coupon_of(who))


def _record(word: str, referrals: Referrals) -> None:
    """Record the order that will be multiplied, and others that make it look usual."""
    coupon = coupon_of(_SOMEBODY)
    referrals.record_order(an_order(f"{word}-order", f"{word}-friend", coupon, _BEGAN))
    for number in range(1, _RECORDED // 2):
        id = f"{word[0]}{number}"
        referrals.record_order(an_order(id, f"friend-{id}", coupon_of(number), _BEGAN))


def _of_advocate(engine: Engine) -> Copies:
    copies = _copies(engine, _SOMEBODY)
    copies.say(_SOMEBODY, "n")
    copies.say(_SOMEBODY.upper(), "n")
    return copies


def _of_order(engine: Engine, word: str) -> Copies:
    copies = _copies(engine, f"{word}-")
    among = f"1 + n * {ODD} % ({_ADVOCATES} + n / {_ORDERS_AN_ADVOCATE})"
    advocate = f"(CASE WHEN n % {_FAMOUS_EVERY} = 0 THEN {FAMOUS} ELSE {among} END)"
    copies.say(_SOMEBODY, advocate)
    copies.say(_SOMEBODY.upper(), advocate)
    copies.say(f"{word}-order", f"CAST(n + {FIRST} AS TEXT)")
    copies.say(f"{word}-friend", copies.chance())
    for coupon in copies.texts(tables.coupons.c.text):
        copies.say(coupon, f"'thanks-' || {copies.chance()}")
    return copies


def _copies(engine: Engine, word: str) -> Copies:
    with engine.database.connect() as connection:
        return Copies(engine.database.dialect, rows_with(connection, word), _MILLISECONDS)


def _run(url: str, statements: Iterable[str]) -> None:
    """Fill a database, and leave it as time would: on disk, and on PostgreSQL swept and counted.

    The rows of SQLite stay uncounted: who embeds the library never need run ANALYZE.
    """
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(file_of(url), isolation_level=None)) as file:
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -2000000"):
                file.execute(f"PRAGMA {pragma}")
            for statement in statements:
                file.execute(statement)
            file.execute("PRAGMA journal_mode = WAL")
    else:
        with psycopg.connect(url, autocommit=True) as server:
            for statement in statements:
                server.execute(statement)
            server.execute("VACUUM ANALYZE")
            server.execute("CHECKPOINT")

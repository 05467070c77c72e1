"""However many workers there are, and whatever is told meanwhile, the shop gives what is booked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from goodword import Carried, Code, FollowUp, Order, Referrals, done
from goodword.embedded.engine import Engine
from tests.sdk.builders import (
    PLACED,
    RELEASE,
    Clock,
    an_order,
    gbp,
    later,
    standing,
    totals,
    used,
)
from tests.sdk.crowd import Call, Crowd, a_database, answers, tell
from tests.sdk.tills import FolderTill, at_the

pytestmark = pytest.mark.slow
IDS = [str(number) for number in range(10, 18)]


@dataclass(frozen=True)
class FolderMail:
    """Keeps whom it thanked, for threads and processes alike."""

    folder: Path

    def carry(self, deed: FollowUp) -> Carried:
        with (self.folder / "thanked").open("a") as log:
            log.write(f"{deed.subject}\n")
        return done()

    def thanked(self) -> list[str]:
        return (self.folder / "thanked").read_text().split()


@pytest.fixture(params=["sqlite", "postgresql", "pgbouncer"])
def url(request: pytest.FixtureRequest) -> str:
    return a_database(request)


@pytest.fixture
def till(tmp_path: Path) -> FolderTill:
    folder = tmp_path / "till"
    folder.mkdir()
    return FolderTill(folder)


def work(till: FolderTill, engine: Engine) -> int:
    return engine.work({**at_the(till), "mail": FolderMail(till.folder)})


def settle(engine: Engine, clock: Clock, till: FolderTill) -> None:
    """Let every deed have its time."""
    for _ in range(4):
        clock.on(days=20)
        work(till, engine)
    clock.on(days=20)
    assert work(till, engine) == 0


def check_shop(referrals: Referrals, till: FolderTill, given: int) -> None:
    """What friends could still spend is what the book says was given."""
    assert till.faults() == []
    assert till.worth() == standing(referrals).given == given


def test_many_workers_do_each_deed_once(
    crowd: Crowd, referrals: Referrals, code: Code, clock: Clock, till: FolderTill
) -> None:
    for id in IDS:
        referrals.record_order(an_order(id=id))
    clock.to(RELEASE)
    taken = answers(crowd.all([partial(work, till)]))
    # Of each order: its release, its grant, its thanks.
    assert sum(taken) == 3 * len(IDS)
    assert Counter(till.granted()) == Counter(FolderMail(till.folder).thanked()) == Counter(IDS)
    check_shop(referrals, till, 720 * len(IDS))


def is_cancelled(id: str) -> bool:
    return int(id) % 2 == 1


def states(id: str) -> list[Order]:
    """An order is halved, then found whole again; every other one is cancelled in the end."""
    order = an_order(id=id)
    told = [later(order, 1, net=gbp("36.00")), later(order, 2)]
    return [*told, later(order, 3, cancelled=PLACED)] if is_cancelled(id) else told


@pytest.mark.parametrize("given", [False, True], ids=["due", "given"])
def test_what_is_told_while_workers_work_ends_in_the_book_and_at_the_shop(
    crowd: Crowd,
    engine: Engine,
    referrals: Referrals,
    code: Code,
    clock: Clock,
    till: FolderTill,
    given: bool,
) -> None:
    for id in IDS:
        referrals.record_order(an_order(id=id))
    clock.to(RELEASE)
    if given:
        work(till, engine)
    working: list[Call[object]] = [partial(work, till)] * 4
    telling: list[list[Call[object]]] = [
        [partial(tell, state) for id in IDS[speaker::2] for state in states(id)]
        for speaker in range(2)
    ]
    answers(crowd.let([*telling, *[working] * (crowd.size - 2)]))
    settle(engine, clock, till)
    for id in IDS:
        assert totals(referrals, id) == ((0, 0) if is_cancelled(id) else (800, 720))
    check_shop(referrals, till, 720 * len(IDS) // 2)


def test_a_debt_is_paid_off_once(
    crowd: Crowd,
    engine: Engine,
    referrals: Referrals,
    code: Code,
    clock: Clock,
    till: FolderTill,
) -> None:
    referrals.record_order(an_order(id="1"))
    clock.to(RELEASE)
    work(till, engine)
    spend(referrals, till)
    referrals.record_order(later(an_order(id="1"), cancelled=PLACED))
    work(till, engine)
    assert standing(referrals).owed_back == -720
    for id in IDS:
        referrals.record_order(an_order(id=id))
    answers(crowd.all([partial(work, till)]))
    settle(engine, clock, till)
    assert standing(referrals).owed_back == 0
    check_shop(referrals, till, 720 * (len(IDS) - 1))


def spend(referrals: Referrals, till: FolderTill) -> None:
    """Use up the one coupon that the shop made, in an order of its own."""
    (coupon,) = till.folder.glob("*.coupon")
    referrals.record_order(an_order(id="2", coupons=used(coupon.stem)))
    coupon.write_text("0")

"""What a shop sold before it was joined is read in bulk, whatever happens on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from goodword import Kind, Reason, State, share_of_order
from goodword.storage.sql import Session
from goodword.storage.tables import entries
from goodword_server.reading import Reader
from goodword_server.storage import rounds as kept
from goodword_server.storage.rounds import Taken
from goodword_server.storage.tables import inbox
from goodword_server.watching import rounds as making
from goodword_server.watching.backfill import State as Stands
from goodword_server.watching.step import LEASE
from goodword_shopify.standin import Fault, refund
from goodword_shopify.standin.api import FILE
from goodword_shopify.standin.bulk import AT_ONCE, Ending
from tests.server.builders import rows
from tests.server.streets import Place, Street, before, is_known

pytestmark = pytest.mark.slow


def calls(street: Street, what: str) -> int:
    return sum(call.endswith(what) for call in street.standin.calls)


def stands(street: Street) -> Stands | None:
    one = street.backfill()
    return one.state if one else None


def booked(place: Place) -> list[tuple[Any, ...]]:
    """The whole ledger, but for ids and moments."""
    return sorted(
        (row["order_id"], row["part"], row["advocate"], row["source"], row["target"], row["amount"])
        for row in rows(place.street.house, entries)
    )


def half_back(place: Place, told: dict[str, Any], days: float) -> None:
    at = (place.street.clock() - timedelta(days=days)).isoformat()
    new = place.shop.new_id("Refund")
    refund(told, place.shop.till, new, at=at, paid_back="49.50", discrepancy="-49.50")


# As it should go


def test_sixty_days_are_one_file(street: Street, tea: Place) -> None:
    told = [before(tea, 59 - number, number) for number in range(30)]
    street.work()
    assert stands(street) is Stands.WRITING
    street.catch_up()
    assert stands(street) is Stands.DONE
    assert all(is_known(tea, one) for one in told)
    assert (calls(street, "BackfillStart"), calls(street, FILE)) == (1, 1)
    # Not one of them was asked for by itself.
    assert calls(street, "OrderHead") == 0
    # What was sold before there was a program earns nothing by it.
    explained = [tea.referrals.credit.explain(tea.id(one)).referral for one in told]
    assert {one.reasons for one in explained if one} == {(Reason.PROGRAM_NOT_LIVE,)}
    one = street.backfill()
    assert (one and one.orders, one and one.why) == (30, None)


def test_it_is_looked_at_less_and_less_often(street: Street, tea: Place) -> None:
    tea.shop.bulk.takes = 10_000
    street.work()
    begun, at = street.clock(), []
    while street.clock() - begun < timedelta(minutes=40):
        street.on(seconds=5)
        asked = calls(street, "BackfillStatus")
        street.work()
        if calls(street, "BackfillStatus") > asked:
            at.append((street.clock() - begun).total_seconds())
    pauses = [after - before for before, after in pairwise(at)]
    assert pauses[:3] == [10, 20, 40]
    assert pauses[-1] == max(pauses) == 300
    assert len(at) < 16


def test_a_shop_that_sold_nothing_is_soon_done(street: Street, tea: Place) -> None:
    street.catch_up()
    one = street.backfill()
    assert (one and one.state, one and one.orders) == (Stands.DONE, 0)


def test_afterwards_it_goes_on_from_when_the_file_was_begun(street: Street, tea: Place) -> None:
    old = before(tea, 30)
    street.work()
    street.on(seconds=30)
    # While the shop wrote, and nobody tells of it.
    meanwhile = tea.sell("110.00", "11.00")
    street.standin.unheard = frozenset({meanwhile["id"]})
    street.catch_up()
    assert (is_known(tea, old), is_known(tea, meanwhile)) == (True, False)
    street.standin.unheard = frozenset()
    street.on(hours=2)
    street.work()
    assert is_known(tea, meanwhile)
    assert calls(street, "BackfillStart") == 1


def build(tea: Place) -> list[dict[str, Any]]:
    """Orders of all sorts: paid, waiting, cancelled, partly and wholly given back, doubted."""
    told = [before(tea, 50 - number, number) for number in range(6)]
    told += [before(tea, 20, financial="PENDING"), before(tea, 19, financial="VOIDED")]
    told += [before(tea, 18, risk={"recommendation": "CANCEL"}), before(tea, 17, test=True)]
    half_back(tea, told[1], 10)
    for days in (9, 8):
        half_back(tea, told[2], days)
    told[3]["cancelledAt"] = told[3]["updatedAt"]
    return told


def since_long_ago(street: Street, *places: Place, first_order_only: bool = False) -> None:
    """Let there be a program for longer than orders are shown, and nobody work until now."""
    for place in places:
        place.invite(share_of_order(10, as_=Kind.STORE_CREDIT))
        found = place.referrals.programs.find("friends")
        terms = replace(found.terms, first_order_only=first_order_only)
        place.referrals.programs.save(replace(found, terms=terms))
    street.on(days=70)


def told_of(place: Place, told: dict[str, Any]) -> tuple[Any, ...]:
    """What is known of an order, and what became of it."""
    explained = place.referrals.credit.explain(place.id(told))
    state, referral = explained.state, explained.referral
    assert referral is not None
    return (replace(state, id=""), referral.state, referral.reasons)


@pytest.mark.parametrize("first_order_only", [False, True])
def test_bulk_and_pages_come_to_the_same(street: Street, *, first_order_only: bool) -> None:
    places = [street.open(name) for name in ("tea-house", "bean-street")]
    since_long_ago(street, *places, first_order_only=first_order_only)
    places[1].shop.bulk.others = AT_ONCE
    both = [build(place) for place in places]
    for place in places:
        street.catch_up(place.name)
    assert stands(street) is Stands.DONE
    assert (one := street.backfill("bean-street")) is not None
    assert one.state is Stands.PAGES
    by_file, by_page = (
        [told_of(place, one) for one in told] for place, told in zip(places, both, strict=True)
    )
    assert by_file == by_page
    assert len({became for _, became, _ in by_file}) >= 3
    assert places[0].credits() == places[1].credits() != []


def test_the_ledger_is_the_same_where_it_was_read_twice(street: Street) -> None:
    tea = street.open("tea-house")
    since_long_ago(street, tea)
    told = build(tea)
    street.catch_up()
    once = booked(tea)
    # Joined anew, all of it is read again.
    leave_and_come_back(street, tea)
    street.catch_up()
    assert calls(street, "BackfillStart") == 2
    assert (booked(tea), once != []) == (once, True)
    assert all(is_known(tea, one) for one in told)


def leave_and_come_back(street: Street, tea: Place) -> None:
    assert tea.post(tea.uninstall()) == 200
    street.work()
    assert street.backfill() is None
    street.on(minutes=5)
    street.join("tea-house")


def test_who_comes_back_unheard_is_read_in_bulk_from_where_we_were(
    street: Street, tea: Place
) -> None:
    street.catch_up()
    street.on(days=10)
    # Ten days nobody could ask; of the removal no word came.
    told = [before(tea, 5, number) for number in range(3)]
    since = street.clock()
    street.join("tea-house")
    street.catch_up()
    one = street.backfill()
    assert one is not None
    assert (one.state, one.orders, calls(street, "BackfillStart")) == (Stands.DONE, 3, 2)
    assert since - one.since > timedelta(days=9)
    assert all(is_known(tea, each) for each in told)


def test_who_is_joined_anew_at_once_needs_no_file(street: Street, tea: Place) -> None:
    before(tea, 30)
    street.catch_up()
    # What is known reaches up to an order of an hour ago.
    before(tea, 1 / 24)
    street.on(hours=2)
    street.work()
    street.join("tea-house")
    street.on(minutes=5)
    street.work()
    assert calls(street, "BackfillStart") == 1


def test_what_changed_since_it_was_written_is_not_set_back(street: Street, tea: Place) -> None:
    told, stale = before(tea, 10), before(tea, 11)
    street.work()
    street.on(minutes=1)
    tea.shop.bulk.takes = 0
    # Written now, and read a moment later.
    (id,) = tea.shop.bulk.operations
    tea.shop.bulk.look(id)
    tea.shop.bulk.look(id)
    tea.give_back(told, "99.00", quantities={0: 1})
    tea.tell("refunds/create", told)
    # And this one changed within the very second.
    stale["cancelledAt"] = stale["updatedAt"]
    tea.tell("orders/cancelled", stale)
    Reading(street).work()
    assert (tea.state(told), tea.state(stale)) == (State.REVERSED, State.REVERSED)
    street.catch_up()
    assert stands(street) is Stands.DONE
    assert (tea.state(told), tea.state(stale)) == (State.REVERSED, State.REVERSED)


class Reading:
    """The worker's reading alone."""

    def __init__(self, street: Street) -> None:
        self._street = street

    def work(self) -> None:
        while Reader(self._street.house, "tea-house").read_some():
            pass


def test_an_order_that_cannot_be_understood_waits_for_a_person(street: Street, tea: Place) -> None:
    wrong = {"shopMoney": {"amount": "1.0", "currencyCode": "USD"}}
    odd, good = before(tea, 10, totalPriceSet=wrong), before(tea, 9)
    street.catch_up()
    assert (is_known(tea, odd), is_known(tea, good)) == (False, True)
    street.work()
    (dead,) = [row for row in rows(street.house, inbox) if row["state"] == "dead"]
    assert "currency" in str(dead["verdict"])


# Interrupted


def test_what_was_interrupted_goes_on_from_there(
    street: Street, tea: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword_shopify.files._PIECE", 20_000)
    told = [before(tea, 30, number) for number in range(130)]
    street.work()
    street.on(minutes=5)
    street.work()
    street.on(minutes=5)
    # Told to end after the first batch.
    making.make_all(street.house, lambda: is_known(tea, told[0]))
    assert [one for one in told if is_known(tea, one)] == told[:64]
    one = street.backfill()
    assert one is not None
    assert (one.state, one.orders) == (Stands.READING, 64)
    fetched = calls(street, FILE)
    whole = len(tea.shop.bulk.operations[one.id].file)
    street.catch_up()
    assert all(is_known(tea, each) for each in told)
    # The rest, and not the whole of it; and the shop wrote once.
    assert (calls(street, FILE) - fetched) * 20_000 < whole
    assert calls(street, "BackfillStart") == 1
    after = street.backfill()
    assert (after and after.orders) == 130


def test_a_worker_that_dies_leaves_it_to_the_next(
    street: Street, tea: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [before(tea, 30, number) for number in range(130)]
    street.work()
    street.on(minutes=5)
    street.work()
    street.on(minutes=5)

    class Killed(BaseException):
        """No handler of ours is run, as with kill -9."""

    honest, batches = Reader.take_in, []

    def dies(self: Reader, listed: Any, **how: Any) -> Any:
        batches.append(listed)
        if len(batches) == 2:
            raise Killed
        return honest(self, listed, **how)

    monkeypatch.setattr(Reader, "take_in", dies)
    with pytest.raises(Killed):
        making.make_all(street.house)
    monkeypatch.setattr(Reader, "take_in", honest)
    assert sum(is_known(tea, one) for one in told) == 64
    # Until its lease is over nobody takes it up.
    assert making.make_all(street.house) == 0
    street.clock.on(seconds=LEASE.total_seconds() + 1)
    street.standin.clock.to(street.clock())
    street.catch_up()
    assert all(is_known(tea, one) for one in told)
    assert calls(street, "BackfillStart") == 1


@pytest.mark.parametrize("loses", ["answer", "process"])
def test_one_that_began_without_our_hearing_is_begun_anew(
    street: Street, tea: Place, loses: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = before(tea, 30)
    if loses == "answer":
        street.standin.fail(Fault.GATEWAY_AFTER, at="BackfillStart")
        street.work()
    else:
        honest = kept.note

        def dies(session: Session, one: Taken, notes: Mapping[str, Any], *until: Any) -> bool:
            if notes["backfill"]["id"]:
                raise KeyboardInterrupt
            return honest(session, one, notes, *until)

        with monkeypatch.context() as patch:
            patch.setattr(kept, "note", dies)
            with pytest.raises(KeyboardInterrupt):
                street.work()
        street.on(minutes=31)
    street.catch_up()
    assert (is_known(tea, told), len(tea.shop.bulk.operations)) == (True, 2)
    assert stands(street) is Stands.DONE


def test_others_have_their_turn(
    street: Street, tea: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("goodword_server.watching.taking.READ_MOST", 64)
    bean = street.open("bean-street")
    told = [before(tea, 30, number) for number in range(200)]
    mine = before(bean, 5)
    street.work()
    for _ in range(2):
        street.on(minutes=5)
        street.work()
    files = [call.partition(" ")[0] for call in street.standin.calls if call.endswith(FILE)]
    assert files[:4].count(bean.shop.domain) == 1
    assert all(is_known(tea, one) for one in told)
    assert is_known(bean, mine)


# In trouble


def fails(error: str | None, *, partial: bool = False) -> Ending:
    return Ending("FAILED", error, partial=partial)


@pytest.mark.parametrize("ending", [fails("TIMEOUT", partial=True), Ending("CANCELED")])
def test_what_failed_is_begun_anew(street: Street, tea: Place, ending: Ending) -> None:
    told = before(tea, 30)
    tea.shop.bulk.endings += [ending, ending]
    street.catch_up()
    assert (stands(street), is_known(tea, told)) == (Stands.DONE, True)
    assert calls(street, "BackfillStart") == 3
    assert calls(street, "OrderHead") == 0


def test_what_fails_three_times_is_read_page_by_page(street: Street, tea: Place) -> None:
    told = [before(tea, 30, number) for number in range(3)]
    tea.shop.bulk.endings += [fails("INTERNAL_SERVER_ERROR", partial=True)] * 3
    street.catch_up()
    assert all(is_known(tea, one) for one in told)
    one = street.backfill()
    assert one is not None
    assert (one.state, one.why) == (Stands.PAGES, "it did not end (INTERNAL_SERVER_ERROR)")
    assert (calls(street, "BackfillStart"), calls(street, FILE)) == (3, 0)
    # It is not begun again, whatever comes.
    street.on(days=2)
    street.work()
    assert calls(street, "BackfillStart") == 3


Spoil = Callable[[Place, pytest.MonkeyPatch], None]


def lacks_a_scope(tea: Place, patch: pytest.MonkeyPatch) -> None:
    tea.shop.bulk.endings.append(fails("ACCESS_DENIED"))


def scatters(tea: Place, patch: pytest.MonkeyPatch) -> None:
    tea.shop.bulk.scatters = True
    before(tea, 20)


def stands_elsewhere(tea: Place, patch: pytest.MonkeyPatch) -> None:
    tea.shop.bulk.base = "https://evil.example"


def is_too_long(tea: Place, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("goodword_shopify.bulk.BYTES_MOST", 10)


def is_not_taken(tea: Place, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("goodword_shopify.bulk.document", lambda since, products: "{ shop { name } }")


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lacks_a_scope, "does not let us write down"),
        (scatters, "does not follow"),
        (stands_elsewhere, "evil.example, no store of Shopify's"),
        (is_too_long, "bytes, and we read 10 at most"),
        (is_not_taken, "writes no file"),
    ],
)
def test_where_bulk_cannot_be_it_is_read_page_by_page_and_said(
    street: Street,
    tea: Place,
    spoil: Spoil,
    why: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = before(tea, 30)
    spoil(tea, monkeypatch)
    street.catch_up()
    one = street.backfill()
    assert one is not None
    assert (one.state, why in str(one.why), is_known(tea, told)) == (Stands.PAGES, True, True)
    assert "read one by one, not in bulk" in caplog.text
    assert calls(street, "OrderHead") >= 1


def test_a_file_that_ran_out_is_written_anew(street: Street, tea: Place) -> None:
    told = before(tea, 30)
    street.work()
    street.on(minutes=1)
    street.work()
    (first,) = tea.shop.bulk.operations
    tea.shop.bulk.look(first)
    # Nobody worked for more than a week.
    street.on(days=8)
    street.catch_up()
    assert (len(tea.shop.bulk.operations), is_known(tea, told)) == (2, True)
    assert stands(street) is Stands.DONE


def test_a_file_that_goes_away_while_it_is_read_is_written_anew(
    street: Street, tea: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [before(tea, 30, number) for number in range(130)]
    street.work()
    for _ in range(2):
        street.on(minutes=5)
        making.make_all(street.house, lambda: is_known(tea, told[0]))
    one = street.backfill()
    assert one is not None
    assert one.state is Stands.READING
    tea.shop.bulk.gone.add(one.id)
    street.catch_up()
    assert (calls(street, "BackfillStart"), stands(street)) == (2, Stands.DONE)
    assert all(is_known(tea, each) for each in told)


def test_others_may_be_first_for_a_while(street: Street, tea: Place) -> None:
    told = before(tea, 30)
    tea.shop.bulk.others = AT_ONCE
    street.work()
    assert stands(street) is Stands.ASKING
    street.on(hours=1)
    street.work()
    tea.shop.bulk.others = 0
    street.catch_up()
    assert (stands(street), is_known(tea, told)) == (Stands.DONE, True)


def test_others_that_are_first_for_hours_are_not_waited_for(street: Street, tea: Place) -> None:
    told = before(tea, 30)
    tea.shop.bulk.others = AT_ONCE
    begun = street.clock()
    street.catch_up()
    one = street.backfill()
    assert one is not None
    assert (one.state, one.why) == (Stands.PAGES, "it writes other files first")
    assert (is_known(tea, told), street.clock() - begun < timedelta(hours=3)) == (True, True)


def test_one_that_takes_too_long_is_stopped(street: Street, tea: Place) -> None:
    told = before(tea, 30)
    tea.shop.bulk.takes = 10_000
    street.work()
    (id,) = tea.shop.bulk.operations
    for _ in range(7):
        street.on(hours=1)
        street.work()
    one = street.backfill()
    assert one is not None
    assert (one.state, "within 6 hours" in str(one.why)) == (Stands.PAGES, True)
    assert tea.shop.bulk.operations[id].status == "CANCELING"
    assert is_known(tea, told)


@pytest.mark.parametrize(
    "at", ["BackfillStart", "BackfillStatus", FILE, "OrdersChanged"]
)  # fmt: skip
@pytest.mark.parametrize("fault", [Fault.GATEWAY, Fault.RESET])
def test_a_shop_that_fails_now_and_then_is_asked_again(
    street: Street, tea: Place, at: str, fault: Fault
) -> None:
    told = before(tea, 30)
    street.standin.fail(fault, fault, at=at)
    street.catch_up()
    assert (stands(street), is_known(tea, told)) == (Stands.DONE, True)


def test_a_storage_that_is_down_for_a_day_is_done_without(street: Street, tea: Place) -> None:
    told = before(tea, 30)
    street.standin.fail(*[Fault.GATEWAY] * 100, at=FILE)
    street.work()
    for _ in range(30):
        street.on(hours=1)
        street.work()
    one = street.backfill()
    assert one is not None
    assert (one.state, "storage failed" in str(one.why)) == (Stands.PAGES, True)
    assert is_known(tea, told)


def test_haste_is_waited_for(street: Street, tea: Place) -> None:
    told = [before(tea, 30, number) for number in range(5)]
    for one in told:
        half_back(tea, one, 5)
    street.standin.bucket(tea.shop.domain, holds=300.0, restores=20.0)
    street.catch_up()
    assert (stands(street), street.standin.throttled > 0) == (Stands.DONE, True)
    assert all(is_known(tea, one) for one in told)


def test_a_shop_that_lets_us_in_no_more_is_not_read_otherwise(street: Street, tea: Place) -> None:
    before(tea, 30)
    street.work()
    street.standin.doors.shut(tea.shop.domain)
    street.on(minutes=5)
    street.work()
    assert stands(street) is Stands.WRITING
    assert calls(street, "OrdersChanged") == 0
    street.join("tea-house")
    street.catch_up()
    assert stands(street) is Stands.DONE

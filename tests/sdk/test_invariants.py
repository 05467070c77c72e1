"""Each invariant finds the book that breaks it: a check that cannot fail would hold nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import goodword
from goodword import Account, Advocate, Budget, Cap, Per, Period, Program, Referrals, Terms
from goodword.embedded.engine import Engine
from tests.sdk import invariants, whole
from tests.sdk.builders import RELEASE, Clock, Obedient, a_program, a_shop_with, an_order, gbp, used
from tests.sdk.invariants import Invariant, faults
from tests.sdk.whole import Books, Row, read

Broken = Callable[[Books], Books]
CAPPED = a_program(
    terms=Terms(
        caps=(Cap(most=2, per=Per.ADVOCATE), Cap(most=2, per=Per.PROGRAM, every=Period.MONTH)),
        budget=Budget(most=gbp("20.00")),
    )
)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    engine = goodword.embed("sqlite://", clock=Clock())
    engine.migrate()
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def sound(engine: Engine) -> Books:
    """Two shops: order 17 was rewarded, and its coupon spent; 18 was granted; 19 waits."""
    clock = engine.now
    assert isinstance(clock, Clock)
    for shop in ("tea-house", "book-shop"):
        fill(engine.of(shop), CAPPED if shop == "tea-house" else a_program())
    clock.to(RELEASE)
    engine.work({"till": Obedient()})
    for shop in ("tea-house", "book-shop"):
        spend(engine.of(shop))
    with engine.database.connect() as connection:
        return read(connection)


def fill(referrals: Referrals, program: Program) -> None:
    a_shop_with(referrals, program)
    carol = Advocate(id="c-2", name="Carol", email="carol@shop.example")
    referrals.advocates.invite("friends", carol, code="CAROL")
    referrals.record_order(an_order())
    referrals.record_order(an_order(id="18", email="eve@friend.example"))


def spend(referrals: Referrals) -> None:
    text = next(one.text for one in referrals.rewards.list("c-1") if one.order == "17")
    assert text is not None
    referrals.record_order(an_order(id="19", coupons=used(text), code="CAROL"))


def test_a_sound_book_has_no_faults(sound: Books) -> None:
    assert faults(sound) == []
    assert {row["state"] for row in sound["grants"]} == {"redeemed", "granted"}
    assert len(sound["entries"]) >= 16
    assert all(sound.of(shop)["places"] for shop in ("tea-house",))


def within(books: Books, table: str, change: Callable[[Row], Row | None], **where: Any) -> Books:
    """Return the book with every row that is meant changed; None takes it away."""
    rows: list[Row] = []
    touched = 0
    for row in books[table]:
        meant = all(row[name] == value for name, value in where.items())
        touched += meant
        after = change(row) if meant else row
        rows += [] if after is None else [after]
    assert touched, f"no row of {table} is like {where}"
    return Books({**books.tables, table: rows})


def with_values(table: str, values: dict[str, Any], **where: Any) -> Broken:
    return lambda books: within(books, table, lambda row: {**row, **values}, **where)


def without(table: str, **where: Any) -> Broken:
    return lambda books: within(books, table, lambda row: None, **where)


def entry(source: Account, target: Account, amount: int = 100, **values: Any) -> Broken:
    """One more entry in the book, the last of all."""
    row: dict[str, Any] = {"shop": "tea-house", "id": "f" * 32, "order_id": "18", "part": "reward"}
    row |= {"advocate": "c-1", "unit": "GBP", "cause": "test", "at": 0}
    more = {**row, "source": source, "target": target, "amount": amount, **values}
    return lambda books: Books({**books.tables, "entries": [*books["entries"], more]})


def twice(table: str, **values: Any) -> Broken:
    def broken(books: Books) -> Books:
        row = {**books.of("tea-house")[table][0], **values}
        return Books({**books.tables, table: [*books[table], row]})

    return broken


def with_body(table: str, column: str, old: str, new: str, **where: Any) -> Broken:
    """What is kept as JSON says something else."""

    def change(row: Row) -> Row:
        assert old in row[column], row[column]
        return {**row, column: row[column].replace(old, new)}

    return lambda books: within(books, table, change, **where)


TEA = {"shop": "tea-house"}
LAST = {**TEA, "order_id": "18"}
BROKEN: list[tuple[Invariant, Broken]] = [
    (invariants.value_moves_on_known_paths_alone, entry(Account.SPENT, Account.DUE)),
    (invariants.value_moves_on_known_paths_alone, entry(Account.WAITING, Account.DUE, 0)),
    (
        invariants.value_moves_on_known_paths_alone,
        entry(Account.GRANTED, Account.SPENT_BY_FRIEND),
    ),
    (invariants.no_account_ever_held_less_than_nothing, entry(Account.WAITING, Account.DUE)),
    (
        invariants.no_more_is_reversed_than_was_earned,
        entry(Account.OWED_BACK, Account.GRANTED, 721),
    ),
    (invariants.no_debt_is_paid_twice, entry(Account.GIVEN, Account.OWED_BACK)),
    (
        invariants.a_reward_has_a_referral_that_counts,
        with_values("referrals", {"state": "rejected"}, **LAST),
    ),
    (
        invariants.a_reward_has_a_referral_that_counts,
        with_values("referrals", {"advocate": "c-2"}, **LAST),
    ),
    (invariants.a_reward_has_a_referral_that_counts, without("referrals", **LAST)),
    (
        invariants.the_book_says_what_the_newest_states_come_to,
        entry(Account.GRANTED, Account.WAITING, 1),
    ),
    (
        invariants.the_book_says_what_the_newest_states_come_to,
        with_body("orders", "state", '"net":{"minor":7200', '"net":{"minor":7300', id="18"),
    ),
    (
        invariants.a_referral_says_what_was_decided,
        with_values("referrals", {"reasons": "country"}, **LAST),
    ),
    (invariants.a_referral_says_what_was_decided, with_values("referrals", {"rung": 7}, **LAST)),
    (invariants.a_referral_says_what_was_decided, twice("referrals", order_id="77")),
    (
        invariants.nobody_is_rewarded_for_themself,
        with_values("orders", {"friend": "c-1"}, shop="tea-house", id="18"),
    ),
    (
        invariants.no_cap_is_ever_passed,
        with_body("programs", "body", '"most":2', '"most":1', **TEA),
    ),
    (
        invariants.no_budget_is_ever_passed,
        with_body("programs", "body", '"minor":2000', '"minor":1000', **TEA),
    ),
    (
        invariants.places_are_counted_as_they_are_held,
        with_values("places", {"taken": 1}, per="advocate", **TEA),
    ),
    (invariants.places_are_counted_as_they_are_held, without("places", per="program", **TEA)),
    (
        invariants.what_is_set_aside_is_what_is_booked,
        entry(Account.GRANTED, Account.WAITING, 1),
    ),
    (
        invariants.coupons_are_worth_what_the_book_says,
        with_values("grants", {"state": "reversed"}, **LAST),
    ),
    (invariants.coupons_are_worth_what_the_book_says, without("grants", **LAST)),
    (
        invariants.coupons_are_worth_what_the_book_says,
        entry(Account.SPENT, Account.GIVEN, order_id="17"),
    ),
    (
        invariants.a_coupon_in_an_order_is_spent,
        with_values("grants", {"state": "granted"}, order_id="17", **TEA),
    ),
    (invariants.who_spends_a_coupon_is_kept, without("spendings", **TEA)),
    (invariants.who_spends_a_coupon_is_kept, twice("spendings", order_id="17")),
    (
        invariants.what_must_follow_is_planned,
        lambda books: without("followups", duty="release", subject="18", **TEA)(
            entry(Account.GRANTED, Account.WAITING)(books)
        ),
    ),
    (invariants.what_must_follow_is_planned, entry(Account.WAITING, Account.DUE)),
    (invariants.what_must_follow_is_planned, entry(Account.OWED_BACK, Account.GRANTED)),
    (invariants.thanks_are_owed_once_for_what_counted, without("thanks", **LAST)),
    (invariants.thanks_are_owed_once_for_what_counted, twice("thanks", id="another")),
    (
        invariants.everything_named_stands_in_the_same_shop,
        with_values("codes", {"advocate": "c-9"}, text="CAROL", **TEA),
    ),
    (
        invariants.everything_named_stands_in_the_same_shop,
        with_values("grants", {"order_id": "99"}, **LAST),
    ),
    (
        invariants.everything_named_stands_in_the_same_shop,
        without("programs", **TEA),
    ),
]


@pytest.mark.parametrize(
    ("invariant", "broken"),
    BROKEN,
    ids=[f"{one.__name__}-{n}" for n, (one, _) in enumerate(BROKEN)],
)
def test_it_finds_what_breaks_it(sound: Books, invariant: Invariant, broken: Broken) -> None:
    assert faults(broken(sound), [invariant]) != []


def test_a_unit_that_does_not_balance_is_found(
    sound: Books, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A row moves one amount between two accounts: only a sum gone wrong can be out of balance.
    real = whole.held

    def lossy(found_in: Books) -> Any:
        found = real(found_in)
        next(iter(found.values()))[Account.GRANTED] += 1
        return found

    monkeypatch.setattr(invariants, "held", lossy)
    assert faults(sound, [invariants.every_unit_balances]) != []


def test_every_invariant_was_seen_to_fail() -> None:
    seen = {one for one, _ in BROKEN} | {invariants.every_unit_balances}
    assert seen == set(invariants.INVARIANTS)


@pytest.mark.parametrize("table", invariants.FOREVER)
def test_a_row_that_lasts_may_neither_change_nor_go(table: str) -> None:
    before = Books({name: [{"shop": "a", "id": "1"}] for name in invariants.FOREVER})
    for rows in ([], [{"shop": "a", "id": "2"}]):
        after = Books({**before.tables, table: rows})
        assert list(invariants.rows_that_last_were_only_added_to(before, after)) != []
    more = Books({**before.tables, table: [*before[table], {"shop": "a", "id": "2"}]})
    assert list(invariants.rows_that_last_were_only_added_to(before, more)) == []


def test_of_a_ruling_the_reason_alone_may_be_forgotten() -> None:
    said = {"shop": "a", "id": "1", "says": "approved", "reason": "Bob is a friend"}
    before = Books({name: [] for name in invariants.FOREVER} | {"rulings": [said]})

    def broken(**values: str) -> list[str]:
        after = Books({**before.tables, "rulings": [{**said, **values}]})
        return list(invariants.rows_that_last_were_only_added_to(before, after))

    assert broken(reason="(forgotten)") == []
    assert broken(reason="another") != []
    assert broken(reason="(forgotten)", says="refused") != []


def test_a_touch_of_another_shop_is_seen(sound: Books) -> None:
    touched = with_values("people", {"phone": "+886912345678"}, shop="book-shop", id="c-1")(sound)
    nothing_changed = invariants.nothing_changed
    assert list(nothing_changed(sound.without("tea-house"), touched.without("tea-house"))) != []
    assert list(nothing_changed(sound.of("tea-house"), touched.of("tea-house"))) == []

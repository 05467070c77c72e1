"""Of store credit and gift cards as much is taken back as was not spent, to the last unit, once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from goodword.errors import AnswerLost, TillDown, TillRefused
from goodword.model.followup import Duty, FollowUp, Granted, How, TakenBack, TakingBack
from goodword.model.money import Money
from goodword.model.worth import gift_card, store_credit
from goodword.platforms import Till
from goodword.tills import TillCarrier
from goodword_shopify.standin import Fault, Shop, StandIn
from tests.plugins.shopify.granting import ENDS, LOST, WORTHS, KeptSafe, a_grant, by_fault

ALL = TakenBack(done=True)
CARD, CREDIT = a_grant(WORTHS["card"]), a_grant(WORTHS["credit"])
# A currency, what was given, what was spent of it, and what is left of it in minor units.
SPENT = [
    ("EUR", "5.00", "4.00", 100),
    ("EUR", "5.00", "0.01", 499),
    ("JPY", "500", "320", 180),
    ("TWD", "100.00", "63.00", 3700),
]


def but(minor: int, unit: str = "EUR") -> TakenBack:
    """All but so much, which was spent."""
    return TakenBack(done=False, missing=Money(minor, unit))


# Gift cards


def held_by(shop: Shop, card: str) -> int:
    """Return what a card holds, in minor units of the euro."""
    return round(float(shop.cards.by_id[card]["balance"]["amount"]) * 100)


def test_an_unspent_gift_card_is_taken_back_whole(till: Till, tea: Shop) -> None:
    made = till.grant(CARD)
    for _ in range(2):
        assert till.take_back(made, None) == ALL
    assert tea.cards.by_id[made.remote]["enabled"] is False


@by_fault(Fault.NONE, *LOST)
def test_a_part_of_a_gift_card_is_taken_back_once(
    standin: StandIn, till: Till, hurried: Till, tea: Shop, fault: Fault
) -> None:
    made = till.grant(CARD)
    if fault is not Fault.NONE:
        standin.fail(Fault.NONE, Fault.NONE, fault)
        with pytest.raises(AnswerLost) as lost:
            (hurried if fault is Fault.HANG else till).take_back(made, Money(200, "EUR"))
        # Whoever looks too soon does not see what comes yet.
        assert lost.value.facts["wait"] == 600
    for _ in range(2):
        assert till.take_back(made, Money(200, "EUR")) == ALL
    assert held_by(tea, made.remote) == 200
    # It was not used, only made smaller.
    assert till.look(CARD) == made
    assert till.take_back(made, None) == ALL


@pytest.mark.parametrize(("unit", "given", "spent", "left"), SPENT)
def test_of_a_gift_card_what_was_not_spent_is_taken_back(
    till: Till, tea: Shop, unit: str, given: str, spent: str, left: int
) -> None:
    grant = a_grant(gift_card(given, unit))
    made = till.grant(grant)
    tea.cards.spend(made.remote, spent)
    assert till.look(grant) == replace(made, used=True)
    assert grant.worth.amount is not None
    gone = grant.worth.amount.minor - left
    for _ in range(2):
        assert till.take_back(made, None) == but(gone, unit)
    card = tea.cards.by_id[made.remote]
    # It can be spent no more, and nothing was taken of what was spent.
    assert card["enabled"] is False
    assert card["transactions"][1:] == []


def test_a_spent_gift_card_is_made_smaller_by_what_is_left(till: Till, tea: Shop) -> None:
    made = till.grant(CARD)
    tea.cards.spend(made.remote, "4.00")
    # Four of five may stay, and those are spent.
    assert till.take_back(made, Money(400, "EUR")) == ALL
    assert held_by(tea, made.remote) == 0
    for _ in range(2):
        assert till.take_back(made, Money(200, "EUR")) == but(200)
    assert held_by(tea, made.remote) == 0
    assert len(tea.cards.by_id[made.remote]["transactions"]) == 2


@by_fault(*LOST)
def test_what_is_left_of_a_gift_card_is_taken_once_though_no_answer_came(
    standin: StandIn, till: Till, hurried: Till, tea: Shop, fault: Fault
) -> None:
    made = till.grant(CARD)
    tea.cards.spend(made.remote, "2.50")
    standin.fail(Fault.NONE, Fault.NONE, fault)
    with pytest.raises(AnswerLost):
        (hurried if fault is Fault.HANG else till).take_back(made, Money(100, "EUR"))
    for _ in range(2):
        assert till.take_back(made, Money(100, "EUR")) == but(150)
    assert held_by(tea, made.remote) == 0
    assert len(tea.cards.by_id[made.remote]["transactions"]) == 2


@by_fault(*LOST)
def test_a_spent_gift_card_is_voided_though_no_answer_came(
    standin: StandIn, till: Till, hurried: Till, tea: Shop, fault: Fault
) -> None:
    made = till.grant(CARD)
    tea.cards.spend(made.remote, "2.50")
    standin.fail(Fault.NONE, Fault.NONE, fault)
    with pytest.raises(AnswerLost):
        (hurried if fault is Fault.HANG else till).take_back(made, None)
    for _ in range(2):
        assert till.take_back(made, None) == but(250)
    assert len(tea.cards.by_id[made.remote]["transactions"]) == 1


def test_a_gift_card_that_the_owner_voided_gave_back_what_was_on_it(till: Till, tea: Shop) -> None:
    made = till.grant(CARD)
    tea.cards.spend(made.remote, "4.00")
    tea.cards.deactivate(made.remote)
    assert till.take_back(made, None) == but(400)
    assert till.take_back(made, Money(300, "EUR")) == but(100)
    # What may stay was spent, and the rest is gone.
    assert till.take_back(made, Money(400, "EUR")) == ALL


def test_a_gift_card_that_is_spent_while_it_is_voided_is_owed_for_that(
    till: Till, tea: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = till.grant(CARD)
    before(monkeypatch, tea.cards, "deactivate", lambda: tea.cards.spend(made.remote, "4.00"))
    # Asked once more, as after an answer that was lost.
    for _ in range(2):
        assert till.take_back(made, None) == but(400)


def test_a_gift_card_that_is_spent_while_it_is_made_smaller_never_holds_less_than_nothing(
    till: Till, tea: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = till.grant(CARD)
    before(monkeypatch, tea.cards, "debit", lambda: tea.cards.spend(made.remote, "4.00"))
    assert till.take_back(made, Money(200, "EUR")) == but(200)
    assert held_by(tea, made.remote) == 0


def test_a_gift_card_that_never_stands_still_is_asked_for_later(
    till: Till, tea: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = till.grant(CARD)
    times = iter(range(100))

    def spend() -> None:
        tea.cards.spend(made.remote, "0.10" if next(times) else "3.00")

    before(monkeypatch, tea.cards, "debit", spend, every=True)
    with pytest.raises(TillDown, match="changes"):
        till.take_back(made, Money(100, "EUR"))


def before(
    monkeypatch: pytest.MonkeyPatch,
    shop: object,
    verb: str,
    meanwhile: Callable[[], None],
    *,
    every: bool = False,
) -> None:
    """Let something happen at the shop just before it does what it is asked; once, or each time."""
    does = getattr(shop, verb)
    happened: list[bool] = []

    def done(*given: Any, **named: Any) -> Any:
        if every or not happened:
            happened.append(True)
            meanwhile()
        return does(*given, **named)

    monkeypatch.setattr(shop, verb, done)


def test_a_gift_card_that_is_gone_is_one_for_a_person(till: Till, tea: Shop) -> None:
    made = till.grant(CARD)
    tea.cards.by_id.clear()
    with pytest.raises(TillRefused, match="not there"):
        till.take_back(made, None)


# Store credit


def account_of(shop: Shop) -> str:
    (account,) = shop.credit.by_id
    return account


def balance(shop: Shop) -> str:
    return str(shop.credit.by_id[account_of(shop)]["balance"]["amount"])


def debits(shop: Shop) -> list[str]:
    """Return what was taken from the account by others than its owner, the newest first."""
    rows = shop.credit.by_id[account_of(shop)]["transactions"]
    ours = [one for one in rows if "Debit" in one["__typename"] and one["event"] == "ADJUSTMENT"]
    return [one["amount"]["amount"] for one in ours]


def taking(made: Granted, left: Money | None = None) -> FollowUp:
    return FollowUp(
        id="d-1",
        shop="tea-house",
        duty=Duty.TAKE_BACK,
        subject="37",
        due=ENDS,
        tries=1,
        taking_back=TakingBack(granted=made, left=left),
    )


def test_unspent_credit_is_taken_back_and_made_smaller(till: Till, tea: Shop) -> None:
    made = till.grant(CREDIT)
    for left, stands in ((400, "4.0"), (100, "1.0")):
        for _ in range(2):
            assert till.take_back(made, Money(left, "EUR")) == ALL
        assert balance(tea) == stands
        assert till.look(CREDIT) == made
    assert till.take_back(made, None) == ALL
    assert balance(tea) == "0.0"


@pytest.mark.parametrize(("unit", "given", "spent", "left"), SPENT)
def test_of_credit_what_was_not_spent_is_taken_back(
    till: Till, tea: Shop, unit: str, given: str, spent: str, left: int
) -> None:
    grant = a_grant(store_credit(given, unit))
    made = till.grant(grant)
    tea.credit.spend(account_of(tea), spent)
    assert till.look(grant) == replace(made, used=True)
    assert grant.worth.amount is not None
    gone = grant.worth.amount.minor - left
    for _ in range(2):
        assert till.take_back(made, None) == but(gone, unit)
    assert float(balance(tea)) == 0
    assert len(debits(tea)) == 1


def test_of_spent_credit_a_part_is_taken_and_the_rest_when_it_is_asked_for(
    till: Till, tea: Shop
) -> None:
    made = till.grant(CREDIT)
    tea.credit.spend(account_of(tea), "2.00")
    assert till.take_back(made, Money(300, "EUR")) == ALL
    assert balance(tea) == "1.0"
    for _ in range(2):
        assert till.take_back(made, Money(50, "EUR")) == but(150)
    assert balance(tea) == "0.0"
    assert debits(tea) == ["-1.0", "-2.0"]


def test_nothing_is_taken_of_credit_that_was_spent_whole(till: Till, tea: Shop) -> None:
    made = till.grant(CREDIT)
    tea.credit.spend(account_of(tea), "5.00")
    # What the shop itself paid back since is the customer's own.
    others = {"creditAmount": {"amount": "50.00", "currencyCode": "EUR"}}
    tea.credit.credit(account_of(tea), others)
    assert till.take_back(made, None) == but(500)
    assert (balance(tea), debits(tea)) == ("50.0", [])


def test_two_credits_are_each_taken_back_though_a_debit_uses_up_what_ends_first(
    till: Till, tea: Shop
) -> None:
    first, second = (till.grant(a_grant(WORTHS["credit"], id=id)) for id in ("g-1", "g-2"))
    assert till.take_back(second, None) == ALL
    tea.credit.spend(account_of(tea), "1.50")
    assert till.take_back(first, None) == but(150)
    assert balance(tea) == "0.0"


def test_a_payment_that_failed_spends_nothing(till: Till, tea: Shop) -> None:
    made = till.grant(CREDIT)
    tea.credit.spend(account_of(tea), "4.00")
    tea.credit.revert(account_of(tea), "3.00")
    assert till.take_back(made, None) == but(100)
    assert balance(tea) == "0.0"


def test_credit_that_is_spent_while_it_is_taken_back_never_goes_below_nothing(
    till: Till, tea: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = till.grant(CREDIT)
    before(monkeypatch, tea.credit, "debit", lambda: tea.credit.spend(account_of(tea), "4.00"))
    assert till.take_back(made, None) == but(400)
    assert (balance(tea), debits(tea)) == ("0.0", ["-1.0"])


def test_credit_that_never_stands_still_is_asked_for_later(
    till: Till, tea: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = till.grant(CREDIT)
    spend = lambda: tea.credit.spend(account_of(tea), "0.10")  # noqa: E731
    before(monkeypatch, tea.credit, "debit", spend, every=True)
    with pytest.raises(TillDown, match="changes"):
        till.take_back(made, None)
    assert debits(tea) == []


def test_credit_whose_time_is_over_is_owed_for_what_was_spent_in_time(
    standin: StandIn, till: Till, tea: Shop
) -> None:
    made = till.grant(CREDIT)
    tea.credit.spend(account_of(tea), "2.00")
    standin.clock.sleep((ENDS - standin.clock.now()).total_seconds() + 2 * 86_400)
    assert till.take_back(made, None) == but(200)
    assert till.take_back(made, Money(200, "EUR")) == ALL
    assert debits(tea) == []


@pytest.mark.parametrize("spent", ["0.00", "1.75"])
@by_fault(*LOST)
def test_credit_of_which_no_answer_came_is_taken_back_once(
    standin: StandIn, till: Till, hurried: Till, tea: Shop, fault: Fault, spent: str
) -> None:
    made = till.grant(CREDIT)
    if float(spent):
        tea.credit.spend(account_of(tea), spent)
    till.grant(a_grant(WORTHS["credit"], id="g-2"))
    standin.fail(Fault.NONE, Fault.NONE, fault)
    carrier = TillCarrier(lambda shop: till)
    first = TillCarrier(lambda shop: hurried if fault is Fault.HANG else till)
    assert first.carry(taking(made)).how is How.UNKNOWN
    carried = carrier.carry(replace(taking(made), tries=2))
    expected = but(175) if float(spent) else ALL
    assert (carried.how, carried.taken_back) == (How.DONE, expected)
    assert (balance(tea), len(debits(tea))) == ("5.0", 1)


def test_what_was_taken_back_and_not_written_down_is_not_taken_once_more(
    till: Till, tea: Shop
) -> None:
    made = till.grant(CREDIT)
    till.grant(a_grant(WORTHS["credit"], id="g-2"))
    # Killed before it was booked, a deed is done again.
    for _ in range(3):
        assert till.take_back(made, None) == ALL
    assert (balance(tea), debits(tea)) == ("5.0", ["-5.0"])


def test_what_was_taken_back_whole_is_noted_for_three_months(
    standin: StandIn, till: Till, safe: KeptSafe
) -> None:
    endless = (a_grant(WORTHS["credit"], id=id, expires=None) for id in ("g-1", "g-2"))
    first, second = map(till.grant, endless)
    till.take_back(first, None)
    assert notes_of(safe) == ["note:taken g-1"]
    standin.clock.sleep(91 * 86_400)
    till.take_back(second, None)
    assert notes_of(safe) == ["note:taken g-2"]


def notes_of(safe: KeptSafe) -> list[str]:
    return [name for name in safe.kept or () if name.startswith("note:")]


def test_what_may_still_be_on_its_way_is_waited_for(
    standin: StandIn, till: Till, tea: Shop
) -> None:
    made = till.grant(CREDIT)
    standin.fail(Fault.NONE, Fault.NONE, Fault.GATEWAY)
    with pytest.raises(AnswerLost):
        till.take_back(made, None)
    with pytest.raises(TillDown, match="on its way"):
        till.take_back(made, None)
    assert balance(tea) == "5.0"
    # What was spent meanwhile is no longer taken.
    tea.credit.spend(account_of(tea), "3.00")
    standin.clock.sleep(601)
    assert till.take_back(made, None) == but(300)
    assert (balance(tea), debits(tea)) == ("0.0", ["-2.0"])


def test_a_try_that_an_earlier_release_noted_is_settled(
    standin: StandIn, till: Till, tea: Shop, safe: KeptSafe
) -> None:
    made = till.grant(CREDIT)
    standin.fail(Fault.NONE, Fault.NONE, Fault.GATEWAY_AFTER)
    with pytest.raises(AnswerLost):
        till.take_back(made, Money(200, "EUR"))
    assert safe.kept is not None
    (noted,) = [name for name in safe.kept if name.startswith("note:gid")]
    at = standin.clock.now().isoformat()
    newest = tea.credit.by_id[account_of(tea)]["transactions"][1]["id"]
    safe.kept = {**safe.kept, noted: f'["g-1", "{newest}", "{at}", 300]'}
    assert till.take_back(made, Money(200, "EUR")) == ALL
    assert (balance(tea), debits(tea)) == ("2.0", ["-3.0"])


def test_one_at_a_time_is_taken_back_from_an_account(
    standin: StandIn, till: Till, tea: Shop
) -> None:
    first, second = (till.grant(a_grant(WORTHS["credit"], id=id)) for id in ("g-1", "g-2"))
    standin.fail(Fault.NONE, Fault.NONE, Fault.GATEWAY_AFTER)
    with pytest.raises(AnswerLost):
        till.take_back(first, None)
    with pytest.raises(TillDown, match="another amount"):
        till.take_back(second, None)
    assert till.take_back(first, None) == ALL
    assert till.take_back(second, None) == ALL
    assert balance(tea) == "0.0"


def test_credit_that_is_gone_is_one_for_a_person(till: Till) -> None:
    remote = "gid://shopify/StoreCreditAccountCreditTransaction/5"
    with pytest.raises(TillRefused, match="not there"):
        till.take_back(Granted(grant="g-1", text="x", remote=remote), None)

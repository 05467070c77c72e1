"""Programs as a form: what it shows is changed, and everything else stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from goodword import (
    Campaign,
    Channel,
    Kind,
    Program,
    Repeats,
    Rung,
    Terms,
    Tier,
    UnknownProgram,
    Worth,
    amount_off,
    commission,
    free_product,
    free_shipping,
    gift_card,
    money,
    percent_off,
    points,
    share_of_order,
    store_credit,
)
from goodword.errors import ProgramInvalid
from goodword.model.terms import Budget, Cap, ClaimBy, Per, Period
from goodword_server.house import House
from goodword_server.shell import program_form
from goodword_server.shell.program_form import FIELDS, NOWHERE, filled, has_more, read, shown
from goodword_server.shell.roles import Role
from tests.sdk.builders import a_program
from tests.server.builders import SHOP, Place
from tests.server.shell.browser import AT, Browser, Page, somebody

pytestmark = pytest.mark.slow

WORTHS = [
    *(amount_off("100", "TWD"), percent_off("12.5"), free_shipping(), free_product("p-1")),
    *(store_credit("5.00", "GBP"), gift_card("5.00", "GBP"), points(50), commission("9", "JPY")),
    *(share_of_order(10), share_of_order(5, Kind.COMMISSION), share_of_order(5, Kind.GIFT_CARD)),
    share_of_order(5, Kind.STORE_CREDIT),
]
RICH = a_program(
    reward=amount_off("5.00", "GBP"),
    terms=Terms(
        window_days=20,
        hold_days=0,
        minimum=money("30.00", "GBP"),
        countries=("TW",),
        caps=(Cap(most=9, per=Per.PROGRAM, every=Period.DAY), Cap(most=3)),
        budget=Budget(most=money("500.00", "GBP"), every=Period.MONTH),
        repeats=Repeats(orders=2),
        rungs_off=(Rung.LANDING,),
    ),
    tiers=(Tier(start=3, reward=amount_off("7.00", "GBP")),),
    campaigns=(
        Campaign(
            name="moon",
            starts=datetime(2026, 12, 1, tzinfo=UTC),
            ends=datetime(2026, 12, 5, tzinfo=UTC),
            reward=amount_off("9.00", "GBP"),
        ),
    ),
    priority=7,
    starts=datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
)


def changed(before: Program, **values: str) -> Program:
    return read({**filled(before), **values}, before)


@pytest.mark.parametrize("worth", WORTHS, ids=repr)
def test_every_worth_can_be_said_in_the_form(worth: Worth) -> None:
    program = a_program(reward=worth)
    assert read(filled(program), None).reward == worth


@pytest.mark.parametrize("choice", program_form.COMBINING)
def test_what_coupons_go_with_can_be_said_in_the_form(choice: str) -> None:
    program = changed(a_program(), combines_with=choice)
    assert filled(program)["combines_with"] == choice
    assert not has_more(program)
    assert (program.combines_with is None) is (choice == "")


def test_what_is_no_choice_of_the_list_is_told_where_it_stands() -> None:
    with pytest.raises(ProgramInvalid) as caught:
        changed(a_program(), combines_with="everything")
    assert shown(caught.value).field == "combines_with"


def test_a_form_that_was_left_as_it_was_changes_nothing() -> None:
    assert read(filled(RICH), RICH) == RICH
    assert read({}, RICH) == RICH


def test_what_the_form_does_not_show_stays() -> None:
    new = changed(RICH, title="Give 10%, get £6", reward="6.00", hold_days="7")
    assert new == replace(
        RICH,
        title="Give 10%, get £6",
        reward=amount_off("6.00", "GBP"),
        terms=replace(RICH.terms, hold_days=7),
    )


def test_another_cap_stays_beside_the_one_that_is_shown() -> None:
    assert filled(RICH)["cap"] == "3"
    daily = Cap(most=9, per=Per.PROGRAM, every=Period.DAY)
    assert set(changed(RICH, cap="5").terms.caps) == {daily, Cap(most=5)}
    assert changed(RICH, cap="").terms.caps == (daily,)


def test_a_budget_keeps_its_period() -> None:
    budget = changed(RICH, budget="600").terms.budget
    assert budget == Budget(most=money("600", "GBP"), every=Period.MONTH)
    assert changed(RICH, budget="").terms.budget is None


def test_the_hour_of_a_date_that_was_not_touched_stays() -> None:
    assert changed(RICH, ends="2027-01-01").starts == RICH.starts
    assert changed(RICH, starts="2026-11-02").starts == datetime(2026, 11, 2, tzinfo=UTC)
    assert changed(RICH, starts="").starts is None


def test_another_currency_is_another_for_every_amount() -> None:
    new = changed(RICH, currency="eur")
    assert new.reward == amount_off("5.00", "EUR")
    assert new.terms.minimum == money("30.00", "EUR")
    assert new.terms.budget is not None
    assert new.terms.budget.most.unit == "EUR"


def test_the_form_knows_what_it_does_not_show() -> None:
    assert has_more(RICH)
    assert not has_more(a_program())
    assert has_more(a_program(terms=replace(a_program().terms, grace_days=9)))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "Tea House"}, "name"),
        ({"title": ""}, "title"),
        ({"offer_kind": "commission"}, "offer"),
        ({"offer_kind": "nothing"}, "offer_kind"),
        ({"offer": "0"}, "offer"),
        ({"offer": "ten"}, "offer"),
        ({"reward_kind": "amount_off", "reward": ""}, "reward"),
        ({"reward_kind": "amount_off", "reward": "0.5"}, "reward"),
        ({"reward_kind": "amount_off", "reward": "5", "currency": "TEA"}, "currency"),
        ({"reward_kind": "gift_card", "reward": "100"}, "reward_kind"),
        ({"reward": "101"}, "reward"),
        ({"hold_days": "soon"}, "hold_days"),
        ({"hold_days": "-1"}, "hold_days"),
        ({"window_days": "0"}, "window_days"),
        ({"minimum": "1.234"}, "minimum"),
        ({"cap": "0"}, "cap"),
        ({"cap": "many"}, "cap"),
        ({"claim_by": "smoke signals"}, "claim_by"),
        ({"budget": "a lot"}, "budget"),
        ({"budget": "100", "reward_kind": "percent_off"}, "budget"),
        ({"starts": "soon"}, "starts"),
        ({"starts": "2026-12-02", "ends": "2026-12-01"}, "ends"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    place: Place, values: dict[str, str], field: str
) -> None:
    browser = somebody(place.house, Role.OWNER)
    answer = browser.post(f"{AT}/programs/new", **(NEW | values))
    assert answer.status_code == 422
    page = Page(answer.text)
    fields = [told for tag in ("input", "select") for told in page.all(tag)]
    assert [told["name"] for told in fields if "aria-invalid" in told] == [field]
    # What was typed is still there.
    shown_now = {told.get("name"): told.get("value") for told in page.all("input")}
    assert all(shown_now[name] == typed for name, typed in values.items() if name in shown_now)
    with pytest.raises(UnknownProgram):
        place.referrals.programs.find("tea")


NEW = {
    "name": "tea",
    "title": "Give 10%, get NT$100",
    "offer_kind": "percent_off",
    "offer": "10",
    "reward_kind": "share_amount_off",
    "reward": "10",
    "currency": "TWD",
    "hold_days": "14",
    "window_days": "30",
}


def test_a_new_program_is_what_the_form_says(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    said = {**NEW, "reward_kind": "amount_off", "reward": "100", "cap": "5", "minimum": "500"}
    answer = browser.post(f"{AT}/programs/new", **said, budget="", starts="2026-12-01", ends="")
    assert answer.location == f"{AT}/programs"
    saved = place.referrals.programs.find("tea")
    assert replace(saved, version=0, saved=None) == Program(
        name="tea",
        title="Give 10%, get NT$100",
        offer=percent_off(10),
        reward=amount_off("100", "TWD"),
        terms=Terms(minimum=money("500", "TWD"), caps=(Cap(most=5),)),
        starts=datetime(2026, 12, 1, tzinfo=UTC),
    )


def test_what_a_friend_is_asked_for_is_chosen(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    browser.post(f"{AT}/programs/new", **NEW, claim_by="nothing")
    assert place.referrals.programs.find("tea").terms.claim_by is ClaimBy.NOTHING


def test_a_name_that_is_taken_is_not_saved_over(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    answer = browser.post(f"{AT}/programs/new", **{**NEW, "name": "friends"})
    assert answer.status_code == 422
    assert place.referrals.programs.find("friends").version == 1


def save(browser: Browser, **values: Any) -> Any:
    page = browser.read(f"{AT}/programs/friends")
    version = next(told["value"] for told in page.all("input") if told.get("name") == "version")
    return browser.post(f"{AT}/programs/friends", **{"version": version, **values})


def test_whoever_changes_a_promise_hears_of_texts_that_say_another(place: Place) -> None:
    for language, text in (("en", "10% off"), ("zh-Hant", "九折")):
        place.referrals.messages.edit(
            "friends", "friend.title", Channel.PAGE, text, language=language
        )
    browser = somebody(place.house, Role.OWNER)
    save(browser, hold_days="21")
    assert "no longer say" not in browser.read(f"{AT}/programs").text
    save(browser, offer="20")
    told = browser.read(f"{AT}/programs").text
    assert "Texts that no longer say what this program gives: 1." in told
    assert "no longer say" not in browser.read(f"{AT}/programs").text


def test_a_program_is_saved_as_a_new_version(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    assert save(browser, hold_days="21").location == f"{AT}/programs"
    found = place.referrals.programs.find("friends")
    assert (found.version, found.terms.hold_days) == (2, 21)
    assert "friends (2)" in browser.read(f"{AT}/log").text


def test_who_looked_at_an_older_version_saves_nothing(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    save(browser, hold_days="21")
    answer = save(browser, version="1", hold_days="3")
    assert answer.status_code == 422
    assert "somebody else saved it meanwhile" in answer.text
    assert place.referrals.programs.find("friends").terms.hold_days == 21


def test_what_says_more_than_the_form_is_told_and_kept(house: House, place: Place) -> None:
    place.referrals.programs.save(RICH)
    browser = somebody(house, Role.OWNER)
    assert "says more than this form" in browser.read(f"{AT}/programs/friends").text
    save(browser, title="Another title")
    kept = house.referrals(SHOP).programs.find("friends")
    assert replace(kept, version=0, saved=None) == replace(RICH, title="Another title")


def test_who_only_looks_sees_the_form_and_cannot_send_it(place: Place) -> None:
    page = somebody(place.house, Role.READONLY).read(f"{AT}/programs/friends")
    shown_fields = [told for told in page.all("input") if told.get("name") in FIELDS]
    assert shown_fields
    assert all("disabled" in told for told in shown_fields)


def test_an_error_that_the_form_has_no_field_for_is_told_above_it() -> None:
    wrong = shown(ProgramInvalid(field="tiers[0].start", mend="go up"))
    assert (wrong.field, wrong.mend) == (NOWHERE, "go up")
    assert {"name", "title"} <= set(program_form.FIELDS)

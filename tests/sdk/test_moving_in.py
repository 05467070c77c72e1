"""Moving in from another tool: advocates and codes, all of them or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from goodword import (
    Advocate,
    Code,
    Invalid,
    MovedAdvocate,
    MovedCode,
    Referrals,
    Relation,
    RowsInvalid,
    Tally,
    UnknownAdvocate,
    UnknownCode,
    UnknownProgram,
    Wrong,
)
from goodword.embedded.engine import Engine
from goodword.storage import moving
from tests.sdk.builders import START, Clock, a_program, every_row
from tests.sdk.moved import LAST_YEAR, SHOP, a_code, bobs, bring, lin, mei, refused

pytestmark = pytest.mark.usefixtures("code")


# What comes.


def test_advocates_come_with_their_codes_kept_as_codes_are(
    engine: Engine, referrals: Referrals
) -> None:
    came = bring(engine, advocates=[mei(coupon=" MEI10 ", since=LAST_YEAR), lin()])
    assert came.advocates == Tally(new=2)
    assert came.codes == Tally(new=2)
    assert referrals.advocates.find("m-1") == mei().advocate
    found = referrals.find_code("mei 10")
    assert (found.text, found.advocate, found.coupon) == ("MEI10", "m-1", "mei10")
    assert referrals.find_offer("mei10").advocate == "Mei"


def test_whoever_comes_without_a_code_is_drawn_one(engine: Engine, referrals: Referrals) -> None:
    bring(engine, advocates=[lin()])
    (drawn,) = referrals.advocates.codes("m-2")
    assert len(drawn.text) == 8
    assert bring(engine, advocates=[lin()]).codes == Tally()


def test_codes_of_a_second_file_are_several_and_none_is_drawn(
    engine: Engine, referrals: Referrals
) -> None:
    ended = a_code("OLD", ended=LAST_YEAR, made=LAST_YEAR)
    rotated = a_code("LEAKED", rotated=LAST_YEAR)
    came = bring(engine, advocates=[mei(code=None)], codes=[a_code("TEA"), ended, rotated])
    assert came.codes == Tally(new=3)
    assert referrals.find_code("old").ended == LAST_YEAR
    assert referrals.find_code("leaked").rotated == LAST_YEAR
    assert [one.text for one in referrals.advocates.codes("m-1")] == ["TEA"]


def test_a_code_told_beside_its_advocate_and_among_the_codes_is_one(engine: Engine) -> None:
    assert bring(engine, advocates=[mei()], codes=[a_code("mei10")]).codes == Tally(new=1)


def test_an_account_tells_the_advocate_apart_from_their_friends(
    engine: Engine, referrals: Referrals
) -> None:
    bring(engine, advocates=[mei(account="wc-77")])
    assert referrals.people.export("wc-77")["people"][0]["id"] == "m-1"


# The same once more.


def test_the_same_twice_changes_nothing(engine: Engine) -> None:
    rows: dict[str, Any] = {
        "advocates": [mei(coupon="mei10", phone="0912345678"), lin(account="77")],
        "codes": [a_code("TEA", ended=LAST_YEAR)],
    }
    bring(engine, **rows)
    before = every_row(engine)
    came = bring(engine, **rows)
    assert came.advocates == Tally(stand=2)
    assert came.codes == Tally(stand=2)
    assert every_row(engine) == before


def test_what_is_told_anew_is_changed(engine: Engine, referrals: Referrals) -> None:
    bring(engine, advocates=[mei(), lin()])
    came = bring(engine, advocates=[mei(email="mei@new.example"), lin()])
    assert came.advocates == Tally(changed=1, stand=1)
    assert referrals.advocates.find("m-1").email == "mei@new.example"


def test_an_old_file_does_not_begin_anew_whoever_ended_here(
    engine: Engine, referrals: Referrals
) -> None:
    ended = Advocate(id="m-1", name="Mei", email="mei@shop.example", ended=START)
    referrals.advocates.invite("friends", ended)
    assert bring(engine, advocates=[mei(code=None)]).advocates == Tally(stand=1)
    assert referrals.advocates.find("m-1").ended == START


def test_an_old_file_gives_no_code_back_to_whoever_was_merged_since(
    engine: Engine, referrals: Referrals
) -> None:
    bring(engine, advocates=[mei()])
    referrals.advocates.merge("m-1", "c-1")
    assert bring(engine, advocates=[mei()]).advocates == Tally(stand=1)
    assert referrals.find_code("mei10").advocate == "c-1"


# A dry run.


def test_a_dry_run_tells_the_same_and_changes_nothing(engine: Engine) -> None:
    before = every_row(engine)
    rows: dict[str, Any] = {"advocates": [mei(), lin()], "referrals": [bobs()]}
    told = bring(engine, dry_run=True, **rows)
    assert every_row(engine) == before
    assert bring(engine, **rows) == told


# Who said no.


def test_whoever_was_forgotten_stays_it(engine: Engine, referrals: Referrals) -> None:
    bring(engine, advocates=[mei(), lin()])
    referrals.people.forget("m-1")
    before = every_row(engine)
    again = mei(id="m-9", code="MEI9", line=3)
    rows: dict[str, Any] = {
        "advocates": [mei(), again],
        "codes": [a_code("TEA", advocate="m-9")],
        "referrals": [bobs(advocate="m-9", code="MEI9")],
    }
    came = bring(engine, **rows)
    assert came.advocates == Tally(left_out=2)
    assert came.codes == Tally(left_out=1)
    assert came.referrals == Tally(left_out=1)
    assert every_row(engine) == before


def test_whoever_does_not_want_to_be_invited_is_left_out(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.people.decline("Mei@Shop.example")
    assert bring(engine, advocates=[mei(), lin()]).advocates == Tally(new=1, left_out=1)
    with pytest.raises(UnknownAdvocate):
        referrals.advocates.find("m-1")


def test_whoever_was_forgotten_over_there_comes_as_an_id_alone(
    engine: Engine, referrals: Referrals
) -> None:
    gone = mei(name="", email=None, code=None, forgotten=True)
    rows: dict[str, Any] = {"advocates": [gone], "codes": [a_code("OLD", ended=LAST_YEAR)]}
    assert bring(engine, **rows).codes == Tally(new=1)
    found = referrals.advocates.find("m-1")
    assert (found.name, found.email, found.ended) == ("", None, START)
    assert bring(engine, **rows).advocates == Tally(stand=1)
    assert bring(engine, advocates=[mei()]).advocates == Tally(left_out=1)


# What is wrong.


@pytest.mark.parametrize(
    ("one", "column"),
    [
        (mei(id=""), "id"),
        (mei(id="mei@shop.example"), "id"),
        (mei(id="x" * 65), "id"),
        (mei(email="mei at shop"), "email"),
        (mei(email="mei@"), "email"),
        (mei(name="tea\0"), "name"),
        (mei(name="x" * 1001), "name"),
        (mei(phone="1" * 256), "phone"),
        (mei(account="x@y"), "account"),
        (mei(code="ab"), "code"),
        (mei(code="MEI.10"), "code"),
        (mei(code="fuckyou"), "code"),
        (mei(code="ALICE10"), "code"),
        (mei(coupon="ref-alice10"), "coupon"),
        (mei(coupon="x" * 101), "coupon"),
        (mei(since=START + timedelta(days=1)), "since"),
        (mei(since=LAST_YEAR.replace(tzinfo=None)), "since"),
        (mei(ended=LAST_YEAR.replace(tzinfo=None)), "ended"),
        (mei(merged_into="m-1", code=None), "merged_into"),
        (mei(merged_into="m-9", code=None), "merged_into"),
        (mei(merged_into="c-1"), "code"),
        (mei(forgotten=True, code=None), "forgotten"),
    ],
)
def test_what_is_wrong_with_an_advocate_is_told_and_nothing_comes(
    engine: Engine, one: MovedAdvocate, column: str
) -> None:
    before = every_row(engine)
    assert refused(lambda: bring(engine, advocates=[lin(), one])) == [("advocates", 2, column)]
    assert refused(lambda: bring(engine, advocates=[one], dry_run=True)) == [
        ("advocates", 2, column)
    ]
    assert every_row(engine) == before


def test_everything_that_is_wrong_is_told_together(engine: Engine) -> None:
    read = Wrong("quotes", "a quotation mark opens and does not close", 9, "", "codes")
    told = refused(
        lambda: bring(
            engine,
            advocates=[mei(), mei(line=3, code="X-1"), lin(line=4, code="mei 10")],
            codes=[a_code("ALICE10"), a_code("TEA", advocate="nobody", line=3), read],
            referrals=[bobs(total=bobs().total, code="nobody", advocate=None)],
        )
    )
    assert told == [
        ("advocates", 3, "id"),
        ("advocates", 4, "code"),
        ("codes", 2, "code"),
        ("codes", 3, "advocate"),
        ("codes", 9, ""),
        ("referrals", 2, "code"),
    ]


def test_whoever_stands_there_twice_is_told_once_whatever_else_is_wrong(engine: Engine) -> None:
    again = mei(email="mei at shop", code="X-1", line=3)
    assert refused(lambda: bring(engine, advocates=[mei(), again])) == [("advocates", 3, "id")]


def test_what_follows_from_a_wrong_row_is_not_told_again(engine: Engine) -> None:
    wrong = mei(email="mei at shop")
    told = refused(
        lambda: bring(engine, advocates=[wrong], codes=[a_code("TEA")], referrals=[bobs()])
    )
    assert told == [("advocates", 2, "email")]


def test_of_many_wrong_rows_the_first_are_told_and_the_others_counted(engine: Engine) -> None:
    rows = [mei(id=f"m-{number}", code="ab", line=number) for number in range(2_500)]
    with pytest.raises(RowsInvalid) as caught:
        bring(engine, advocates=rows)
    assert len(caught.value.facts["wrong"]) == 100
    assert caught.value.facts["more"] == 2_400


@pytest.mark.parametrize(
    ("codes", "column"),
    [
        ([a_code("TEA"), a_code("tea")], "code"),
        ([a_code("mei10", coupon="x")], "code"),
        ([a_code("TEA", coupon="x"), a_code("POT", coupon="X")], "coupon"),
        ([a_code("TEA", advocate="m\0")], "advocate"),
        ([a_code("TEA", program="\ud800")], "advocate"),
        ([a_code("TEA", made=START + timedelta(days=1))], "made"),
        ([a_code("TEA", ended=LAST_YEAR.replace(tzinfo=None))], "ended"),
        ([a_code("TEA", advocate="")], "advocate"),
    ],
)
def test_what_is_wrong_with_a_code_is_told(
    engine: Engine, codes: list[MovedCode], column: str
) -> None:
    before = every_row(engine)
    assert refused(lambda: bring(engine, advocates=[mei()], codes=codes)) == [("codes", 2, column)]
    assert every_row(engine) == before


def test_a_code_of_a_program_that_is_not_there_is_wrong(engine: Engine) -> None:
    code = a_code("TEA", program="nothing")
    assert refused(lambda: bring(engine, advocates=[mei()], codes=[code])) == [
        ("codes", 2, "program")
    ]


def test_nobody_comes_into_a_program_that_is_not_for_them(
    engine: Engine, referrals: Referrals
) -> None:
    referrals.programs.save(a_program(name="staff", relations=(Relation.EMPLOYEE,)))
    for one in (mei(), lin(line=2)):
        with pytest.raises(RowsInvalid) as caught:
            engine.bring_in(SHOP, "staff", advocates=[one])
        (wrong,) = caught.value.facts["wrong"]
        assert (wrong.line, wrong.column) == (2, "relation")


def test_a_program_that_nobody_saved_is_told(engine: Engine) -> None:
    with pytest.raises(UnknownProgram):
        engine.bring_in(SHOP, "nothing", advocates=[mei()])


def test_what_can_be_read_once_only_is_refused(engine: Engine) -> None:
    with pytest.raises(Invalid, match="read once"):
        bring(engine, advocates=iter([mei()]))


# All or nothing.


class Breaking:
    """Rows that end in the middle."""

    def __iter__(self) -> Iterator[MovedAdvocate]:
        for number in range(4_500):
            yield mei(id=f"m-{number}", code=None, line=number)
        raise KeyboardInterrupt


def test_what_is_broken_off_leaves_nothing(engine: Engine) -> None:
    before = every_row(engine)
    with pytest.raises(KeyboardInterrupt):
        bring(engine, advocates=Breaking())
    assert every_row(engine) == before


def test_many_come_at_once(engine: Engine, referrals: Referrals) -> None:
    rows = [
        mei(id=f"m-{number}", code=f"MEI-{number:05}", coupon=f"m{number}", line=number)
        for number in range(4_500)
    ]
    assert bring(engine, advocates=rows).codes == Tally(new=4_500)
    assert referrals.find_code("MEI-04499").coupon == "m4499"
    assert bring(engine, advocates=rows).advocates == Tally(stand=4_500)


def test_a_row_that_somebody_else_writes_meanwhile_is_seen_the_second_time(
    engine: Engine, referrals: Referrals, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring(engine, advocates=[mei()])
    asked = []
    real = moving.people_of

    def blind(book: Any, ids: Any) -> Any:
        asked.append(ids)
        return {} if len(asked) == 1 else real(book, ids)

    monkeypatch.setattr(moving, "people_of", blind)
    assert bring(engine, advocates=[mei()]).advocates == Tally(stand=1)
    assert len(asked) > 1


def test_it_stands_or_falls_with_the_hosts_transaction(
    engine: Engine, referrals: Referrals
) -> None:
    with engine.database.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        inside = engine.within(connection)
        assert bring(inside, advocates=[mei()]).advocates == Tally(new=1)
        assert bring(inside, advocates=[lin()], dry_run=True).advocates == Tally(new=1)
        assert inside.of(SHOP).find_code("mei10").advocate == "m-1"
        connection.exec_driver_sql("ROLLBACK")
    with pytest.raises(UnknownCode):
        referrals.find_code("mei10")


def test_one_shop_takes_no_code_from_another(engine: Engine, code: Code, clock: Clock) -> None:
    engine.of("other").programs.save(a_program())
    came = engine.bring_in("other", "friends", advocates=[mei(code=code.text)])
    assert came.codes == Tally(new=1)

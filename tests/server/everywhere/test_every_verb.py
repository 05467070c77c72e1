"""Every verb and wing does, answers and refuses the same, embedded or asked of a server."""

from __future__ import annotations

import ast
import csv
import typing
from dataclasses import replace
from datetime import timedelta
from inspect import isabstract
from pathlib import Path

import pytest

from goodword import (
    Advocate,
    Cap,
    Claiming,
    ClaimInvalid,
    Code,
    CodeEnded,
    CodeInvalid,
    CodeTaken,
    CouponTaken,
    IdentityChanged,
    Invalid,
    MergeRefused,
    Money,
    NothingDue,
    NotInReview,
    OfferState,
    OrderConflict,
    OrderInvalid,
    OwnCode,
    PersonInvalid,
    ProgramInvalid,
    Proof,
    ProofInvalid,
    ProofKind,
    Referrals,
    Refund,
    RefundConflict,
    Relation,
    Result,
    RewardState,
    RulingInvalid,
    Rung,
    State,
    Terms,
    UnknownAdvocate,
    UnknownClaim,
    UnknownCode,
    UnknownOrder,
    UnknownPerson,
    UnknownProgram,
    UnknownProof,
    UnknownThanks,
    Verdict,
    Visiting,
    VisitInvalid,
    commission,
    share_of_order,
)
from goodword.embedded.engine import Engine
from goodword.interface.routes import ROUTES
from goodword.model.worth import Kind
from tests.sdk.builders import (
    PLACED,
    RELEASE,
    START,
    Clock,
    Obedient,
    a_program,
    a_shop_with,
    alice,
    an_order,
    carol,
    gbp,
    later,
)

pytestmark = pytest.mark.slow

BOB = "bob@friend.example"


def test_every_verb_of_the_interface_has_a_route_and_is_played_here() -> None:
    wings = Referrals.__annotations__
    verbs = set(Referrals.__abstractmethods__) | {
        f"{wing}.{verb}"
        for wing in wings
        for verb in _kind(wing).__abstractmethods__  # type: ignore[attr-defined]
    }
    assert {route.verb for route in ROUTES} == verbs
    assert verbs - _called() == set()


def _kind(wing: str) -> type:
    kind: type = typing.get_type_hints(Referrals)[wing]
    assert isabstract(kind)
    return kind


def _called() -> set[str]:
    """The verbs that the tests of this folder call."""
    found = set()
    for path in Path(__file__).parent.glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                whole = ast.unparse(node.func)
                if whole.startswith("referrals."):
                    found.add(whole.removeprefix("referrals."))
    return found


# Codes, names and visits.


def test_a_code_is_found_as_it_is_typed(referrals: Referrals, code: Code) -> None:
    assert code == Code(
        text="ALICE10",
        shown="ALICE10",
        advocate="c-1",
        program="friends",
        coupon="ref-alice10",
    )
    assert referrals.find_code(" alice-10 ") == code


@pytest.mark.parametrize("text", ["NOBODY", "a/b", "...", "茶 屋", "?#%", "x" * 300])
def test_a_code_that_nobody_holds_is_said(referrals: Referrals, text: str) -> None:
    with pytest.raises(UnknownCode) as caught:
        referrals.find_code(text)
    assert caught.value.facts == {"text": text}
    assert str(caught.value) == f"nobody holds the code {text!r}"


def test_what_a_code_offers_is_told_with_whose_it_is(referrals: Referrals, code: Code) -> None:
    found = referrals.find_offer(" alice-10 ")
    saved = referrals.programs.find("friends")
    assert (found.code, found.advocate, found.offer) == ("ALICE10", "Alice", saved.offer)
    assert (found.state, found.version) == (OfferState.LIVE, saved.version)
    with pytest.raises(UnknownCode):
        referrals.find_offer("NOBODY")


def test_a_name_is_taken_whoever_goes_by_it(referrals: Referrals, code: Code) -> None:
    assert referrals.ask_name("Alice") == referrals.ask_name("Nobody", hint="x@y.example")
    with pytest.raises(Invalid) as caught:
        referrals.ask_name("")
    assert caught.value.facts["field"] == "name"


def test_a_visit_is_kept_and_leads_to_its_advocate(referrals: Referrals, code: Code) -> None:
    visiting = Visiting(code=code.text, landing="/tea?x=1", via="line", visitor="v-1")
    visit = referrals.record_visit(visiting)
    assert (visit.code, visit.landing, visit.via, visit.visitor) == (
        "ALICE10",
        "/tea?x=1",
        "line",
        "v-1",
    )
    outcome = referrals.record_order(an_order(coupons=(), visit=visit.id))
    assert outcome.referral is not None
    assert (outcome.referral.rung, outcome.referral.advocate) == (Rung.VISIT, "c-1")


def test_a_visit_that_cannot_be_is_refused(referrals: Referrals, code: Code) -> None:
    with pytest.raises(UnknownCode):
        referrals.record_visit(Visiting(code="NOBODY"))
    with pytest.raises(VisitInvalid) as caught:
        referrals.record_visit(Visiting(code=code.text, via="x" * 300))
    assert caught.value.facts["field"] == "via"


# Claims.


def test_a_claim_brings_a_coupon_and_confirmed_it_is_a_bond(
    referrals: Referrals, code: Code, clock: Clock
) -> None:
    claim = referrals.claim(Claiming(code=code.text, email=BOB, phone="0912345678"))
    assert (claim.code, claim.advocate, claim.confirmed) == ("ALICE10", "c-1", None)
    assert claim.coupon.startswith("gift-")
    assert referrals.claim(Claiming(code=code.text, email=BOB)) == claim
    assert referrals.find_claim(claim.id) == claim
    bond = referrals.confirm(claim.id, account="k-5")
    assert bond.confirmed == clock.at
    assert referrals.confirm(claim.id) == bond


def test_a_claim_that_cannot_be_is_refused(referrals: Referrals, code: Code, clock: Clock) -> None:
    for claiming, kind in (
        (Claiming(code="NOBODY", email=BOB), UnknownCode),
        (Claiming(code=code.text), ClaimInvalid),
        (Claiming(code=code.text, email="bob"), ClaimInvalid),
        (Claiming(code=code.text, email="alice@shop.example"), OwnCode),
    ):
        with pytest.raises(kind):
            referrals.claim(claiming)
    with pytest.raises(UnknownClaim):
        referrals.confirm("nothing")
    with pytest.raises(UnknownClaim):
        referrals.find_claim("nothing")
    referrals.advocates.invite("friends", replace(alice(), ended=clock.at))
    with pytest.raises(CodeEnded):
        referrals.claim(Claiming(code=code.text, email=BOB))


# Orders and refunds.


def test_an_order_is_told_as_often_as_it_changes(referrals: Referrals, code: Code) -> None:
    created = referrals.record_order(an_order())
    assert created.result is Result.CREATED
    assert created.referral is not None
    assert (created.referral.state, created.referral.qualified) == (State.QUALIFIED, START)
    assert referrals.record_order(an_order()).result is Result.DUPLICATE
    changed = referrals.record_order(later(an_order(), cancelled=PLACED))
    assert (changed.result, changed.reasons) == (Result.UPDATED, ("cancelled",))
    assert referrals.record_order(an_order()).result is Result.IGNORED
    assert referrals.record_order(an_order(id="99", coupons=())).result is Result.UNATTRIBUTED


def test_an_order_that_contradicts_itself_is_refused(referrals: Referrals, order: str) -> None:
    other = an_order(net=gbp("71.00"))
    with pytest.raises(OrderConflict) as caught:
        referrals.record_order(other)
    assert caught.value.facts["id"] == order
    assert referrals.record_order(other, confirmed=True).result is Result.UPDATED
    with pytest.raises(IdentityChanged):
        referrals.record_order(later(an_order(), test=True))
    with pytest.raises(OrderInvalid) as invalid:
        referrals.record_order(an_order(id="18", net=gbp("-1.00")))
    assert invalid.value.facts["field"] == "net"


def test_a_refund_may_come_alone_and_first(referrals: Referrals, code: Code) -> None:
    refund = Refund(id="r-1", gross=gbp("36.00"))
    assert referrals.record_refund("17", refund).result is Result.QUEUED
    assert referrals.record_order(an_order()).result is Result.CREATED
    assert referrals.record_refund("17", refund).result is Result.DUPLICATE
    (reward,) = referrals.rewards.list("c-1")
    assert reward.worth == gbp("3.60")
    with pytest.raises(RefundConflict):
        referrals.record_refund("17", replace(refund, gross=gbp("35.00")))
    with pytest.raises(OrderInvalid):
        referrals.record_refund("17", Refund(id="r-2", gross=gbp("99.00")))


# Programs.


def test_a_program_is_kept_in_versions(referrals: Referrals) -> None:
    saved = referrals.programs.save(a_program())
    assert (saved.version, saved.saved) == (1, START)
    assert referrals.programs.save(a_program()) == saved
    dearer = a_program(share_of_order("12.5"), terms=Terms(caps=(Cap(most=3),)))
    assert referrals.programs.save(dearer).version == 2
    assert referrals.programs.find("friends").reward == share_of_order("12.5")
    other = referrals.programs.save(a_program(name="partners"))
    assert list(referrals.programs.list()) == [referrals.programs.find("friends"), other]


def test_a_program_that_cannot_be_promised_is_refused(referrals: Referrals) -> None:
    with pytest.raises(UnknownProgram):
        referrals.programs.find("friends")
    with pytest.raises(ProgramInvalid) as caught:
        referrals.programs.save(a_program(title=""))
    assert caught.value.facts["field"] == "title"
    assert list(referrals.programs.list()) == []


def test_trying_out_changes_nothing(referrals: Referrals, code: Code) -> None:
    trial = referrals.programs.try_out(an_order())
    assert (trial.reward, trial.reasons) == (gbp("7.20"), ())
    assert trial.winner is not None
    draft = a_program(share_of_order(50))
    told = referrals.programs.try_out(an_order(), program=draft, language="zh-Hant")
    assert told.reward == gbp("36.00")
    assert told.words != trial.words
    with pytest.raises(UnknownOrder):
        referrals.credit.explain("17")
    with pytest.raises(OrderInvalid):
        referrals.programs.try_out(an_order(net=gbp("-1")))


# Advocates.


def test_an_advocate_is_found_as_invited(referrals: Referrals, code: Code) -> None:
    mei = Advocate(
        id="p/7 陳", name="陳美", phone="+886912345678", relation=Relation.PARTNER, ended=PLACED
    )
    made = referrals.advocates.invite("friends", mei)
    assert referrals.advocates.find("p/7 陳") == mei
    assert referrals.find_code(made.text).advocate == mei.id
    with pytest.raises(UnknownAdvocate):
        referrals.advocates.find("c-9")


def test_who_cannot_be_invited_is_said(referrals: Referrals, code: Code) -> None:
    x, unfit = Advocate(id="x"), Advocate(id="a@b.example")
    for program, who, asked, kind in (
        ("none", alice(), {}, UnknownProgram),
        ("friends", unfit, {}, PersonInvalid),
        ("friends", alice(), {"code": "!"}, CodeInvalid),
        ("friends", x, {"code": "alice10"}, CodeTaken),
        ("friends", x, {"coupon": "ref-alice10"}, CouponTaken),
    ):
        with pytest.raises(kind):
            referrals.advocates.invite(program, who, **asked)


def test_codes_are_drawn_and_rotated(referrals: Referrals, code: Code, clock: Clock) -> None:
    drawn = referrals.advocates.draw("friends", "c-1", 3)
    assert len(set(drawn)) == 3
    assert list(drawn) == sorted(drawn)
    fresh = referrals.advocates.rotate("friends", "c-1", code="ALICE11")
    assert fresh.text == "ALICE11"
    assert referrals.find_code("ALICE10").rotated == clock.at
    with pytest.raises(Invalid):
        referrals.advocates.draw("friends", "c-1", 0)
    with pytest.raises(UnknownAdvocate):
        referrals.advocates.rotate("friends", "c-9")


def test_two_advocates_become_one(referrals: Referrals, code: Code) -> None:
    carol(referrals)
    assert referrals.advocates.merge("c-2", "c-1") == alice()
    assert referrals.find_code("CAROL").advocate == "c-1"
    with pytest.raises(MergeRefused) as caught:
        referrals.advocates.merge("c-1", "c-1")
    assert caught.value.facts["why"] == "they are the same"


# Credit and reviews.


def test_an_order_is_explained_as_data_and_in_words(referrals: Referrals, order: str) -> None:
    told = referrals.credit.explain(order)
    assert told.winner is not None
    assert (told.winner.advocate, told.winner.rung) == ("c-1", Rung.COUPON)
    assert [entry.worth for entry in told.entries] == [gbp("8.00"), gbp("7.20")]
    assert told.state.net == gbp("72.00")
    assert told.state.email is None
    chinese = referrals.credit.explain(order, language="zh-Hant")
    assert len(chinese.words) == len(told.words)
    assert chinese.words != told.words
    with pytest.raises(UnknownOrder) as caught:
        referrals.credit.explain("99")
    assert caught.value.facts == {"id": "99"}
    with pytest.raises(Invalid):
        referrals.credit.explain(order, language="tlh")


def test_an_owner_assigns_an_order(referrals: Referrals, order: str) -> None:
    carol(referrals)
    outcome = referrals.credit.assign(order, "CAROL", reason="they met at the counter", by="Ann")
    assert outcome.referral is not None
    assert (outcome.referral.advocate, outcome.referral.rung) == ("c-2", Rung.ASSIGNMENT)
    with pytest.raises(RulingInvalid):
        referrals.credit.assign(order, "CAROL", reason="")
    with pytest.raises(UnknownCode):
        referrals.credit.assign(order, "NOBODY", reason="x")
    with pytest.raises(UnknownOrder):
        referrals.credit.assign("99", "CAROL", reason="x")


def test_a_period_is_replayed(referrals: Referrals, order: str) -> None:
    replay = referrals.credit.replay(PLACED, PLACED + timedelta(days=1), as_placed=True)
    assert (replay.orders, replay.differences) == (1, ())
    with pytest.raises(Invalid):
        referrals.credit.replay(PLACED, PLACED - timedelta(days=1))


def test_a_household_is_reviewed(referrals: Referrals, code: Code) -> None:
    referrals.advocates.invite("friends", replace(alice(), phone="+886912345678"))
    outcome = referrals.record_order(an_order(phone="0912345678", country="TW"))
    assert outcome.reasons == ("risk_review",)
    (waiting,) = referrals.reviews.open()
    assert waiting == outcome.referral
    decided = referrals.reviews.decide("17", Verdict.APPROVED, reason="neighbours", by="Ann")
    assert decided.referral is not None
    assert decided.referral.state is State.QUALIFIED
    assert list(referrals.reviews.open()) == []
    with pytest.raises(RulingInvalid):
        referrals.reviews.decide("17", Verdict.REFUSED, reason="")
    referrals.record_order(an_order(id="18", coupons=(), email="eve@friend.example"))
    with pytest.raises(NotInReview):
        referrals.reviews.decide("18", Verdict.APPROVED, reason="x")


# Rewards, thanks and people.


def test_what_an_advocate_has_is_told(
    referrals: Referrals, engine: Engine, order: str, clock: Clock
) -> None:
    (waiting,) = referrals.rewards.list("c-1")
    assert (waiting.state, waiting.worth, waiting.release) == (
        RewardState.WAITING,
        gbp("7.20"),
        RELEASE,
    )
    clock.to(RELEASE)
    engine.work({"till": Obedient()})
    (granted,) = referrals.rewards.list("c-1")
    assert granted.state is RewardState.GRANTED
    assert granted.text is not None
    (stands,) = referrals.rewards.balance("c-1")
    assert (stands.unit, stands.given) == ("GBP", 720)
    for ask in (referrals.rewards.list, referrals.rewards.balance):
        with pytest.raises(UnknownAdvocate):
            ask("c-9")


def test_a_commission_is_marked_as_paid(referrals: Referrals, engine: Engine, clock: Clock) -> None:
    a_shop_with(referrals, a_program(commission("9.00", "GBP")))
    referrals.record_order(an_order())
    with pytest.raises(NothingDue):
        referrals.rewards.mark_paid("c-1", reference="t-1")
    clock.to(RELEASE)
    engine.work()
    (paid,) = referrals.rewards.mark_paid("c-1", reference="t-1", orders=["17"])
    assert (paid.order, paid.worth) == ("17", gbp("9.00"))
    assert list(referrals.rewards.mark_paid("c-1", reference="t-1")) == [paid]
    (reward,) = referrals.rewards.list("c-1")
    assert (reward.kind, reward.state) == (Kind.COMMISSION, RewardState.PAID)
    text = referrals.rewards.statement(START, RELEASE + timedelta(days=1), advocate="c-1")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    assert {row["advocate"] for row in rows} == {"c-1"}
    with pytest.raises(UnknownAdvocate):
        referrals.rewards.statement(START, RELEASE, advocate="c-9")


def test_thanks_are_owed_until_they_are_said(
    referrals: Referrals, order: str, clock: Clock
) -> None:
    (owed,) = referrals.thanks.owed()
    assert (owed.order, owed.advocate, owed.by) == (order, "c-1", START + timedelta(days=1))
    kept = referrals.thanks.keep(owed.id, channel="flowers")
    assert (kept.kept, kept.channel) == (clock.at, "flowers")
    assert list(referrals.thanks.owed()) == []
    with pytest.raises(UnknownThanks):
        referrals.thanks.keep("nothing")
    with pytest.raises(Invalid):
        referrals.thanks.keep(owed.id, channel="")


def test_what_others_say_is_kept_until_it_is_removed(
    referrals: Referrals, code: Code, clock: Clock
) -> None:
    said = Proof(
        id="alice-1",
        kind=ProofKind.TESTIMONIAL,
        text="The best oolong that I ever had.",
        consented=clock.at,
        person=code.advocate,
    )
    written = replace(
        said, id="a-1", kind=ProofKind.ARTICLE, link="https://paper.example/tea", person=None
    )
    shown = replace(said, name="Alice")
    assert referrals.proofs.save(said) == shown
    assert referrals.proofs.save(written) == written
    assert list(referrals.proofs.list()) == [written, shown]
    referrals.proofs.remove("a-1")
    assert list(referrals.proofs.list()) == [shown]
    with pytest.raises(UnknownProof):
        referrals.proofs.remove("a-1")
    with pytest.raises(UnknownPerson):
        referrals.proofs.save(replace(said, person="c-9"))
    with pytest.raises(ProofInvalid) as caught:
        referrals.proofs.save(replace(said, text=" "))
    assert caught.value.facts["field"] == "text"


def test_a_person_is_told_and_forgotten(referrals: Referrals, order: str) -> None:
    told = referrals.people.export(BOB)
    assert BOB in str(told)
    referrals.people.forget(BOB)
    with pytest.raises(UnknownPerson):
        referrals.people.export(BOB)
    (reward,) = referrals.rewards.list("c-1")
    assert reward.worth == Money(720, "GBP")

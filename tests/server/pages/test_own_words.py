"""What a shop says in its own words is what its friends read, and nothing is said for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from goodword import Advocate, ClaimBy, Proof, ProofKind, Terms
from goodword.model.message import Channel
from tests.sdk.builders import Clock, a_program, alice
from tests.server.builders import Place
from tests.server.gifts import BOB, a_friend, token_of
from tests.server.test_ways import apply


def furnish(place: Place, clock: Clock) -> None:
    """Let Alice pass on a code of every kind of program, and others say something."""
    referrals, now = place.referrals, clock.at
    by_nothing = Terms(claim_by=ClaimBy.NOTHING)
    for program in (
        a_program(name="phone", terms=Terms(claim_by=ClaimBy.PHONE, new_customer_only=True)),
        a_program(name="shared", terms=by_nothing),
        a_program(name="bare", terms=by_nothing),
        a_program(name="over", starts=now - timedelta(days=9), ends=now),
        a_program(name="later", starts=now + timedelta(days=9)),
    ):
        referrals.programs.save(program)
        coupon = "alice-for-all" if program.name == "shared" else None
        referrals.advocates.invite(program.name, alice(), code=program.name.upper(), coupon=coupon)
    referrals.advocates.invite("friends", Advocate(id="c-9", name="Bo", ended=now), code="ENDED")
    said = Proof(
        id="p",
        kind=ProofKind.ARTICLE,
        text="Tea",
        consented=now,
        link="https://x.example",
        person="c-1",
    )
    for kind in ProofKind:
        referrals.proofs.save(replace(said, id=kind, kind=kind))


def every_text(place: Place, clock: Clock) -> Iterator[str]:
    """Every page that says something of a gift."""
    friend = a_friend(place)
    for code in ("PHONE", "SHARED", "BARE", "OVER", "LATER", "ENDED"):
        yield friend.open(code).text
    token = token_of(friend.open())
    yield friend.send(BOB).text
    yield friend.send("nobody", token=token).text
    yield friend.send("alice@shop.example", token=token).text
    yield friend.take("12", "PHONE").text
    friend.take()
    yield friend.open().text
    clock.on(hours=1)
    yield friend.open().text
    apply(place)
    yield a_friend(place).open("SHARED").text


def test_every_word_of_the_friends_page_can_be_a_shops_own(place: Place, clock: Clock) -> None:
    furnish(place, clock)
    moments = {
        wording.moment
        for wording in place.referrals.messages.list("friends")
        if wording.channel is Channel.PAGE and wording.moment.startswith(("friend.", "preview."))
    }
    for program in place.referrals.programs.list():
        for moment in moments:
            place.referrals.messages.edit(
                program.name, moment, Channel.PAGE, f"our own words of {moment}!"
            )
    read = "".join(every_text(place, clock))
    assert {one for one in moments if f"our own words of {one}!" not in read} == set()

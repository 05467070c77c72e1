"""What a shop says in its own words is what its friends read, and nothing is said for nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from goodword import Advocate, ClaimBy, Proof, ProofKind, State, Terms
from goodword.model.message import EVERY_PROGRAM, Channel
from goodword_server.entering import Entering
from tests.sdk.builders import Clock, Obedient, a_program, alice, an_order
from tests.server.builders import PHONE, PUBLIC, SHOP, Place, a_house, a_place
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
    place.referrals.programs.pause("friends")
    yield friend.open().text


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


def test_every_word_of_the_advocates_page_can_be_a_shops_own(
    url: str, clock: Clock, tmp_path: Path
) -> None:
    mail: Any = {"mail": f"folder:{tmp_path}", "mail_from": "tea@shop.example"}
    with a_house(url, clock, **mail) as house:
        place = a_place(house)
        own: dict[str, set[str]] = {}
        for program in ("friends", EVERY_PROGRAM):
            own[program] = {
                one.moment
                for one in place.referrals.messages.list(program)
                if one.channel is Channel.PAGE and not one.moment.startswith(_OTHERS)
            }
            for moment in own[program]:
                text = f"our own words of {moment}!"
                place.referrals.messages.edit(program, moment, Channel.PAGE, text)
        read = "".join(every_own_text(place, clock))
    moments = own["friends"] | own[EVERY_PROGRAM]
    assert {one for one in moments if f"our own words of {one}!" not in read} == set()


# Pages of friends; and what can be told of an order or a reward, each in its own test.
_OTHERS: Final = (
    *("friend.", "preview.", "own.friend.", "own.reward.", "why.lost.", "why.reason.", "unread."),
    *(f"why.{one}" for one in ("elsewhere", "nobody", *State)),
    # Where there is no mail, and where there are very many friends or a debt.
    *("sign_in.no_mail", "own.friends.newest", "own.owed_back", "own.no_codes", "own.title"),
    # The form has no script here, and an address that is none.
    *("advocate.not_live", "guessed.", "slow."),
)


def every_own_text(place: Place, clock: Clock) -> Iterator[str]:
    """Every page that an advocate sees, with friends and without."""
    agent = {"User-Agent": PHONE}

    def get(path: str) -> str:
        return place.client.get(path, headers=agent).get_data(as_text=True)

    def post(path: str, **form: str) -> str:
        return place.client.post(path, data=form, headers=agent).get_data(as_text=True)

    at, entering = f"/{SHOP}/a", Entering(place.house)
    yield get(at)
    yield post(at, email="nobody")
    yield post(at, email="nobody@shop.example")
    yield get(f"{at}/p/none")
    yield get(f"{at}/no/none")
    ticket = entering.decline_link(SHOP, "c-1").removeprefix(PUBLIC)
    yield get(ticket)
    ((_, mailed),) = entering.mailed_links(SHOP, "alice@shop.example")
    yield get(mailed.removeprefix(PUBLIC))
    yield get(f"/{SHOP}/c/NOBODY")
    get(entering.link(SHOP, "c-1").url.removeprefix(PUBLIC))
    yield get(at)
    place.referrals.record_order(an_order())
    place.referrals.record_order(an_order(id="18", email=None))
    place.house.engine.work({"mail": Obedient()})
    for owed in place.referrals.thanks.owed():
        place.referrals.thanks.keep(owed.id)
    yield get(at)
    yield post(f"{at}/why", order="")
    yield post(f"{at}/why", order="99")
    yield post(ticket)

"""What becomes of an advocate, a code or a past referral that moves in, by what is here already."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from goodword.errors import CodeInvalid, OrderInvalid, PersonInvalid
from goodword.model.credit import State
from goodword.model.moving import MovedAdvocate, MovedCode, PastReferral
from goodword.model.order import Order
from goodword.model.people import Advocate, Relation
from goodword.model.program import Program
from goodword.rules import advocates, codes, orders, texts

NAME_LONGEST: Final = 1_000
REWARD_LONGEST: Final = 200
# What of a past referral is told by which field of an order.
_TOLD_BY: Final = {
    "id": "order",
    "gross": "total",
    "customer": "friend_account",
    "email": "friend_email",
    "phone": "friend_phone",
}
_SETTLED: Final = frozenset({State.REWARDED, State.EXPIRED, State.REVERSED})
_NOW_OR_LATER: Final = "lies ahead of now; a past referral was placed before"
_IN_UTC: Final = "needs a moment in UTC with its time zone set"


class Fate(StrEnum):
    """What becomes of one that moves in."""

    NEW = "new"
    CHANGED = "changed"
    STANDS = "stand"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one, and how to mend it."""

    column: str
    mend: str


@dataclass(frozen=True, slots=True)
class Here:
    """Who goes by an id already."""

    advocate: Advocate | None
    """None: somebody who is no advocate."""
    account: str | None = None
    merged: bool = False
    forgotten: bool = False


def fault_of_advocate(one: MovedAdvocate, mailbox: str | None, now: datetime) -> Fault | None:
    """Return what is wrong with an advocate, whoever else there is."""
    who = one.advocate
    try:
        advocates.check_person(who)
    except PersonInvalid as error:
        return Fault(str(error.facts["field"]), str(error.facts["mend"]))
    told = f"{who.id}\n{who.name}\n{who.email}\n{who.phone}\n{one.account}\n{one.merged_into}"
    if not texts.can_be_kept(told):
        return Fault("name", texts.MEND)
    if len(who.name) > NAME_LONGEST:
        return Fault("name", f"use at most {NAME_LONGEST} characters")
    if who.email and (mailbox is None or len(who.email) > texts.LONGEST):
        return Fault("email", "is no e-mail address; mend it or leave it empty")
    if who.phone and len(who.phone) > texts.LONGEST:
        return Fault("phone", f"use at most {texts.LONGEST} characters")
    if one.account is not None and (len(one.account) > 64 or "@" in one.account):
        return Fault("account", "give the shop's own id of their account, at most 64 long")
    if one.merged_into == who.id:
        return Fault("merged_into", "is the same; leave it empty")
    if one.code is not None and (one.forgotten or one.merged_into is not None):
        return Fault("code", "is of somebody who passes nothing on any more; leave it empty")
    if one.forgotten and (who.name or who.email or who.phone or one.account):
        return Fault("forgotten", "and still it is told who they are; leave the rest empty")
    return _fault_of_moment("since", one.since, now)


def fate_of_advocate(
    one: MovedAdvocate, phone: str | None, here: Here | None, *, said_no: bool
) -> Fate | Fault:
    """Say what becomes of an advocate.  ``phone``: theirs, as it is kept."""
    if one.forgotten:
        if here is None:
            return Fate.NEW
        mend = "is known here and not forgotten; forget them here first, or leave the line out"
        return Fate.STANDS if here.forgotten else Fault("forgotten", mend)
    if said_no or (here is not None and here.forgotten):
        return Fate.LEFT_OUT
    if here is None or here.advocate is None:
        return Fate.NEW
    if one.merged_into is not None and not here.merged:
        mend = "is somebody of their own here; merge them here first, or leave the line out"
        return Fault("merged_into", mend)
    same = replace(one.advocate, phone=phone, ended=ended(one, here)) == here.advocate
    if here.merged or (same and one.account in (None, here.account)):
        return Fate.STANDS
    return Fate.CHANGED


def ended(one: MovedAdvocate, here: Here | None) -> datetime | None:
    """Return since when an advocate takes no part: who ended here is not begun anew by a list."""
    before = here.advocate.ended if here and here.advocate else None
    return before or one.advocate.ended


def text_of(one: MovedCode) -> str | Fault:
    """Return a code as it is stored."""
    try:
        return codes.vanity(one.text)
    except CodeInvalid as error:
        return Fault("code", str(error.facts["mend"]))


def coupon_of(text: str) -> str | Fault:
    """Return a coupon as it is stored."""
    folded = codes.coupon(text)
    try:
        advocates.check_coupon(folded)
    except CodeInvalid as error:
        return Fault("coupon", str(error.facts["mend"]))
    return folded if texts.can_be_kept(folded) else Fault("coupon", texts.MEND)


def fault_of_code(one: MovedCode, now: datetime) -> Fault | None:
    """Return what is wrong with a code beside its text."""
    if not texts.can_be_kept(f"{one.advocate}\n{one.program}"):
        return Fault("advocate", texts.MEND)
    for column in ("ended", "rotated"):
        at = getattr(one, column)
        if at is not None and at.utcoffset() != timedelta(0):
            return Fault(column, _IN_UTC)
    return _fault_of_moment("made", one.made, now)


def is_bare(one: MovedCode) -> bool:
    """Whether nothing is told of a code but whose it is."""
    return one.coupon is None and one.made is None and one.ended is None and one.rotated is None


def fault_of_relation(relation: Relation, program: Program) -> Fault | None:
    """Return what is wrong where a program is not for such an advocate."""
    if not program.relations:
        return None
    try:
        advocates.check_relation(relation, program)
    except PersonInvalid as error:
        return Fault("relation", str(error.facts["mend"]))
    return None


def fault_of_past(one: PastReferral, mailbox: str | None, now: datetime) -> Fault | None:
    """Return what is wrong with a past referral, whoever it is credited to."""
    if one.advocate is None and one.code is None:
        return Fault("advocate", "say who brought the friend: an advocate's id, or their code")
    if not texts.can_be_kept(f"{one.advocate}\n{one.code}\n{one.program}"):
        return Fault("advocate", texts.MEND)
    try:
        orders.check(order_of(one))
    except OrderInvalid as error:
        field = str(error.facts["field"])
        column = "total" if field == "net" and one.net is None else _TOLD_BY.get(field, field)
        return Fault(column, str(error.facts["mend"]))
    if one.placed > now:
        return Fault("placed", _NOW_OR_LATER)
    if one.net is not None and one.net.minor > one.total.minor:
        return Fault("net", "is more than the total; swap the two")
    if one.email and mailbox is None:
        return Fault("friend_email", "is no e-mail address; mend it or leave it empty")
    if len(one.reward) > REWARD_LONGEST or not texts.can_be_kept(one.reward):
        return Fault("reward", f"say in at most {REWARD_LONGEST} characters what was given")
    return None


def is_settled(one: PastReferral) -> bool:
    """Whether it was rewarded, or taken back: what still waits for that is no history yet."""
    return one.state in _SETTLED


def order_of(one: PastReferral) -> Order:
    """Return the order as far as it is told: paid as it was placed, and as it stands by now."""
    return Order(
        id=one.order,
        placed=one.placed,
        paid=one.placed,
        net=one.net or one.total,
        gross=one.total,
        refunded=one.state is State.REVERSED,
        customer=one.account,
        email=one.email,
        phone=one.phone,
    )


def fate_of_past(
    advocates: Container[str], credited: str | None, settled: str | None
) -> Fate | Fault:
    """Say what becomes of a past referral whose order is here.

    ``advocates``: every id that it is credited to.  ``credited``: whom the order here is credited
    to; ``settled``: whom by an earlier moving in.
    """
    if settled is not None:
        mend = f"came along before, as a referral of {settled!r}; leave the line out"
        return Fate.STANDS if settled in advocates else Fault("order", mend)
    if credited is None:
        return Fate.NEW
    return Fault("order", f"counts here already, for {credited!r}; leave the line out")


def _fault_of_moment(column: str, at: datetime | None, now: datetime) -> Fault | None:
    if at is None:
        return None
    if at.utcoffset() != timedelta(0):
        return Fault(column, _IN_UTC)
    return Fault(column, "lies ahead of now; check its year") if at > now else None

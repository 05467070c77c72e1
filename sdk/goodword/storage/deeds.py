"""Follow-ups and grants: what is to be done, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Table,
    bindparam,
    case,
    exists,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword import wire
from goodword.model.followup import Duty, Grant
from goodword.model.worth import Worth
from goodword.storage.sql import (
    Book,
    Session,
    Statement,
    micros,
    moment,
    new_id,
    spelled,
)
from goodword.storage.tables import claims, followups, grants, people, referrals
from goodword.storage.troubles import packed

_plan = upsert(followups)
# Planned again: a deed that is being done right now keeps its fence and is only asked once more.
_AGAIN: Final[Mapping[str, Any]] = {
    "index_elements": ["shop", "duty", "subject"],
    "set_": {
        "state": "open",
        "due": _plan.excluded.due,
        "next": case((followups.c.fence.is_(None), _plan.excluded.next), else_=followups.c.next),
        "tries": case((followups.c.fence.is_(None), 0), else_=followups.c.tries),
        "asked": followups.c.asked + 1,
    },
}
_PLAN: Final = Statement(_plan.on_conflict_do_update(**_AGAIN))
_DEED: Final = ("shop", "id", "duty", "subject", "state", "due", "next", "tries", "asked")


def _plan_all(of: Table, condition: ColumnElement[bool]) -> Statement:
    """Let every coupon of a program be adjusted that stands; each deed goes by its grant's id."""
    at = bindparam("now", type_=BigInteger)
    numbers = (text("0"), text("1"))
    told = (spelled(Duty.ADJUST), of.c.id, spelled("open"), at, at, *numbers)
    deed = select(of.c.shop, of.c.id, *told).where(condition)
    return Statement(upsert(followups).from_select(_DEED, deed).on_conflict_do_update(**_AGAIN))


_open = followups.c.state == spelled("open")
# A duty without a carrier must not crowd out the others: a slot for each duty.
_wanted = or_(*(followups.c.duty == bindparam(f"duty{place}") for place in range(len(Duty))))
_due = _open & (followups.c.next <= bindparam("now")) & _wanted
_READY_SHOPS: Final = Statement(select(followups.c.shop).where(_due).distinct(), across_shops=True)
_READY: Final = Statement(
    select(
        followups.c.id,
        followups.c.duty,
        followups.c.subject,
        followups.c.due,
        followups.c.tries,
        followups.c.asked,
        followups.c.fence,
    )
    .where(followups.c.shop == bindparam("shop"), _due)
    .order_by(followups.c.next)
    .limit(bindparam("most"))
)
_mine = (followups.c.shop == bindparam("shop")) & (followups.c.id == bindparam("key"))
_held = followups.c.fence.is_not_distinct_from(bindparam("held"))
_CLAIM: Final = Statement(
    update(followups)
    .where(_mine, _held, followups.c.state == "open", followups.c.next <= bindparam("now"))
    .values(fence=bindparam("fence"), next=bindparam("lease"))
)
_FINISH: Final = Statement(
    update(followups)
    .where(_mine, _held)
    .values(
        fence=None,
        tries=bindparam("tried"),
        state=case((followups.c.asked == bindparam("answered"), bindparam("ended")), else_="open"),
        next=case(
            (followups.c.asked == bindparam("answered"), bindparam("again")), else_=followups.c.due
        ),
        trouble=bindparam("why"),
    )
)
# What was due may have moved meanwhile, because it was planned again.
_GIVE_BACK: Final = Statement(
    update(followups).where(_mine, _held).values(fence=None, next=followups.c.due)
)
# Now it is tried: one that was only taken up by a worker that died was not.
_BEGIN: Final = Statement(
    update(followups).where(_mine, _held).values(next=bindparam("lease"), tries=bindparam("tried"))
)
_ADD_GRANT: Final = Statement(insert(grants))
_GRANTS: Final = Statement(
    select(
        grants.c.id,
        grants.c.advocate,
        grants.c.text,
        grants.c.worth,
        grants.c.state,
        grants.c.remote,
        grants.c.expires,
        grants.c.made,
        people.c.email,
        people.c.phone,
        referrals.c.program,
    )
    .join(people, (people.c.shop == grants.c.shop) & (people.c.id == grants.c.advocate))
    .outerjoin(
        referrals,
        (referrals.c.shop == grants.c.shop) & (referrals.c.order_id == grants.c.order_id),
    )
    .where(grants.c.shop == bindparam("shop"), grants.c.order_id == bindparam("order_id"))
)
_SET_GRANT: Final = Statement(
    update(grants)
    .where(grants.c.shop == bindparam("shop"), grants.c.id == bindparam("key"))
    .values(state=bindparam("stands"), remote=bindparam("made_as"))
)
_LEAVE: Final = Statement(
    update(grants)
    .where(grants.c.shop == bindparam("shop"), grants.c.id == bindparam("key"))
    .values(state=bindparam("stands"), worth=bindparam("left"))
)
_ADJUST_GIFTS: Final = _plan_all(
    claims,
    (claims.c.shop == bindparam("shop"))
    & (claims.c.program == bindparam("program"))
    & (claims.c.state == spelled("made"))
    & (claims.c.expires > bindparam("now", type_=BigInteger)),
)
_ADJUST_REWARDS: Final = _plan_all(
    grants,
    (grants.c.shop == bindparam("shop"))
    & (grants.c.state == spelled("granted"))
    & or_(grants.c.expires.is_(None), grants.c.expires > bindparam("now", type_=BigInteger))
    & exists().where(
        referrals.c.shop == grants.c.shop,
        referrals.c.order_id == grants.c.order_id,
        referrals.c.program == bindparam("program"),
    ),
)
_RELEASES: Final = Statement(
    select(followups.c.due).where(
        followups.c.shop == bindparam("shop"),
        followups.c.duty == "release",
        followups.c.subject == bindparam("subject"),
    )
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A follow-up that this worker holds until its lease ends."""

    id: str
    duty: Duty
    subject: str
    due: datetime
    tries: int
    """How often it was tried, this time included."""
    asked: int
    fence: str


@dataclass(frozen=True, slots=True)
class KeptGrant:
    """A grant, and how it stands."""

    grant: Grant
    state: str
    remote: str | None


def plan(book: Book, duty: Duty, subject: str, due: datetime, now: datetime) -> None:
    """Write down a deed, or ask for it once more."""
    at = micros(due)
    row = {"id": new_id(now), "duty": duty, "subject": subject, "due": at, "next": at}
    book.send(_PLAN, state="open", tries=0, asked=1, fence=None, trouble=None, **row)


def adjust_gifts(book: Book, program: str, now: datetime) -> None:
    """Let friends' coupons of a program that stand be adjusted."""
    book.run(_ADJUST_GIFTS, program=program, now=micros(now))


def adjust_rewards(book: Book, program: str, now: datetime) -> None:
    """Let the rewards that a program gave and that stand be adjusted."""
    book.run(_ADJUST_REWARDS, program=program, now=micros(now))


def ready_shops(session: Session, now: datetime, duties: Sequence[Duty]) -> list[str]:
    """Return the shops that have something to do of these duties."""
    told = {"now": micros(now), **_slots(duties)}
    return [row[0] for row in session.all(_READY_SHOPS, told)]


def claim(
    book: Book, now: datetime, lease: timedelta, most: int, duties: Sequence[Duty]
) -> list[Claimed]:
    """Take up what is due of these duties.  Whoever changes the fence first holds the deed."""
    claimed = []
    for id, duty, subject, due, tries, asked, held in book.all(
        _READY, now=micros(now), most=most, **_slots(duties)
    ):
        fence = new_id(now)
        taken = book.run(
            _CLAIM, key=id, held=held, fence=fence, now=micros(now), lease=micros(now + lease)
        )
        if taken == 1:
            found = moment(due)
            assert found is not None
            claimed.append(Claimed(id, Duty(duty), subject, found, tries + 1, asked, fence))
    return claimed


def _slots(duties: Sequence[Duty]) -> dict[str, str]:
    slots = {f"duty{place}": "" for place in range(len(Duty))}
    return slots | {f"duty{place}": str(duty) for place, duty in enumerate(duties)}


def begin(book: Book, one: Claimed, until: datetime) -> bool:
    """Try a deed, and hold it for longer; False if its lease was lost to another worker."""
    touched = book.run(_BEGIN, key=one.id, held=one.fence, lease=micros(until), tried=one.tries)
    return touched == 1


def give_back(book: Book, claimed: Sequence[Claimed]) -> None:
    """Leave deeds that were not begun to whoever comes next, as if nobody had taken them up."""
    book.run_many(_GIVE_BACK, [{"key": one.id, "held": one.fence} for one in claimed])


def finish(
    book: Book, one: Claimed, state: str, *, again: datetime | None = None, why: str | None = None
) -> bool:
    """End a deed; False if its lease was lost to another worker.

    If it was asked for once more meanwhile, it stays open.
    """
    touched = book.run(
        _FINISH,
        key=one.id,
        held=one.fence,
        answered=one.asked,
        tried=one.tries,
        ended=state,
        again=micros(again or one.due),
        why=why and packed(why),
    )
    return touched == 1


def release_due(book: Book, order: str) -> datetime | None:
    """Return when the hold of an order's reward ends."""
    row = book.one(_RELEASES, subject=order)
    return moment(row[0]) if row else None


def add_grant(book: Book, grant: Grant, now: datetime) -> None:
    """Write a grant down, before the shop is asked."""
    book.run(
        _ADD_GRANT,
        id=grant.id,
        order_id=grant.subject,
        advocate=grant.person,
        text=grant.text,
        worth=wire.pack(grant.worth),
        state="granting",
        remote=None,
        made=micros(now),
        expires=micros(grant.expires),
    )


def grants_of(book: Book, order: str) -> list[KeptGrant]:
    """Return the grants of an order, oldest first."""
    return [
        KeptGrant(
            Grant(
                id=row[0],
                subject=order,
                person=row[1],
                worth=wire.unpack(Worth, row[3]),
                text=row[2],
                email=row[8],
                phone=row[9],
                expires=moment(row[6]),
                made=moment(row[7]),
                program=row[10] or "",
            ),
            state=row[4],
            remote=row[5],
        )
        # Sorted here: asked for an order of ids, SQLite would read the whole shop by its key.
        for row in sorted(book.all(_GRANTS, order_id=order))
    ]


def set_grant(book: Book, id: str, state: str, remote: str | None) -> None:
    """Keep how a grant stands."""
    book.run(_SET_GRANT, key=id, stands=state, made_as=remote)


def leave_of(book: Book, kept: KeptGrant, state: str, left: Worth | None = None) -> None:
    """Keep how a coupon that was made stands now, and what is left of it."""
    worth = wire.pack(left or kept.grant.worth)
    book.run(_LEAVE, key=kept.grant.id, stands=state, left=worth)

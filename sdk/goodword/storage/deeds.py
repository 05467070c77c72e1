"""Follow-ups, grants and thanks: what is to be done, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, case, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword import wire
from goodword.model.followup import Duty, Grant, Thanks
from goodword.model.program import Worth
from goodword.storage.sql import Book, Session, Statement, micros, moment, new_id, spelled
from goodword.storage.tables import followups, grants, people, referrals, thanks

_plan = upsert(followups)
# Planned again: a deed that is being done right now keeps its fence and is only asked once more.
_PLAN: Final = Statement(
    _plan.on_conflict_do_update(
        index_elements=["shop", "duty", "order_id"],
        set_={
            "state": "open",
            "due": _plan.excluded.due,
            "next": case(
                (followups.c.fence.is_(None), _plan.excluded.next), else_=followups.c.next
            ),
            "tries": case((followups.c.fence.is_(None), 0), else_=followups.c.tries),
            "asked": followups.c.asked + 1,
        },
    )
)
_open = followups.c.state == spelled("open")
_READY_SHOPS: Final = Statement(
    select(followups.c.shop).where(_open, followups.c.next <= bindparam("now")).distinct(),
    across_shops=True,
)
_READY: Final = Statement(
    select(
        followups.c.id,
        followups.c.duty,
        followups.c.order_id,
        followups.c.due,
        followups.c.tries,
        followups.c.asked,
        followups.c.fence,
    )
    .where(
        followups.c.shop == bindparam("shop"),
        _open,
        followups.c.next <= bindparam("now"),
        # A duty without a carrier must not crowd out the others: a slot for each duty.
        or_(*(followups.c.duty == bindparam(f"duty{place}") for place in range(len(Duty)))),
    )
    .order_by(followups.c.next)
    .limit(bindparam("most"))
)
_mine = (followups.c.shop == bindparam("shop")) & (followups.c.id == bindparam("key"))
_held = followups.c.fence.is_not_distinct_from(bindparam("held"))
_CLAIM: Final = Statement(
    update(followups)
    .where(_mine, _held, followups.c.state == "open", followups.c.next <= bindparam("now"))
    .values(fence=bindparam("fence"), next=bindparam("lease"), tries=followups.c.tries + 1)
)
_FINISH: Final = Statement(
    update(followups)
    .where(_mine, _held)
    .values(
        fence=None,
        state=case((followups.c.asked == bindparam("answered"), bindparam("ended")), else_="open"),
        next=case(
            (followups.c.asked == bindparam("answered"), bindparam("again")), else_=followups.c.due
        ),
        trouble=bindparam("why"),
    )
)
_RENEW: Final = Statement(update(followups).where(_mine, _held).values(next=bindparam("lease")))
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
        people.c.email,
    )
    .join(people, (people.c.shop == grants.c.shop) & (people.c.id == grants.c.advocate))
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
_ADD_THANKS: Final = Statement(
    upsert(thanks).on_conflict_do_nothing(index_elements=["shop", "order_id"])
)
_thanks = (
    select(
        thanks.c.id,
        thanks.c.order_id,
        thanks.c.advocate,
        people.c.name,
        people.c.email,
        referrals.c.code,
        referrals.c.program,
        thanks.c.owed,
        thanks.c.by,
        thanks.c.kept,
        thanks.c.channel,
    )
    .join(people, (people.c.shop == thanks.c.shop) & (people.c.id == thanks.c.advocate))
    .outerjoin(
        referrals,
        (referrals.c.shop == thanks.c.shop) & (referrals.c.order_id == thanks.c.order_id),
    )
    .where(thanks.c.shop == bindparam("shop"))
)
_OWED: Final = Statement(_thanks.where(thanks.c.kept.is_(None)).order_by(thanks.c.by))
_THANKS_OF: Final = Statement(_thanks.where(thanks.c.order_id == bindparam("order_id")))
_THANKS: Final = Statement(_thanks.where(thanks.c.id == bindparam("id")))
_KEEP: Final = Statement(
    update(thanks)
    .where(
        thanks.c.shop == bindparam("shop"), thanks.c.id == bindparam("key"), thanks.c.kept.is_(None)
    )
    .values(kept=bindparam("now"), channel=bindparam("how"))
)
_RELEASES: Final = Statement(
    select(followups.c.due).where(
        followups.c.shop == bindparam("shop"),
        followups.c.duty == "release",
        followups.c.order_id == bindparam("order_id"),
    )
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A follow-up that this worker holds until its lease ends."""

    id: str
    duty: Duty
    order: str
    due: datetime
    tries: int
    asked: int
    fence: str


@dataclass(frozen=True, slots=True)
class KeptGrant:
    """A grant, and how it stands."""

    grant: Grant
    state: str
    remote: str | None


def plan(book: Book, duty: Duty, order: str, due: datetime, now: datetime) -> None:
    """Write down a deed, or ask for it once more."""
    at = micros(due)
    row = {"id": new_id(now), "duty": duty, "order_id": order, "due": at, "next": at}
    book.send(_PLAN, state="open", tries=0, asked=1, fence=None, trouble=None, **row)


def ready_shops(session: Session, now: datetime) -> list[str]:
    """Return the shops that have something to do."""
    return [row[0] for row in session.all(_READY_SHOPS, {"now": micros(now)})]


def claim(
    book: Book, now: datetime, lease: timedelta, most: int, duties: Sequence[Duty]
) -> list[Claimed]:
    """Take up what is due of these duties.  Whoever changes the fence first holds the deed."""
    slots = {f"duty{place}": "" for place in range(len(Duty))}
    slots |= {f"duty{place}": str(duty) for place, duty in enumerate(duties)}
    claimed = []
    for id, duty, order, due, tries, asked, held in book.all(
        _READY, now=micros(now), most=most, **slots
    ):
        fence = new_id(now)
        taken = book.run(
            _CLAIM, key=id, held=held, fence=fence, now=micros(now), lease=micros(now + lease)
        )
        if taken == 1:
            found = moment(due)
            assert found is not None
            claimed.append(Claimed(id, Duty(duty), order, found, tries + 1, asked, fence))
    return claimed


def renew(book: Book, one: Claimed, until: datetime) -> bool:
    """Hold a deed for longer; False if its lease was lost to another worker."""
    return book.run(_RENEW, key=one.id, held=one.fence, lease=micros(until)) == 1


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
        ended=state,
        again=micros(again or one.due),
        why=why,
    )
    return touched == 1


def release_due(book: Book, order: str) -> datetime | None:
    """Return when the hold of an order's reward ends."""
    row = book.one(_RELEASES, order_id=order)
    return moment(row[0]) if row else None


def add_grant(book: Book, grant: Grant, now: datetime) -> None:
    """Write a grant down, before the shop is asked."""
    book.run(
        _ADD_GRANT,
        id=grant.id,
        order_id=grant.order,
        advocate=grant.advocate,
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
                order=order,
                advocate=row[1],
                worth=wire.unpack(Worth, row[3]),
                text=row[2],
                email=row[7],
                expires=moment(row[6]),
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


def owe_thanks(book: Book, order: str, advocate: str, by: datetime, now: datetime) -> None:
    """Promise to thank an advocate for an order; what was promised before stays as it is."""
    row = {
        "id": new_id(now),
        "order_id": order,
        "advocate": advocate,
        "owed": micros(now),
        "by": micros(by),
    }
    book.send(_ADD_THANKS, kept=None, channel=None, **row)


def owed_thanks(book: Book) -> list[Thanks]:
    """Return the thanks that are still owed, the most urgent first."""
    return [_to_thanks(*row) for row in book.all(_OWED)]


def thanks_of(book: Book, order: str) -> Thanks | None:
    """Return the thanks for an order."""
    row = book.one(_THANKS_OF, order_id=order)
    return _to_thanks(*row) if row else None


def find_thanks(book: Book, id: str) -> Thanks | None:
    """Return thanks by their id."""
    row = book.one(_THANKS, id=id)
    return _to_thanks(*row) if row else None


def keep_thanks(book: Book, id: str, channel: str, now: datetime) -> bool:
    """Mark thanks as kept; False if they were kept before."""
    return book.run(_KEEP, key=id, how=channel, now=micros(now)) == 1


def _to_thanks(
    id: str,
    order: str,
    advocate: str,
    name: str | None,
    email: str | None,
    code: str | None,
    program: str | None,
    owed: int,
    by: int,
    kept: int | None,
    channel: str | None,
) -> Thanks:
    start, end = moment(owed), moment(by)
    assert start is not None
    assert end is not None
    return Thanks(
        id=id,
        order=order,
        advocate=advocate,
        name=name or "",
        email=email,
        code=code or "",
        program=program or "",
        owed=start,
        by=end,
        kept=moment(kept),
        channel=channel,
    )

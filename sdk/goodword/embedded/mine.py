"""What an advocate may see: their codes, friends as initials, and why an order counted or not.

Nobody else is named, and no order is told of that did not lead to them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import NamedTuple

from goodword.embedded import rewards
from goodword.errors import UnknownOrder
from goodword.model.credit import Decision, Lost
from goodword.model.invitation import Answer, Brought
from goodword.model.message import Channel
from goodword.model.outcome import Referral, Reward
from goodword.model.people import Code
from goodword.rules import codes
from goodword.rules.credit import credit
from goodword.rules.orders import typed, with_refunds
from goodword.storage import advocates, orders, people, programs
from goodword.storage.sql import Book
from goodword.words.messages.rewards import told


def codes_of(book: Book, advocate: str) -> list[Code]:
    """Return an advocate's code in each of their programs."""
    texts = (people.first_code(book, advocate, one.name) for one in programs.every(book))
    found = (people.code(book, text) for text in texts if text is not None)
    return [one for one in found if one is not None]


def brought(book: Book, advocate: str) -> list[Brought]:
    """Return what became of an advocate's friends, by the placing of their orders."""
    rows = [row for id in people.ids_of(book, advocate) for row in advocates.brought(book, id)]
    rows.sort(key=lambda row: (row.placed, row.order))
    return [
        Brought(
            number=number,
            friend=initial(row.name or row.mailbox),
            state=row.state,
            code=codes.shown(row.code),
            program=row.program,
            placed=row.placed,
        )
        for number, row in enumerate(rows, start=1)
    ]


def initial(told: str | None) -> str:
    """Return the first letter of a name or address: ``B.``; empty for what has none.

    >>> initial("bo@example.com"), initial("+886 912 345 678"), initial(None)
    ('B.', '', '')
    """
    first = (told or "").strip()[:1].upper()
    return f"{first}." if first.isalpha() else ""


def why(book: Book, advocate: str, order: str, language: str, zone: tzinfo) -> Answer:
    """Say why an order did, or did not, earn an advocate something.

    ``order``: its id, or its number; of orders of one number, that which led to them.
    """
    ids, meant = {*people.ids_of(book, advocate)}, dict.fromkeys((order, typed(order)))
    found = (_seen(book, id, ids) for id in (*meant, *orders.numbered(book, order)))
    seen = next(filter(None, found), None)
    if seen is None:
        raise UnknownOrder(id=order)
    mine = seen.mine
    return Answer(
        order=seen.id,
        credited=mine is not None,
        state=mine.state if mine else None,
        reasons=mine.reasons if mine else (),
        words=tuple(_sentences(seen, _said(book, language), language, zone)),
    )


class _Seen(NamedTuple):
    """An order that led to an advocate."""

    id: str
    mine: Referral | None
    """None: it led to them, and counts for somebody else, or for nobody."""
    decision: Decision
    lost: Sequence[Lost]
    earned: Sequence[Reward]


def _seen(book: Book, order: str, ids: Collection[str]) -> _Seen | None:
    """Return an order as the advocate of these ids may see it; None if it did not lead to them."""
    kept = orders.find(book, order)
    if kept is None:
        return None
    whole = with_refunds(kept.order, orders.refunds_alone(book, order))
    decision = credit(whole, kept.evidence)
    mine = kept.referral if kept.referral and kept.referral.advocate in ids else None
    lost = [one.why for one in decision.lost if one.candidate.advocate in ids]
    if mine is None and not lost:
        return None
    earned = [one for one in rewards.of_order(book, order) if one.advocate in ids]
    return _Seen(order, mine, decision, lost, earned)


def _said(book: Book, language: str) -> Mapping[str, str]:
    """Return the shop's words that speak of no program."""
    # Jinja takes 50 ms to import; only a process that says something pays for it.
    from goodword.embedded.messages import everywhere

    return everywhere(book, Channel.PAGE, language)


def _sentences(seen: _Seen, said: Mapping[str, str], language: str, zone: tzinfo) -> Iterator[str]:
    if seen.mine is None:
        yield said["why.elsewhere" if seen.decision.winner else "why.nobody"]
        # Seen twice for one reason, it is said once.
        lost = (said[f"why.lost.{one}"] for one in seen.lost if one is not Lost.AGREES)
        yield from dict.fromkeys(lost)
        return
    yield said[f"why.{seen.mine.state}"]
    yield from (said[f"why.reason.{reason}"] for reason in seen.mine.reasons)
    yield from (told(said, one, language, zone) for one in seen.earned)

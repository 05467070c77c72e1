"""What an advocate may see: their codes, friends as initials, and why an order counted or not.

Nobody else is named, and no order is told of that did not lead to them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from goodword import words
from goodword.embedded import rewards
from goodword.errors import UnknownOrder
from goodword.model.credit import Decision, Lost
from goodword.model.invitation import Answer, Brought
from goodword.model.outcome import Referral, Reward
from goodword.model.people import Code
from goodword.rules import codes
from goodword.rules.credit import credit
from goodword.rules.orders import with_refunds
from goodword.storage import advocates, orders, people, programs
from goodword.storage.sql import Book
from goodword.words.messages.values import day


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


def why(book: Book, advocate: str, order: str, language: str) -> Answer:
    """Say why an order did, or did not, earn an advocate something."""
    kept, ids = orders.find(book, order), {*people.ids_of(book, advocate)}
    if kept is None:
        raise UnknownOrder(id=order)
    whole = with_refunds(kept.order, orders.refunds_alone(book, order))
    decision = credit(whole, kept.evidence)
    mine = kept.referral if kept.referral and kept.referral.advocate in ids else None
    lost = [one.why for one in decision.lost if one.candidate.advocate in ids]
    if mine is None and not lost:
        raise UnknownOrder(id=order)
    earned = [one for one in rewards.of_order(book, order) if one.advocate in ids]
    return Answer(
        order=order,
        credited=mine is not None,
        state=mine.state if mine else None,
        reasons=mine.reasons if mine else (),
        words=tuple(_sentences(mine, decision, lost, earned, language)),
    )


def _sentences(
    mine: Referral | None,
    decision: Decision,
    lost: Iterable[Lost],
    earned: Sequence[Reward],
    language: str,
) -> Iterator[str]:
    say = partial(words.say, language=language)
    if mine is None:
        yield say("why.elsewhere" if decision.winner else "why.nobody")
        # Seen twice for one reason, it is said once.
        yield from dict.fromkeys(say(f"why.lost.{one}") for one in lost if one is not Lost.AGREES)
        return
    yield say(f"why.{mine.state}")
    for reason in mine.reasons:
        yield say(f"reason.{reason}")
    yield from (_of_reward(one, language) for one in earned)


def _of_reward(reward: Reward, language: str) -> str:
    until = day(reward.release, language) if reward.release else ""
    key = f"mine.{reward.state}" if until or reward.state != "waiting" else "mine.waiting.open"
    return words.say(key, language, amount=words.amount(reward.worth, language), until=until)

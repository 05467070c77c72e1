"""Why an order did, or did not, count: as data and in words."""

from __future__ import annotations

from collections.abc import Iterator

from goodword import words
from goodword.errors import UnknownOrder
from goodword.model.credit import Candidate, Decision
from goodword.model.ledger import Entry
from goodword.model.money import Money, written
from goodword.model.outcome import Explanation, Referral
from goodword.rules.booking import PIECE
from goodword.rules.credit import credit
from goodword.rules.orders import with_refunds
from goodword.storage import ledger, orders
from goodword.storage.sql import Book


def explain(book: Book, order: str, language: str) -> Explanation:
    """Decide once more from what is kept, and say what was seen."""
    kept = orders.find(book, order)
    if kept is None:
        raise UnknownOrder(id=order)
    whole = with_refunds(kept.order, orders.refunds_alone(book, order))
    decision = credit(whole, kept.evidence)
    entries = tuple(ledger.entries_of(book, order))
    return Explanation(
        order=order,
        state=whole,
        referral=kept.referral,
        winner=decision.winner,
        lost=decision.lost,
        reasons=tuple(str(reason) for reason in decision.reasons),
        entries=entries,
        words=tuple(_sentences(decision, kept.referral, entries, language)),
    )


def _sentences(
    decision: Decision, referral: Referral | None, entries: tuple[Entry, ...], language: str
) -> Iterator[str]:
    def say(key: str, **facts: object) -> str:
        return words.say(key, language, **facts)

    winner = decision.winner
    if winner is None:
        yield say("nobody")
    else:
        yield say("credited", **_facts(winner))
        yield say(f"rung.{int(winner.rung)}", source=_source(winner))
    for loser in decision.lost:
        yield say(f"lost.{loser.why}", source=_source(loser.candidate), **_facts(loser.candidate))
    for reason in decision.reasons:
        yield say(f"reason.{reason}")
    if referral is not None:
        yield say(f"state.{referral.state}")
    for entry in entries:
        yield say(
            "entry",
            source=say(f"account.{entry.source}"),
            target=say(f"account.{entry.target}"),
            amount=amount(entry.worth, language),
        )


def amount(worth: Money, language: str) -> str:
    """Return the amount as people read it."""
    if worth.unit.startswith(PIECE):
        return words.say("pieces", language, count=worth.minor)
    if worth.unit == "TWD" and worth.minor % 100 == 0:
        return f"NT${worth.minor // 100:,}"
    return f"{written(worth)} {worth.unit}"


def _facts(candidate: Candidate) -> dict[str, object]:
    return {
        "advocate": candidate.advocate,
        "code": candidate.code,
        "program": candidate.program,
        "version": candidate.version,
    }


def _source(candidate: Candidate) -> str:
    return candidate.source.partition(":")[2]

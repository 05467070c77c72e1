"""Why an order did, or did not, count: as data and in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from goodword import words
from goodword.errors import UnknownOrder
from goodword.model.credit import Candidate, Decision
from goodword.model.ledger import Entry
from goodword.model.outcome import Explanation, Referral
from goodword.model.rung import Rung
from goodword.rules.credit import credit
from goodword.rules.orders import with_refunds
from goodword.storage import ledger, orders, people
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
        words=tuple(sentences(book, decision, kept.referral, entries, language)),
    )


def sentences(
    book: Book,
    decision: Decision,
    referral: Referral | None,
    entries: Iterable[Entry],
    language: str,
) -> Iterator[str]:
    """Yield a decision in words, one sentence each."""
    say = partial(words.say, language=language)
    names = _names(book, decision)
    winner = decision.winner
    if winner is None:
        yield say("nobody.of_these" if decision.lost else "nobody")
    else:
        yield say("credited", **_facts(winner, names))
        yield say("decided", seen=_seen(winner, language))
    for loser in decision.lost:
        one = loser.candidate
        yield say(f"lost.{loser.why}", seen=_seen(one, language), **_facts(one, names))
    for reason in decision.reasons:
        yield say(f"reason.{reason}")
    for shared in winner.shared if winner else ():
        yield say(f"shared.{shared}")
    if referral is not None:
        yield say(f"state.{referral.state}")
    for entry in entries:
        moved = f"{entry.source}>{entry.target}"
        yield say(moved, amount=words.amount(entry.worth, language))


def _seen(candidate: Candidate, language: str) -> str:
    """Return what was seen on the order, as people would call it."""
    kind, _, word = candidate.source.partition(":")
    if kind == "code" and candidate.rung is Rung.LANDING:
        kind = "left"
    elif kind == "typed":
        kind = "code"
    elif kind == "claim" and candidate.rung is Rung.BOND:
        kind = "bond"
    return words.say(f"seen.{kind}", language, word=word)


def _names(book: Book, decision: Decision) -> dict[str, str]:
    """Return what the advocates are called; who has no name goes by their id."""
    candidates = [loser.candidate for loser in decision.lost]
    if decision.winner is not None:
        candidates.append(decision.winner)
    found = (people.advocate(book, id) for id in {one.advocate for one in candidates})
    return {one.id: one.name or one.id for one in found if one is not None}


def _facts(candidate: Candidate, names: Mapping[str, str]) -> dict[str, str]:
    return {
        "advocate": names.get(candidate.advocate, candidate.advocate),
        "code": candidate.code,
        "program": candidate.program,
        "version": str(candidate.version),
    }

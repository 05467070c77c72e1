"""Keeping what others say of a shop."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from goodword.errors import UnknownPerson, UnknownProof
from goodword.model.proof import Proof
from goodword.rules import proofs as rules
from goodword.rules.greeting import given_name
from goodword.storage import proofs
from goodword.storage.sql import Book


def save(book: Book, proof: Proof, now: datetime) -> Proof:
    """Keep a proof; return it as it is shown."""
    rules.check(proof, now)
    if proof.person is not None and not proofs.is_known(book, proof.person):
        raise UnknownPerson()
    proofs.put(book, proof)
    kept = proofs.find(book, proof.id)
    assert kept is not None
    return _shown(kept)


def every(book: Book) -> list[Proof]:
    """Return all proofs as they are shown."""
    return [_shown(proof) for proof in proofs.every(book)]


def remove(book: Book, id: str) -> None:
    """Remove a proof."""
    if not proofs.remove(book, id):
        raise UnknownProof(id=id)


def _shown(proof: Proof) -> Proof:
    return replace(proof, name=given_name(proof.name) if proof.name else None)

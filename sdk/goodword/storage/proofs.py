"""Proofs: what others say of a shop; their names stand with the people alone."""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.model.proof import Proof, ProofKind
from goodword.storage.forgotten import FORGOTTEN
from goodword.storage.page_tables import proofs
from goodword.storage.sql import Book, Row, Statement, micros, moment
from goodword.storage.tables import people

_HERE: Final = proofs.c.shop == bindparam("shop")
_KEPT: Final = ("kind", "text", "link", "person", "consented")
_put = upsert(proofs)
_PUT: Final = Statement(
    _put.on_conflict_do_update(
        index_elements=["shop", "id"], set_={name: _put.excluded[name] for name in _KEPT}
    )
)
_proofs = (
    select(proofs.c.id, *(proofs.c[name] for name in _KEPT), people.c.name)
    .outerjoin(people, (people.c.shop == proofs.c.shop) & (people.c.id == proofs.c.person))
    .where(_HERE)
)
_FIND: Final = Statement(_proofs.where(proofs.c.id == bindparam("id")))
_LIST: Final = Statement(_proofs.order_by(proofs.c.consented.desc(), proofs.c.id))
_REMOVE: Final = Statement(delete(proofs).where(_HERE, proofs.c.id == bindparam("id")))
_IS_KNOWN: Final = Statement(
    select(people.c.id).where(
        people.c.shop == bindparam("shop"),
        people.c.id == bindparam("id"),
        people.c.met_as != FORGOTTEN,
    )
)


def put(book: Book, proof: Proof) -> None:
    """Keep a proof, in the place of the one of its id."""
    book.run(
        _PUT,
        id=proof.id,
        kind=proof.kind,
        text=proof.text,
        link=proof.link,
        person=proof.person,
        consented=micros(proof.consented),
    )


def find(book: Book, id: str) -> Proof | None:
    """Return a proof with the whole name of its person, as the people table has it."""
    row = book.one(_FIND, id=id)
    return _proof(row) if row else None


def every(book: Book) -> list[Proof]:
    """Return all proofs, those agreed to last first."""
    return [_proof(row) for row in book.all(_LIST)]


def remove(book: Book, id: str) -> bool:
    """Remove a proof; return whether there was one."""
    return book.run(_REMOVE, id=id) > 0


def is_known(book: Book, person: str) -> bool:
    """Whether an advocate or friend goes by this id."""
    return book.one(_IS_KNOWN, id=person) is not None


def _proof(row: Row) -> Proof:
    id, kind, text, link, person, consented, name = row
    at = moment(consented)
    assert at is not None
    return Proof(
        id=id,
        kind=ProofKind(kind),
        text=text,
        link=link,
        person=person,
        consented=at,
        name=name,
    )

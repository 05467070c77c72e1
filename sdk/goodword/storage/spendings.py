"""Which orders spend a reward's coupon, by the newest state of each.

Single-use or not, two may for a while: news of two orders comes in either sequence.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from goodword.storage.sql import Book, Statement
from goodword.storage.tables import spendings

_of_coupon = (spendings.c.shop == bindparam("shop")) & (spendings.c.text == bindparam("text"))
_ADD: Final = Statement(
    upsert(spendings).on_conflict_do_nothing(index_elements=["shop", "text", "order_id"])
)
_DROP: Final = Statement(
    delete(spendings).where(_of_coupon, spendings.c.order_id == bindparam("order_id"))
)
_ANY: Final = Statement(select(spendings.c.order_id).where(_of_coupon).limit(1))


def add(book: Book, text: str, order: str) -> None:
    """Keep that an order spends a coupon."""
    book.run(_ADD, text=text, order_id=order)


def drop(book: Book, text: str, order: str) -> None:
    """Keep that it does not, or no more."""
    book.run(_DROP, text=text, order_id=order)


def is_spent(book: Book, text: str) -> bool:
    """Whether any order spends a coupon."""
    return book.one(_ANY, text=text) is not None

"""Claims, rulings, places, and what tells people again: the whole ladder and all terms."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(255), nullable=nullable)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _number(name: str, default: str | None = None) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default=default)


def _table(name: str, key: tuple[str, ...], *columns: sa.schema.SchemaItem) -> None:
    full = f"goodword_{name}"
    primary = sa.PrimaryKeyConstraint("shop", *key, name=op.f(f"pk_{full}"))
    op.create_table(full, _word("shop"), *columns, primary, sqlite_with_rowid=False)


def _index(table: str, *columns: str, where: str | None = None, name: str = "") -> None:
    full = f"goodword_{table}"
    some: dict[str, Any] = {} if where is None else dict.fromkeys(_BOTH, sa.text(where))
    op.create_index(
        name or f"ix_{full}_shop_{'_'.join(columns)}",
        full,
        ["shop", *columns],
        unique=name.startswith("uq"),
        **some,
    )


_BOTH = ("sqlite_where", "postgresql_where")


def upgrade() -> None:
    _shops_and_people()
    _evidence()
    op.execute("ALTER TABLE goodword_followups RENAME COLUMN order_id TO subject")
    _for_long_books()


def _for_long_books() -> None:
    """What keeps an order's cost flat, however long the book."""
    op.drop_index("ix_goodword_codes_shop_advocate", "goodword_codes")
    _index("codes", "advocate", "program", "made")
    _index(
        "entries",
        "advocate",
        where="source = 'advocate:owed_back' OR target = 'advocate:owed_back'",
        name="ix_goodword_entries_owed_back",
    )
    _index("thanks", "by", where="kept IS NULL", name="ix_goodword_thanks_owed")


def _shops_and_people() -> None:
    op.add_column("goodword_shops", _word("key", nullable=True))
    op.add_column("goodword_shops", _number("repeats", "0"))
    op.add_column("goodword_shops", _number("forgets", "0"))
    for name in ("phone", "account", "name_key"):
        op.add_column("goodword_people", _word(name, nullable=True))
        _index("people", name, where=f"{name} IS NOT NULL")
    _index(
        "people",
        "phone",
        where="met_as = 'friend' AND mailbox IS NULL",
        name="uq_goodword_people_phone",
    )
    op.add_column("goodword_advocates", _word("merged_into", nullable=True))
    _index("advocates", "merged_into", where="merged_into IS NOT NULL")
    op.add_column("goodword_codes", _moment("rotated"))
    _table(
        "forgotten",
        ("hash",),
        _word("hash"),
        _word("person"),
        _moment("until", nullable=False),
    )
    _index("forgotten", "until")


def _evidence() -> None:
    _table(
        "claims",
        ("id",),
        _word("id"),
        _word("code"),
        _word("advocate"),
        _word("program"),
        _number("version"),
        _word("person"),
        _word("coupon"),
        _moment("at", nullable=False),
        _moment("expires", nullable=False),
        _moment("confirmed"),
        _word("state"),
        _word("remote", nullable=True),
        _word("visit", nullable=True),
    )
    _index("claims", "person")
    op.add_column("goodword_orders", _number("bought", "1"))
    _index("orders", "placed")
    _table(
        "rulings",
        ("order_id", "id"),
        _word("order_id"),
        _word("id"),
        _word("says"),
        _word("code", nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        _word("by"),
        _moment("at", nullable=False),
    )
    _table(
        "places",
        ("program", "per", "whose", "period"),
        _word("program"),
        _word("per"),
        _word("whose"),
        _word("period"),
        _moment("taken", nullable=False),
    )
    _index(
        "referrals",
        "order_id",
        where="state = 'in_review'",
        name="ix_goodword_referrals_review",
    )

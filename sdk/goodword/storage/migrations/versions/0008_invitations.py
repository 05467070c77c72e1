"""Whom a shop invited because it vouched for them, who declined, and thanks by advocate."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goodword_declined",
        *(_word(name) for name in ("shop", "hash")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("shop", "hash", name=op.f("pk_goodword_declined")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "goodword_invitations",
        *(_word(name) for name in ("shop", "id", "advocate", "program", "code", "by", "language")),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.Column("mailed", sa.BigInteger, nullable=True),
        sa.Column("met", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_goodword_invitations")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "uq_goodword_invitations_advocate_program",
        "goodword_invitations",
        ["shop", "advocate", "program"],
        unique=True,
    )
    op.create_index(
        op.f("ix_goodword_thanks_shop_advocate"), "goodword_thanks", ["shop", "advocate"]
    )


def _word(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(255), nullable=False)

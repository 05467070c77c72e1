"""Looks: how each shop shows itself."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goodword_server_looks",
        *_words("shop", "name", "colour", "shares", "language"),
        *_words("liff", "mark", nullable=True),
        sa.Column("width", sa.Integer, nullable=True),
        sa.Column("height", sa.Integer, nullable=True),
        sa.Column("logo", sa.LargeBinary, nullable=True),
        sa.Column("saved", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("shop", name=op.f("pk_goodword_server_looks")),
    )


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(255), nullable=nullable) for name in names]

"""A shop's own words."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    words = ("shop", "program", "language", "channel", "moment")
    op.create_table(
        "goodword_messages",
        *(sa.Column(name, sa.String(255), nullable=False) for name in words),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("saved", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint(*words, "version", name=op.f("pk_goodword_messages")),
    )

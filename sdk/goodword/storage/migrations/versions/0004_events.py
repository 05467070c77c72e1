"""What happened in a shop that listens, until it was told."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "goodword_shops", sa.Column("listens", sa.Integer, nullable=False, server_default="0")
    )
    op.create_table(
        "goodword_events",
        *(sa.Column(name, sa.String(255), nullable=False) for name in ("shop", "id", "type")),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("data", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_goodword_events")),
    )

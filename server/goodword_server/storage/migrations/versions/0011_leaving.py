"""Shops that left: when a shop was last joined, and since when its owner does without us."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("joined", "left"):
        op.add_column("goodword_server_installations", sa.Column(name, sa.BigInteger))
    op.execute("UPDATE goodword_server_installations SET joined = made")

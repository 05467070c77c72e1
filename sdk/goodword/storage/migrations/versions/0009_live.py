"""Rewards that can still be used are found among all that ever were granted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    condition = sa.text("state = 'granted'")
    op.create_index(
        "ix_goodword_grants_live",
        "goodword_grants",
        ["shop", "id"],
        sqlite_where=condition,
        postgresql_where=condition,
    )

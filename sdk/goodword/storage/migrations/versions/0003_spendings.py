"""Which orders spend a reward's coupon: it is free again when none does."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = ("shop", "text", "order_id")


def upgrade() -> None:
    op.create_table(
        "goodword_spendings",
        *(sa.Column(name, sa.String(255), nullable=False) for name in _KEY),
        sa.PrimaryKeyConstraint(*_KEY, name=op.f("pk_goodword_spendings")),
        sqlite_with_rowid=False,
    )

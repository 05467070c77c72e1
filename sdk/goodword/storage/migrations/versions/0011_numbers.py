"""Orders are found by the number that their friend knows, too."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("goodword_orders", sa.Column("number", sa.String(255), nullable=True))
    condition = sa.text("number IS NOT NULL")
    op.create_index(
        "ix_goodword_orders_shop_number",
        "goodword_orders",
        ["shop", "number"],
        sqlite_where=condition,
        postgresql_where=condition,
    )

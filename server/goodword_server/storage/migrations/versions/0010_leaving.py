"""Shops that left, and questions for what is kept of somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("joined", "left"):
        op.add_column("goodword_server_installations", sa.Column(name, sa.BigInteger))
    op.execute("UPDATE goodword_server_installations SET joined = made")
    op.create_table(
        "goodword_server_data_requests",
        sa.Column("shop", sa.String(255), nullable=False),
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("due", sa.BigInteger, nullable=False),
        sa.Column("told", sa.LargeBinary),
        sa.Column("answered", sa.BigInteger),
        sa.Column("account", sa.String(255)),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_goodword_server_data_requests")),
    )
    # Shopify's shops could not be watched before.
    for round in ("hooks", "gone", "coupons"):
        op.execute(
            "INSERT INTO goodword_server_rounds (shop, round, next, tries, notes)"
            f" SELECT shop, '{round}', made, 0, '{{}}' FROM goodword_server_installations"
            " WHERE platform = 'shopify' ON CONFLICT DO NOTHING"
        )

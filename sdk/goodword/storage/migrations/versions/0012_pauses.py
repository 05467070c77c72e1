"""Programs are paused, and their friends' coupons rest meanwhile."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goodword_pauses",
        sa.Column("shop", sa.String(255), nullable=False),
        sa.Column("program", sa.String(255), nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=True),
        sa.PrimaryKeyConstraint("shop", "program", "since", name=op.f("pk_goodword_pauses")),
        sqlite_with_rowid=False,
    )
    op.add_column(
        "goodword_claims", sa.Column("rests", sa.Integer, nullable=False, server_default="0")
    )
    op.create_index("ix_goodword_claims_shop_coupon", "goodword_claims", ["shop", "coupon"])
    condition = sa.text("state = 'made'")
    op.create_index(
        "ix_goodword_claims_live",
        "goodword_claims",
        ["shop", "program", "expires"],
        sqlite_where=condition,
        postgresql_where=condition,
    )

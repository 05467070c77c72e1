"""What others say of a shop."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goodword_proofs",
        *(sa.Column(name, sa.String(255), nullable=False) for name in ("shop", "id", "kind")),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("link", sa.Text, nullable=True),
        sa.Column("person", sa.String(255), nullable=True),
        sa.Column("consented", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_goodword_proofs")),
    )
    op.create_index("ix_goodword_proofs_shop_person", "goodword_proofs", ["shop", "person"])

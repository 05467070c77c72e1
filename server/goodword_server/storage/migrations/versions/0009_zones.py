"""Where a shop's days are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("goodword_server_looks", sa.Column("zone", sa.String(255), nullable=True))

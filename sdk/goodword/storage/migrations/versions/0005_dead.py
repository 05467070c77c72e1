"""What waits for a person is found by an index of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_goodword_followups_dead",
        "goodword_followups",
        ["shop", "id"],
        sqlite_where=sa.text("state = 'never'"),
        postgresql_where=sa.text("state = 'never'"),
    )

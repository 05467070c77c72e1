"""People are told to share a home, by a keyed hash of it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("goodword_people", sa.Column("home", sa.String(255), nullable=True))
    condition = sa.text("home IS NOT NULL")
    op.create_index(
        "ix_goodword_people_shop_home",
        "goodword_people",
        ["shop", "home"],
        sqlite_where=condition,
        postgresql_where=condition,
    )

"""The owners of a shop are mailed that somebody asked what is kept of them."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OPEN = sa.text("say IS NOT NULL")


def upgrade() -> None:
    op.add_column("goodword_server_data_requests", sa.Column("say", sa.BigInteger))
    op.create_index(
        "ix_goodword_server_data_requests_say",
        "goodword_server_data_requests",
        ["shop", "say"],
        sqlite_where=_OPEN,
        postgresql_where=_OPEN,
    )
    op.execute("UPDATE goodword_server_data_requests SET say = received WHERE answered IS NULL")

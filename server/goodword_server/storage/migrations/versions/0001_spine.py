"""The spine: installations, keys and the inbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goodword_server_installations",
        sa.Column("path", sa.String(255), nullable=False),
        sa.Column("shop", sa.String(255), nullable=False),
        sa.Column("platform", sa.String(255), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        sa.Column("credentials", sa.LargeBinary, nullable=False),
        sa.Column("settings", sa.Text, nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_goodword_server_installations")),
    )
    op.create_index(
        "uq_goodword_server_installations_shop",
        "goodword_server_installations",
        ["shop"],
        unique=True,
    )
    op.create_table(
        "goodword_server_keys",
        sa.Column("hash", sa.String(255), nullable=False),
        sa.Column("shop", sa.String(255), nullable=False),
        sa.Column("hint", sa.String(255), nullable=False),
        sa.Column("made", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_goodword_server_keys")),
    )
    op.create_table(
        "goodword_server_inbox",
        sa.Column("shop", sa.String(255), nullable=False),
        sa.Column("id", sa.String(255), nullable=False),
        sa.Column("path", sa.String(255), nullable=False),
        sa.Column("state", sa.String(255), nullable=False),
        sa.Column("received", sa.BigInteger, nullable=False),
        sa.Column("next", sa.BigInteger, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("fence", sa.String(255), nullable=True),
        sa.Column("hash", sa.String(255), nullable=False),
        sa.Column("headers", sa.Text, nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=True),
        sa.Column("verdict", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_goodword_server_inbox")),
    )
    op.create_index(
        "ix_goodword_server_inbox_new",
        "goodword_server_inbox",
        ["shop", "next"],
        sqlite_where=sa.text("state = 'new'"),
        postgresql_where=sa.text("state = 'new'"),
    )

"""Webhooks out: endpoints, and what is on its way to them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(255), nullable=nullable) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=nullable) for name in names]


def _some(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)


def upgrade() -> None:
    op.create_table(
        "goodword_server_endpoints",
        *_words("shop", "id"),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("types", sa.Text, nullable=False),
        sa.Column("secrets", sa.LargeBinary, nullable=False),
        *_words("contact", nullable=True),
        *_words("state"),
        *_words("why", nullable=True),
        *_moments("made"),
        *_moments("failing", "paused", "say", nullable=True),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_goodword_server_endpoints")),
    )
    _some(
        "ix_goodword_server_endpoints_say",
        "goodword_server_endpoints",
        ["shop", "say"],
        "say IS NOT NULL",
    )
    op.create_table(
        "goodword_server_dispatches",
        *_words("shop", "id", "endpoint", "event", "type", "state"),
        sa.Column("body", sa.Text, nullable=True),
        *_moments("made", "next"),
        sa.Column("tries", sa.Integer, nullable=False),
        *_words("fence", nullable=True),
        sa.Column("status", sa.Integer, nullable=True),
        sa.Column("trouble", sa.Text, nullable=True),
        sa.PrimaryKeyConstraint("shop", "id", name=op.f("pk_goodword_server_dispatches")),
    )
    op.create_index(
        "uq_goodword_server_dispatches_event",
        "goodword_server_dispatches",
        ["shop", "endpoint", "event"],
        unique=True,
    )
    for state, column in (("open", "next"), ("dead", "id")):
        _some(
            f"ix_goodword_server_dispatches_{state}",
            "goodword_server_dispatches",
            ["shop", column],
            f"state = '{state}'",
        )

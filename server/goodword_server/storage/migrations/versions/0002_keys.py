"""Keys with scopes that end, how often somebody asked, and answers that are kept for repeats."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_KEYS = "goodword_server_keys"


def _word(name: str, *, nullable: bool = False, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(255), nullable=nullable, server_default=default)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def upgrade() -> None:
    _keys()
    op.create_table(
        "goodword_server_limits",
        _word("shop"),
        _word("subject"),
        _moment("since"),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("shop", "subject", name=op.f("pk_goodword_server_limits")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "goodword_server_answers",
        _word("shop"),
        _word("key"),
        _word("hash"),
        _word("verb"),
        _moment("made"),
        sa.Column("status", sa.Integer, nullable=True),
        _word("kind", nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("shop", "key", name=op.f("pk_goodword_server_answers")),
    )


def _keys() -> None:
    """A key that was made before could do everything, and still can."""
    op.add_column(_KEYS, _word("id", default=""))
    op.add_column(_KEYS, _word("scope", default="secret"))
    op.add_column(_KEYS, _word("label", default=""))
    op.add_column(_KEYS, _moment("last_used", nullable=True))
    op.add_column(_KEYS, _moment("ended", nullable=True))
    op.execute(f"UPDATE {_KEYS} SET id = substr(hash, 1, 12)")
    op.create_index("uq_goodword_server_keys_shop_id", _KEYS, ["shop", "id"], unique=True)

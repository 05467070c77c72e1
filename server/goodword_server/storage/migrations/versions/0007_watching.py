"""Connected shops are joined by agreement, looked at regularly, and left without a trace."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ROUNDS = ("orders", "gone", "hooks", "coupons")


def upgrade() -> None:
    _rounds()
    _joinings()
    _farewells()


def _rounds() -> None:
    _table(
        "rounds",
        ("shop", "round"),
        *_words("shop", "round"),
        *_moments("next"),
        _number("tries"),
        *_words("fence", "wanted", nullable=True),
        *_moments("done", nullable=True),
        _prose("trouble", nullable=True),
        _prose("notes"),
    )
    op.create_index("ix_goodword_server_rounds_next", "goodword_server_rounds", ["shop", "next"])
    for name in _ROUNDS:
        # Shops that are connected already are looked at from now on.
        op.execute(
            "INSERT INTO goodword_server_rounds (shop, round, next, tries, notes) "
            f"SELECT shop, '{name}', made, 0, '{{}}' FROM goodword_server_installations"
        )


def _joinings() -> None:
    _table(
        "joinings",
        ("shop", "hash"),
        *_words("shop", "hash", "way", "account", "platform"),
        _prose("url", nullable=True),
        *_moments("made", "expires"),
        *_moments("used", nullable=True),
        _prose("outcome", nullable=True),
    )


def _farewells() -> None:
    _table(
        "farewells",
        ("shop", "id"),
        *_words("shop", "id", "coupons"),
        sa.Column("installation", sa.LargeBinary, nullable=True),
        *_moments("made", "next"),
        _number("tries"),
        *_words("fence", nullable=True),
        *_moments("done", nullable=True),
        _prose("trouble", nullable=True),
        _prose("left", nullable=True),
    )
    condition = sa.text("done IS NULL")
    op.create_index(
        "ix_goodword_server_farewells_open",
        "goodword_server_farewells",
        ["shop", "next"],
        sqlite_where=condition,
        postgresql_where=condition,
    )


def _table(name: str, key: tuple[str, ...], *columns: sa.schema.SchemaItem) -> None:
    name = f"goodword_server_{name}"
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))


def _words(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(255), nullable=nullable) for name in names]


def _moments(*names: str, nullable: bool = False) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger, nullable=nullable) for name in names]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _prose(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)

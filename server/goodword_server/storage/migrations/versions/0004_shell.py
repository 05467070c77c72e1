"""The owner's shell: accounts, members, the audit log, and how tills and workers are."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_AUDIT = "goodword_server_audit"


def upgrade() -> None:
    _accounts()
    _audit()
    _health()


def _accounts() -> None:
    _table(
        "accounts",
        ("id",),
        _word("id"),
        _word("email"),
        sa.Column("password", sa.Text, nullable=True),
        _word("stamp"),
        _moment("made"),
    )
    for column in ("email", "stamp"):
        op.create_index(
            f"uq_goodword_server_accounts_{column}",
            "goodword_server_accounts",
            [column],
            unique=True,
        )
    _table(
        "members",
        ("shop", "account"),
        _word("shop"),
        _word("account"),
        _word("role"),
        _moment("made"),
    )
    op.create_index("ix_goodword_server_members_account", "goodword_server_members", ["account"])


def _audit() -> None:
    _table(
        "audit",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _moment("at"),
        _word("account", nullable=True),
        _word("did"),
        sa.Column("about", sa.Text, nullable=True),
    )
    if op.get_bind().dialect.name == "postgresql":
        _append_only_on_postgresql()
    else:
        _append_only_on_sqlite()


def _append_only_on_sqlite() -> None:
    for deed in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {_AUDIT}_no_{deed} BEFORE {deed.upper()} ON {_AUDIT} "
            f"BEGIN SELECT RAISE(ABORT, '{_AUDIT} is append-only'); END"
        )


def _append_only_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION goodword_server_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_AUDIT} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {_AUDIT}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {_AUDIT} "
        "FOR EACH STATEMENT EXECUTE FUNCTION goodword_server_refuse()"
    )


def _health() -> None:
    _table(
        "tills",
        ("shop",),
        _word("shop"),
        _moment("reached", nullable=True),
        _moment("failed", nullable=True),
        sa.Column("trouble", sa.Text, nullable=True),
    )
    _table("pulse", ("id",), _word("id"), _moment("at"))
    op.create_index(
        "ix_goodword_server_inbox_dead",
        "goodword_server_inbox",
        ["shop", "id"],
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )


def _table(name: str, key: tuple[str, ...], *columns: sa.schema.SchemaItem) -> None:
    name = f"goodword_server_{name}"
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")))


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(255), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)

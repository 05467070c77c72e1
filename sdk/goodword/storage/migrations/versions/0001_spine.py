"""The spine: programs, people, codes, visits, orders, the ledger and follow-ups."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def _word(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String(255), nullable=nullable)


def _prose(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _table(name: str, key: tuple[str, ...], *columns: sa.schema.SchemaItem) -> None:
    full = f"goodword_{name}"
    # Small rows stand in their primary key itself: half the pages to write on SQLite.
    compact = name not in ("shops", "programs", "orders", "refunds", "grants")
    op.create_table(
        full,
        *columns,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{full}")),
        sqlite_with_rowid=not compact,
    )


def upgrade() -> None:
    _table("shops", ("shop",), _word("shop"), _prose("grants", nullable=True))
    _table(
        "programs",
        ("shop", "name", "version"),
        _word("shop"),
        _word("name"),
        _number("version"),
        _moment("saved"),
        _moment("starts", nullable=True),
        _moment("ends", nullable=True),
        _prose("body"),
    )
    _people()
    _evidence()
    _ledger()
    _deeds()


def _people() -> None:
    _table(
        "people",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _prose("name", nullable=True),
        _prose("email", nullable=True),
        _word("mailbox", nullable=True),
        _word("met_as"),
    )
    op.create_index(
        "ix_goodword_people_shop_mailbox_id", "goodword_people", ["shop", "mailbox", "id"]
    )
    op.create_index(
        "uq_goodword_people_friend",
        "goodword_people",
        ["shop", "mailbox"],
        unique=True,
        sqlite_where=sa.text("met_as = 'friend'"),
        postgresql_where=sa.text("met_as = 'friend'"),
    )
    _table(
        "advocates",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _word("relation"),
        _moment("since"),
        _moment("ended", nullable=True),
    )
    _table(
        "codes",
        ("shop", "text"),
        _word("shop"),
        _word("text"),
        _word("advocate"),
        _word("program"),
        _word("coupon", nullable=True),
        _moment("made"),
        _moment("ended", nullable=True),
    )
    op.create_index(
        "ix_goodword_codes_shop_advocate_program_made",
        "goodword_codes",
        ["shop", "advocate", "program", "made"],
    )
    _table(
        "coupons",
        ("shop", "text"),
        _word("shop"),
        _word("text"),
        _word("use"),
        _word("code", nullable=True),
        _word("order_id", nullable=True),
        _word("advocate", nullable=True),
    )


def _evidence() -> None:
    _table(
        "visits",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _word("code"),
        _moment("at"),
        _prose("landing"),
        _word("via", nullable=True),
        _word("visitor", nullable=True),
    )
    _table(
        "orders",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _moment("placed", nullable=True),
        _moment("modified", nullable=True),
        _word("friend", nullable=True),
        _word("facts", nullable=True),
        _prose("state", nullable=True),
        _prose("evidence", nullable=True),
    )
    op.create_index("ix_goodword_orders_shop_friend", "goodword_orders", ["shop", "friend"])
    _table(
        "refunds",
        ("shop", "order_id", "id"),
        _word("shop"),
        _word("order_id"),
        _word("id"),
        _prose("body"),
    )
    _table(
        "referrals",
        ("shop", "order_id"),
        _word("shop"),
        _word("order_id"),
        _word("code"),
        _word("advocate"),
        _word("program"),
        _number("version"),
        _number("rung"),
        _word("state"),
        _prose("reasons"),
        _moment("qualified", nullable=True),
    )
    op.create_index(
        "ix_goodword_referrals_shop_advocate", "goodword_referrals", ["shop", "advocate"]
    )


def _ledger() -> None:
    _table(
        "entries",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _word("order_id"),
        _word("part"),
        _word("advocate"),
        _word("source"),
        _word("target"),
        _word("unit"),
        sa.Column("amount", sa.BigInteger, nullable=False),
        _word("cause"),
        _moment("at"),
        sa.CheckConstraint("amount > 0", name=op.f("ck_goodword_entries_amount")),
    )
    op.create_index("ix_goodword_entries_shop_order_id", "goodword_entries", ["shop", "order_id"])
    op.create_index(
        "ix_goodword_entries_shop_advocate_unit", "goodword_entries", ["shop", "advocate", "unit"]
    )
    owed_back = sa.text("source = 'advocate:owed_back' OR target = 'advocate:owed_back'")
    op.create_index(
        "ix_goodword_entries_owed_back",
        "goodword_entries",
        ["shop", "advocate"],
        sqlite_where=owed_back,
        postgresql_where=owed_back,
    )
    if op.get_bind().dialect.name == "sqlite":
        _append_only_on_sqlite()
    else:
        _append_only_on_postgresql()


def _append_only_on_sqlite() -> None:
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER goodword_entries_{verb.lower()} BEFORE {verb} ON goodword_entries "
            "BEGIN SELECT RAISE(ABORT, 'goodword_entries is append-only'); END"
        )


def _append_only_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION goodword_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'goodword_entries is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER goodword_entries_kept BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON goodword_entries FOR EACH STATEMENT EXECUTE FUNCTION goodword_refuse()"
    )


def _deeds() -> None:
    _table(
        "grants",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _word("order_id"),
        _word("advocate"),
        _word("text"),
        _prose("worth"),
        _word("state"),
        _word("remote", nullable=True),
        _moment("made"),
        _moment("expires", nullable=True),
    )
    op.create_index("ix_goodword_grants_shop_order_id", "goodword_grants", ["shop", "order_id"])
    op.create_index("ix_goodword_grants_shop_advocate", "goodword_grants", ["shop", "advocate"])
    _table(
        "followups",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _word("duty"),
        _word("order_id"),
        _word("state"),
        _moment("due"),
        _moment("next"),
        _number("tries"),
        _number("asked"),
        _word("fence", nullable=True),
        _prose("trouble", nullable=True),
    )
    op.create_index(
        "uq_goodword_followups_duty",
        "goodword_followups",
        ["shop", "duty", "order_id"],
        unique=True,
    )
    op.create_index(
        "ix_goodword_followups_open",
        "goodword_followups",
        ["shop", "next"],
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    _table(
        "thanks",
        ("shop", "id"),
        _word("shop"),
        _word("id"),
        _word("order_id"),
        _word("advocate"),
        _moment("owed"),
        _moment("by"),
        _moment("kept", nullable=True),
        _word("channel", nullable=True),
    )
    op.create_index(
        "uq_goodword_thanks_order_id", "goodword_thanks", ["shop", "order_id"], unique=True
    )
    op.create_index(
        "ix_goodword_thanks_owed",
        "goodword_thanks",
        ["shop", "by"],
        sqlite_where=sa.text("kept IS NULL"),
        postgresql_where=sa.text("kept IS NULL"),
    )

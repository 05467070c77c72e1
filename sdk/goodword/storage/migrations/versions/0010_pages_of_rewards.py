"""A page of an advocate's rewards is found by its orders, without the pages before and after it."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLE = "goodword_entries"


def upgrade() -> None:
    op.create_index(
        "ix_goodword_entries_shop_advocate_order_id", _TABLE, ["shop", "advocate", "order_id"]
    )
    # What was found by this one is found by the new one, and each entry pays for one alone.
    op.drop_index("ix_goodword_entries_shop_advocate_unit", _TABLE)

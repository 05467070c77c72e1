"""Shops that are compared, and not watched, are asked how they are set up from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None

_ADD = """
INSERT INTO goodword_server_rounds (shop, round, next, tries, notes)
SELECT r.shop, 'condition', 0, 0, '{}' FROM goodword_server_rounds AS r
WHERE r.round = 'orders' AND NOT EXISTS (
    SELECT 1 FROM goodword_server_rounds AS o
    WHERE o.shop = r.shop AND o.round IN ('hooks', 'condition')
)
"""


def upgrade() -> None:
    op.execute(sa.text(_ADD))

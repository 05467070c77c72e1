"""How the links to advocates' pages stand: how often they were revoked, and used."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "goodword_server_entrances",
        *(sa.Column(name, sa.String(255), nullable=False) for name in ("shop", "advocate")),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("issue", "used")),
        sa.PrimaryKeyConstraint("shop", "advocate", name=op.f("pk_goodword_server_entrances")),
        sqlite_with_rowid=False,
    )

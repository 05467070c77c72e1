"""Tables of what friends and advocates read.  As in `tables`, the shop stands first in every key."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from goodword.storage.columns import moment, prose, word
from goodword.storage.tables import metadata

# What others say of the shop.  Of whoever said it the id alone; once they are forgotten, the row
# is gone.
proofs: Final = Table(
    "goodword_proofs",
    metadata,
    word("shop"),
    word("id"),
    word("kind"),
    prose("text"),
    prose("link", nullable=True),
    word("person", nullable=True),
    moment("consented", nullable=False),
    PrimaryKeyConstraint("shop", "id"),
    Index(None, "shop", "person"),
)

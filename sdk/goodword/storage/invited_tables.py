"""Tables of whom a shop invited, and who declined.  As in `tables`, the shop stands first."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from goodword.storage.columns import COMPACT, moment, number, word
from goodword.storage.page_tables import messages

# Whoever knows these tables knows all.
metadata: Final = messages.metadata

# By keyed hash, those who do not want to be invited: kept for good, and nothing else of them.
declined: Final = Table(
    "goodword_declined",
    metadata,
    word("shop"),
    word("hash"),
    moment("at", nullable=False),
    PrimaryKeyConstraint("shop", "hash"),
    **COMPACT,
)

# Who was invited because the shop vouched for them; ``mailed`` once they were told, and by then
# ``by``, who gave their address, is gone.  ``met``: 1 where nobody knew them before.
invitations: Final = Table(
    "goodword_invitations",
    metadata,
    word("shop"),
    word("id"),
    word("advocate"),
    word("program"),
    word("code"),
    word("by"),
    word("language"),
    moment("made", nullable=False),
    moment("mailed"),
    number("met"),
    PrimaryKeyConstraint("shop", "id"),
    Index("uq_goodword_invitations_advocate_program", "shop", "advocate", "program", unique=True),
    **COMPACT,
)

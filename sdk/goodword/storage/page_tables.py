"""Tables of what friends and advocates read, and when they are promised nothing new.

As in `tables`, the shop stands first in every key.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Index, PrimaryKeyConstraint, Table

from goodword.storage.columns import COMPACT, moment, number, prose, word
from goodword.storage.tables import metadata

# A shop's own words, from a version of the program on; a null text: from then on ours again.
# Never changed for a version that is not the newest.  No personal data.
messages: Final = Table(
    "goodword_messages",
    metadata,
    word("shop"),
    word("program"),
    word("language"),
    word("channel"),
    word("moment"),
    number("version"),
    moment("saved", nullable=False),
    prose("text", nullable=True),
    PrimaryKeyConstraint("shop", "program", "language", "channel", "moment", "version"),
)

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

# When a program promised nothing new; without ``until`` it is so still.
pauses: Final = Table(
    "goodword_pauses",
    metadata,
    word("shop"),
    word("program"),
    moment("since", nullable=False),
    moment("until"),
    PrimaryKeyConstraint("shop", "program", "since"),
    **COMPACT,
)

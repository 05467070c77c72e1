"""The server's own tables; an embedder never gets them.

Directories, by which a shop is found in the first place, are the only ones without the shop in
front: `installations` by the path of their deliveries, `keys` by the hash of an API key.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    text,
)

from goodword.storage.columns import COMPACT, moment, number, prose, where, word
from goodword.storage.migrating import Branch
from goodword.storage.tables import metadata as sdk_metadata

metadata: Final = MetaData(naming_convention=sdk_metadata.naming_convention)
DIRECTORIES: Final = ("goodword_server_installations", "goodword_server_keys")


def sealed(name: str, *, nullable: bool = False) -> Column[bytes]:
    """Bytes that only the vault can open."""
    return Column(name, LargeBinary, nullable=nullable)


installations: Final = Table(
    "goodword_server_installations",
    metadata,
    word("path"),
    word("shop"),
    word("platform"),
    prose("url"),
    sealed("secrets"),
    sealed("credentials"),
    prose("settings"),
    moment("made", nullable=False),
    PrimaryKeyConstraint("path"),
    Index("uq_goodword_server_installations_shop", "shop", unique=True),
)

keys: Final = Table(
    "goodword_server_keys",
    metadata,
    word("hash"),
    word("shop"),
    word("id"),
    word("hint"),
    word("scope"),
    word("label"),
    moment("made", nullable=False),
    moment("last_used"),
    moment("ended"),
    PrimaryKeyConstraint("hash"),
    Index("uq_goodword_server_keys_shop_id", "shop", "id", unique=True),
)

# How often somebody asked since the window began: one row each, begun anew with each window.  What
# belongs to no shop, as a request without a key, stands under a shop without a name.
limits: Final = Table(
    "goodword_server_limits",
    metadata,
    word("shop"),
    word("subject"),
    moment("since", nullable=False),
    number("times"),
    PrimaryKeyConstraint("shop", "subject"),
    **COMPACT,
)

# What was answered to a request that bore an Idempotency-Key.
answers: Final = Table(
    "goodword_server_answers",
    metadata,
    word("shop"),
    word("key"),
    word("hash"),
    word("verb"),
    moment("made", nullable=False),
    number("status", nullable=True),
    word("kind", nullable=True),
    sealed("body", nullable=True),
    PrimaryKeyConstraint("shop", "key"),
)

# A delivery until it is read; afterwards only what tells that it was.
inbox: Final = Table(
    "goodword_server_inbox",
    metadata,
    word("shop"),
    word("id"),
    word("path"),
    word("state"),
    moment("received", nullable=False),
    moment("next", nullable=False),
    number("tries"),
    word("fence", nullable=True),
    word("hash"),
    prose("headers", nullable=True),
    sealed("body", nullable=True),
    prose("verdict", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    Index(
        "ix_goodword_server_inbox_new",
        "shop",
        "next",
        sqlite_where=text("state = 'new'"),
        postgresql_where=text("state = 'new'"),
    ),
)

# Where a shop wants to be told of its events, and how that goes.  ``say`` is when its contact is
# to be mailed that it was paused.
endpoints: Final = Table(
    "goodword_server_endpoints",
    metadata,
    word("shop"),
    word("id"),
    prose("url"),
    prose("types"),
    sealed("secrets"),
    word("contact", nullable=True),
    word("state"),
    word("why", nullable=True),
    moment("made", nullable=False),
    moment("failing"),
    moment("paused"),
    moment("say"),
    PrimaryKeyConstraint("shop", "id"),
    Index("ix_goodword_server_endpoints_say", "shop", "say", **where("say IS NOT NULL")),
)

# One event on its way to one endpoint; once it arrived, only what tells that it did.
dispatches: Final = Table(
    "goodword_server_dispatches",
    metadata,
    word("shop"),
    word("id"),
    word("endpoint"),
    word("event"),
    word("type"),
    word("state"),
    prose("body", nullable=True),
    moment("made", nullable=False),
    moment("next", nullable=False),
    number("tries"),
    word("fence", nullable=True),
    number("status", nullable=True),
    prose("trouble", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    Index("uq_goodword_server_dispatches_event", "shop", "endpoint", "event", unique=True),
    Index("ix_goodword_server_dispatches_open", "shop", "next", **where("state = 'open'")),
    Index("ix_goodword_server_dispatches_dead", "shop", "id", **where("state = 'dead'")),
)

BRANCH: Final = Branch(
    folder=Path(__file__).parent / "migrations",
    table="goodword_server_version",
    metadata=metadata,
    prefix="goodword_server_",
)

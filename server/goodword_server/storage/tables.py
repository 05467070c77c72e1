"""The server's own tables; an embedder never gets them.

Directories, by which a shop is found in the first place, are without the shop in front:
`installations` by the path of their deliveries, `keys` by the hash of an API key, `members` by
the account that signed in.  What belongs to no shop stands apart: a person's account, which may
be of several shops, and the pulse of the workers, which serve all.
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
DIRECTORIES: Final = (
    "goodword_server_installations",
    "goodword_server_keys",
    "goodword_server_members",
)
APART: Final = ("goodword_server_accounts", "goodword_server_pulse")


def sealed(name: str, *, nullable: bool = False) -> Column[bytes]:
    """Bytes that only the vault can open."""
    return Column(name, LargeBinary, nullable=nullable)


# ``joined`` is when its owner last let us in, ``left`` since when they do without us: it is kept
# where every shop delivers to one address, for what the law asks of us afterwards.
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
    moment("joined"),
    moment("left"),
    PrimaryKeyConstraint("path"),
    Index("uq_goodword_server_installations_shop", "shop", unique=True),
)

# Who alone may renew a shop's credentials, and until when.
leases: Final = Table(
    "goodword_server_leases",
    metadata,
    word("shop"),
    word("holder"),
    moment("until", nullable=False),
    PrimaryKeyConstraint("shop"),
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
    Index(
        "ix_goodword_server_inbox_dead",
        "shop",
        "id",
        sqlite_where=text("state = 'dead'"),
        postgresql_where=text("state = 'dead'"),
    ),
)

# Who may sign in to the owner's shell.
accounts: Final = Table(
    "goodword_server_accounts",
    metadata,
    word("id"),
    word("email"),
    prose("password", nullable=True),
    word("stamp"),
    moment("made", nullable=False),
    PrimaryKeyConstraint("id"),
    Index("uq_goodword_server_accounts_email", "email", unique=True),
    Index("uq_goodword_server_accounts_stamp", "stamp", unique=True),
)

# Whose account may do what in a shop.
members: Final = Table(
    "goodword_server_members",
    metadata,
    word("shop"),
    word("account"),
    word("role"),
    moment("made", nullable=False),
    PrimaryKeyConstraint("shop", "account"),
    Index("ix_goodword_server_members_account", "account"),
)

# Who did what in the owner's shell; triggers refuse to change it.
audit: Final = Table(
    "goodword_server_audit",
    metadata,
    word("shop"),
    word("id"),
    moment("at", nullable=False),
    word("account", nullable=True),
    word("did"),
    prose("about", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
)

# How each shop's till answered when it was last asked.
tills: Final = Table(
    "goodword_server_tills",
    metadata,
    word("shop"),
    moment("reached"),
    moment("failed"),
    prose("trouble", nullable=True),
    PrimaryKeyConstraint("shop"),
)

# When any worker was last at work.
pulse: Final = Table(
    "goodword_server_pulse",
    metadata,
    word("id"),
    moment("at", nullable=False),
    PrimaryKeyConstraint("id"),
)

# How the links to an advocate's page stand: how often they were revoked, and mailed ones used.
entrances: Final = Table(
    "goodword_server_entrances",
    metadata,
    word("shop"),
    word("advocate"),
    number("issue"),
    number("used"),
    PrimaryKeyConstraint("shop", "advocate"),
    **COMPACT,
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

# What is looked at regularly in each connected shop, and how that went.  ``wanted`` is what is to
# be done beyond the usual when it is looked at next.
rounds: Final = Table(
    "goodword_server_rounds",
    metadata,
    word("shop"),
    word("round"),
    moment("next", nullable=False),
    number("tries"),
    word("fence", nullable=True),
    word("wanted", nullable=True),
    moment("done"),
    prose("trouble", nullable=True),
    prose("notes"),
    PrimaryKeyConstraint("shop", "round"),
    Index("ix_goodword_server_rounds_next", "shop", "next"),
)

# What a shop's owner began to join it; by its hash, since whoever brings it back is believed.
joinings: Final = Table(
    "goodword_server_joinings",
    metadata,
    word("shop"),
    word("hash"),
    word("way"),
    word("account"),
    word("platform"),
    prose("url", nullable=True),
    moment("made", nullable=False),
    moment("expires", nullable=False),
    moment("used"),
    prose("outcome", nullable=True),
    PrimaryKeyConstraint("shop", "hash"),
)

# A shop that was disconnected, until nothing of ours is left there; then only what that left.
farewells: Final = Table(
    "goodword_server_farewells",
    metadata,
    word("shop"),
    word("id"),
    word("coupons"),
    sealed("installation", nullable=True),
    moment("made", nullable=False),
    moment("next", nullable=False),
    number("tries"),
    word("fence", nullable=True),
    moment("done"),
    prose("trouble", nullable=True),
    prose("left", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    Index("ix_goodword_server_farewells_open", "shop", "next", **where("done IS NULL")),
)

# Somebody asked a shop what is kept of them: by whom they are told, until it was answered.
data_requests: Final = Table(
    "goodword_server_data_requests",
    metadata,
    word("shop"),
    word("id"),
    moment("received", nullable=False),
    moment("due", nullable=False),
    sealed("told", nullable=True),
    moment("answered"),
    word("account", nullable=True),
    moment("say"),
    PrimaryKeyConstraint("shop", "id"),
    Index("ix_goodword_server_data_requests_say", "shop", "say", **where("say IS NOT NULL")),
)

# How a shop shows itself.  ``mark`` tells one logo from another; the bytes stand behind what is
# read for each page.
looks: Final = Table(
    "goodword_server_looks",
    metadata,
    word("shop"),
    word("name"),
    word("colour"),
    word("shares"),
    word("language"),
    word("liff", nullable=True),
    word("zone", nullable=True),
    word("mark", nullable=True),
    number("width", nullable=True),
    number("height", nullable=True),
    Column("logo", LargeBinary, nullable=True),
    moment("saved", nullable=False),
    PrimaryKeyConstraint("shop"),
)

BRANCH: Final = Branch(
    folder=Path(__file__).parent / "migrations",
    table="goodword_server_version",
    metadata=metadata,
    prefix="goodword_server_",
)

"""The tables.  Every one begins with ``goodword_`` and every key with the shop."""

from __future__ import annotations

from typing import Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
)

from goodword.storage.columns import COMPACT, NAMES, moment, number, prose, where, word

metadata: Final = MetaData(naming_convention=NAMES)

# What a shop is, and what its platform can grant (JSON; null: nobody said).  ``key`` makes the
# hashes by which those who were forgotten are told again; ``repeats`` and ``forgets`` are 1 from
# the first program with repeats, and the first person forgotten, on; ``listens`` while somebody
# is to be told of events.
shops: Final = Table(
    "goodword_shops",
    metadata,
    word("shop"),
    prose("grants", nullable=True),
    word("key", nullable=True),
    number("repeats", server_default="0"),
    number("forgets", server_default="0"),
    number("listens", server_default="0"),
    PrimaryKeyConstraint("shop"),
)

# One row a version; never changed.
programs: Final = Table(
    "goodword_programs",
    metadata,
    word("shop"),
    word("name"),
    number("version"),
    moment("saved", nullable=False),
    moment("starts"),
    moment("ends"),
    prose("body"),
    PrimaryKeyConstraint("shop", "name", "version"),
)

# The one table with personal data.  Of a home a keyed hash: the address itself is nowhere.
people: Final = Table(
    "goodword_people",
    metadata,
    word("shop"),
    word("id"),
    prose("name", nullable=True),
    prose("email", nullable=True),
    word("mailbox", nullable=True),
    word("met_as"),
    word("phone", nullable=True),
    word("account", nullable=True),
    word("name_key", nullable=True),
    word("home", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    # With the id, or SQLite would rather read a whole shop in the order that is asked for.
    Index(None, "shop", "mailbox", "id"),
    # Two orders that meet a friend for the first time meet here, and make one person.
    Index(
        "uq_goodword_people_friend", "shop", "mailbox", unique=True, **where("met_as = 'friend'")
    ),
    # Who has no address is told by the phone alone.
    Index(
        "uq_goodword_people_phone",
        "shop",
        "phone",
        unique=True,
        **where("met_as = 'friend' AND mailbox IS NULL"),
    ),
    Index(None, "shop", "phone", **where("phone IS NOT NULL")),
    Index(None, "shop", "account", **where("account IS NOT NULL")),
    Index(None, "shop", "name_key", **where("name_key IS NOT NULL")),
    Index(None, "shop", "home", **where("home IS NOT NULL")),
    **COMPACT,
)

# An advocate is a person of this id who may earn.
advocates: Final = Table(
    "goodword_advocates",
    metadata,
    word("shop"),
    word("id"),
    word("relation"),
    moment("since", nullable=False),
    moment("ended"),
    word("merged_into", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    Index(None, "shop", "merged_into", **where("merged_into IS NOT NULL")),
    **COMPACT,
)

codes: Final = Table(
    "goodword_codes",
    metadata,
    word("shop"),
    word("text"),
    word("advocate"),
    word("program"),
    word("coupon", nullable=True),
    moment("made", nullable=False),
    moment("ended"),
    moment("rotated"),
    PrimaryKeyConstraint("shop", "text"),
    # An advocate may hold a million codes, and is asked for the oldest.
    Index(None, "shop", "advocate", "program", "made"),
    **COMPACT,
)

# What is worth something at the checkout.  Attribution goes through here, never through spelling.
coupons: Final = Table(
    "goodword_coupons",
    metadata,
    word("shop"),
    word("text"),
    word("use"),
    word("code", nullable=True),
    word("order_id", nullable=True),
    word("advocate", nullable=True),
    PrimaryKeyConstraint("shop", "text"),
    **COMPACT,
)

visits: Final = Table(
    "goodword_visits",
    metadata,
    word("shop"),
    word("id"),
    word("code"),
    moment("at", nullable=False),
    prose("landing"),
    word("via", nullable=True),
    word("visitor", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    **COMPACT,
)

# A friend takes an offer up; confirmed it is a bond.  ``state`` tells how their coupon stands.
claims: Final = Table(
    "goodword_claims",
    metadata,
    word("shop"),
    word("id"),
    word("code"),
    word("advocate"),
    word("program"),
    number("version"),
    word("person"),
    word("coupon"),
    moment("at", nullable=False),
    moment("expires", nullable=False),
    moment("confirmed"),
    word("state"),
    word("remote", nullable=True),
    word("visit", nullable=True),
    # 1: their coupon is switched off at the shop, because its program is paused.
    number("rests", server_default="0"),
    PrimaryKeyConstraint("shop", "id"),
    Index(None, "shop", "person"),
    Index(None, "shop", "coupon"),
    # What can still be used of one program.
    Index("ix_goodword_claims_live", "shop", "program", "expires", **where("state = 'made'")),
    **COMPACT,
)

# The newest state of each order, and the evidence as it was kept.  No personal data.
orders: Final = Table(
    "goodword_orders",
    metadata,
    word("shop"),
    word("id"),
    moment("placed"),
    moment("modified"),
    word("friend", nullable=True),
    word("facts", nullable=True),
    prose("state", nullable=True),
    prose("evidence", nullable=True),
    # 1: it stands as bought; 0: a test, or cancelled.
    number("bought", server_default="1"),
    # As it is looked for; null where it is the id.
    word("number", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    Index(None, "shop", "friend"),
    Index(None, "shop", "placed"),
    Index(None, "shop", "number", **where("number IS NOT NULL")),
)

# What a person said of an order: to whom it is owed, or whether it counts.
rulings: Final = Table(
    "goodword_rulings",
    metadata,
    word("shop"),
    word("order_id"),
    word("id"),
    word("says"),
    word("code", nullable=True),
    prose("reason"),
    word("by"),
    moment("at", nullable=False),
    PrimaryKeyConstraint("shop", "order_id", "id"),
    **COMPACT,
)

# How many orders earn, or how much is promised: of whom, in which stretch of time.
places: Final = Table(
    "goodword_places",
    metadata,
    word("shop"),
    word("program"),
    word("per"),
    word("whose"),
    word("period"),
    Column("taken", BigInteger, nullable=False),
    PrimaryKeyConstraint("shop", "program", "per", "whose", "period"),
    **COMPACT,
)

# By keyed hash, those who asked to be forgotten: gone after twelve months.
forgotten: Final = Table(
    "goodword_forgotten",
    metadata,
    word("shop"),
    word("hash"),
    word("person"),
    moment("until", nullable=False),
    PrimaryKeyConstraint("shop", "hash"),
    Index(None, "shop", "until"),
    **COMPACT,
)

# Refunds that were recorded alone.
refunds: Final = Table(
    "goodword_refunds",
    metadata,
    word("shop"),
    word("order_id"),
    word("id"),
    prose("body"),
    PrimaryKeyConstraint("shop", "order_id", "id"),
)

referrals: Final = Table(
    "goodword_referrals",
    metadata,
    word("shop"),
    word("order_id"),
    word("code"),
    word("advocate"),
    word("program"),
    number("version"),
    number("rung"),
    word("state"),
    prose("reasons"),
    moment("qualified"),
    PrimaryKeyConstraint("shop", "order_id"),
    Index(None, "shop", "advocate"),
    Index("ix_goodword_referrals_review", "shop", "order_id", **where("state = 'in_review'")),
    **COMPACT,
)

_OWED_BACK: Final = "source = 'advocate:owed_back' OR target = 'advocate:owed_back'"

# Append-only: triggers refuse UPDATE and DELETE (see the first migration).
entries: Final = Table(
    "goodword_entries",
    metadata,
    word("shop"),
    word("id"),
    word("order_id"),
    word("part"),
    word("advocate"),
    word("source"),
    word("target"),
    word("unit"),
    Column("amount", BigInteger, CheckConstraint("amount > 0", name="amount"), nullable=False),
    word("cause"),
    moment("at", nullable=False),
    PrimaryKeyConstraint("shop", "id"),
    Index(None, "shop", "order_id"),
    Index(None, "shop", "advocate", "order_id"),
    # Debts are few, and looked for among all that an advocate ever earned.
    Index(
        "ix_goodword_entries_owed_back",
        "shop",
        "advocate",
        **where(_OWED_BACK),
    ),
    **COMPACT,
)

# ``text`` is written before the shop is asked for the coupon.
grants: Final = Table(
    "goodword_grants",
    metadata,
    word("shop"),
    word("id"),
    word("order_id"),
    word("advocate"),
    word("text"),
    prose("worth"),
    word("state"),
    word("remote", nullable=True),
    moment("made", nullable=False),
    moment("expires"),
    PrimaryKeyConstraint("shop", "id"),
    Index(None, "shop", "order_id"),
    Index(None, "shop", "advocate"),
    # What can still be used, among all that ever was granted.
    Index("ix_goodword_grants_live", "shop", "id", **where("state = 'granted'")),
)

# Which orders spend a reward's coupon, by the newest state of each.
spendings: Final = Table(
    "goodword_spendings",
    metadata,
    word("shop"),
    word("text"),
    word("order_id"),
    PrimaryKeyConstraint("shop", "text", "order_id"),
    **COMPACT,
)

# A deed due at a moment.  ``next`` is when it may be taken up: its due, a lease, or a pause.
# ``subject`` is the order, the claim whose coupon is to be made, or the event to be told.
followups: Final = Table(
    "goodword_followups",
    metadata,
    word("shop"),
    word("id"),
    word("duty"),
    word("subject"),
    word("state"),
    moment("due", nullable=False),
    moment("next", nullable=False),
    number("tries"),
    number("asked"),
    word("fence", nullable=True),
    prose("trouble", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    Index("uq_goodword_followups_duty", "shop", "duty", "subject", unique=True),
    Index(
        "ix_goodword_followups_open",
        "shop",
        "next",
        **where("state = 'open'"),
    ),
    Index(
        "ix_goodword_followups_dead",
        "shop",
        "id",
        **where("state = 'never'"),
    ),
    **COMPACT,
)

thanks: Final = Table(
    "goodword_thanks",
    metadata,
    word("shop"),
    word("id"),
    word("order_id"),
    word("advocate"),
    moment("owed", nullable=False),
    moment("by", nullable=False),
    moment("kept"),
    word("channel", nullable=True),
    PrimaryKeyConstraint("shop", "id"),
    Index("uq_goodword_thanks_order_id", "shop", "order_id", unique=True),
    Index(None, "shop", "advocate"),
    Index(
        "ix_goodword_thanks_owed",
        "shop",
        "by",
        **where("kept IS NULL"),
    ),
    **COMPACT,
)

# What happened, until it was told.  No personal data.
events: Final = Table(
    "goodword_events",
    metadata,
    word("shop"),
    word("id"),
    word("type"),
    moment("at", nullable=False),
    prose("data"),
    PrimaryKeyConstraint("shop", "id"),
)

"""What the app asks a shop's owner for: little at first, the rest with what needs it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Final

from goodword.model.worth import Kind
from goodword.watching import Giving

BASIC: Final = ("read_orders", "read_customers", "write_discounts")
"""Without these nothing works."""

# Asked for when the owner switches on what needs them.
FURTHER: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.GIFT_CARD: ("write_gift_cards", "write_gift_card_transactions"),
    Kind.STORE_CREDIT: (
        "write_store_credit_account_transactions",
        "read_store_credit_accounts",
    ),
}

MERGES: Final = "read_customer_merge"
"""For being told of accounts that became one."""

DISPUTES: Final = "read_shopify_payments_disputes"
"""For being told of payments that a bank takes back; an order itself says it without."""

ALL_ORDERS: Final = "read_all_orders"
"""For orders of more than sixty days; Shopify gives it to those alone whom it approved."""

SHOWN: Final = timedelta(days=60)
"""For how long a shop shows an order to an app that was not approved for all of them."""

PRODUCTS: Final = "read_products"
"""For terms that name products."""

_CARDS: Final = (
    "GiftCardIssue GiftCardsFound GiftCardLedger GiftCardDebit GiftCardVoid CardsStanding"
)
_CREDIT: Final = (
    "StoreCreditGrant StoreCreditTakeBack StoreCreditAccounts StoreCreditMade StoreCreditLedger"
)
_NEEDED: Final[dict[str, tuple[str, ...]]] = {
    "OrderProducts": (*BASIC, PRODUCTS),
    **dict.fromkeys(_CARDS.split(), (*BASIC, *FURTHER[Kind.GIFT_CARD])),
    **dict.fromkeys(_CREDIT.split(), (*BASIC, *FURTHER[Kind.STORE_CREDIT])),
}


def asked_for(giving: Collection[Giving] = ()) -> tuple[str, ...]:
    """Return the scopes to ask an owner for whose programs give this, in one order."""
    kinds = {one.kind for one in giving}
    further = [scope for kind, some in FURTHER.items() if kind in kinds for scope in some]
    by_product = [PRODUCTS] if any(one.by_product for one in giving) else []
    return (*BASIC, *further, *by_product)


def with_which(operation: str) -> tuple[str, ...]:
    """Return the scopes that have been asked for wherever an operation is used."""
    return _NEEDED.get(operation, BASIC)

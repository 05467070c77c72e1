"""Whether a code that its shop has no more was used: the orders say, as far as they are shown."""

from __future__ import annotations

from datetime import datetime

from goodword_shopify.fields import Json
from goodword_shopify.granting import Counter
from goodword_shopify.scopes import SHOWN


def was_used(counter: Counter, text: str, made: datetime | None) -> bool | None:
    """Return whether an order bears a code; None where nobody can know.

    ``made``: when the code was drawn, before which nobody used it; None: not told.
    """
    # Our own texts are letters, digits and hyphens; another would end the quotation.
    filter = f"discount_code:'{text.replace(chr(39), '')}'"
    rows = counter.client.pages("OrdersWithCode", "orders", filter=filter)
    if any(_bears(row, text) for row in rows):
        return True
    told = counter.sees_all or (made is not None and counter.now() - made <= SHOWN)
    return False if told else None


def _bears(row: Json, text: str) -> bool:
    # A search finds what is like it, too; and an order that was cancelled uses nothing.
    codes = {str(code).upper() for code in row["discountCodes"]}
    return text.upper() in codes and not row["cancelledAt"]

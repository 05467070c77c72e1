"""A customer who asks for a code of their own, as the shop itself knows them."""

from __future__ import annotations

import hmac

from goodword import traces
from goodword.model.people import Advocate
from goodword_shopify.client import Client
from goodword_shopify.fields import Json, bare, gid, understood

_NAME_LONGEST = 100
_EMAIL_LONGEST = 254


def customer(client: Client, id: str) -> Advocate | None:
    """Return a customer; None if the shop knows none of this id."""
    named = gid("Customer", id)
    found = client.ask("AdvocateById", id=named)["customer"] if named else None
    return _advocate(found) if found is not None else None


def buyer(client: Client, order: str, checkout: str) -> Advocate | None:
    """Return who placed an order; None unless it came of the checkout with this token."""
    named = gid("Order", order.rpartition("/")[2])
    found = client.ask("OrderBuyer", id=named)["order"] if named else None
    if found is None or found["customer"] is None:
        return None
    told = str(found["checkoutToken"] or "")
    # Shown to whoever stands at the thank-you page, and to nobody else.
    same = hmac.compare_digest(told.encode(), checkout.encode(errors="replace"))
    return _advocate(found["customer"]) if told and same else None


def _advocate(found: Json) -> Advocate:
    with understood("customer"):
        email = (found["defaultEmailAddress"] or {}).get("emailAddress")
        return Advocate(
            id=bare(found["id"]),
            name=traces.words(found["firstName"], _NAME_LONGEST) or "",
            email=traces.words(email, _EMAIL_LONGEST),
        )

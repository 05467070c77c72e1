"""What theme and checkout wrote onto an order, and how Shopify itself saw the friend arrive."""

from __future__ import annotations

from collections.abc import Mapping

from goodword import traces
from goodword.model.order import Landing
from goodword_shopify.fields import Json, moment


def attributes(head: Json) -> Mapping[str, str | None]:
    """Return what theme and checkout wrote onto the order; of one key twice the first."""
    found: dict[str, str | None] = {}
    for row in head["customAttributes"]:
        found.setdefault(row["key"], row["value"])
    return found


def visit(notes: Mapping[str, str | None], head: Json) -> str | None:
    """Return the visit that link and cart carried; else the one in the address of a landing."""
    landings = [traces.in_address(one["landingPage"], "gw") for one in _visits(head)]
    return traces.visit(notes) or next((word for word in landings if word), None)


def landing(head: Json) -> Landing | None:
    """Return what Shopify itself noted of how the friend came, the last time first."""
    for one in _visits(head):
        code = traces.word(one["referralCode"]) or traces.in_address(one["landingPage"], "ref")
        if code:
            return Landing(code=code, at=moment(one["occurredAt"]))
    return None


def _visits(head: Json) -> list[Json]:
    journey = head["customerJourneySummary"] or {}
    return [one for one in (journey.get("lastVisit"), journey.get("firstVisit")) if one]

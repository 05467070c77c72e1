"""The discounts of the stand-in's shops; as at Shopify, codes are told apart without case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from goodword_shopify.standin import money

Json = dict[str, Any]
_TYPES: Final = {
    "basicCodeDiscount": "DiscountCodeBasic",
    "freeShippingCodeDiscount": "DiscountCodeFreeShipping",
    "bxgyCodeDiscount": "DiscountCodeBxgy",
}


class Discounts:
    """Discounts with a code."""

    def __init__(
        self, currency: str, now: Callable[[], datetime], new_id: Callable[[str], str]
    ) -> None:
        self._currency = currency
        self._now = now
        self._new_id = new_id
        self.by_id: dict[str, Json] = {}
        """What was asked for, as it was asked for, beside what the shop shows of it."""
        self._jobs: dict[str, Json] = {}
        self._removals: dict[str, Json] = {}
        self.patience = 1
        """How often at least somebody asks for a job that is not done yet."""
        self._automatic: list[Json] = []

    def find(self, code: str) -> Json | None:
        """Return the discount that the checkout knows under this code."""
        for node in self.by_id.values():
            if any(one["code"].upper() == code.upper() for one in node["_codes"]):
                return node
        return None

    def offer(self, title: str, of: str = "ORDER", *beside: str, status: str = "ACTIVE") -> None:
        """Let the shop take something off by itself, beside discounts of these kinds."""
        flags = {f"{one}Discounts": one in beside for one in ("order", "product", "shipping")}
        self._automatic.append(
            {
                "id": self._new_id("DiscountAutomaticNode"),
                "discount": {
                    "__typename": "DiscountAutomaticBasic",
                    "title": title,
                    "status": status,
                    "discountClasses": [of],
                    "combinesWith": flags,
                },
            }
        )

    def automatic(self, query: str, **paging: Any) -> list[Json]:
        assert query == "method:automatic AND status:active"
        return self._automatic

    def use(self, code: str, times: int = 1) -> None:
        """Count a use at the checkout."""
        node = self.find(code)
        assert node is not None
        node["codeDiscount"]["asyncUsageCount"] += times
        for one in node["_codes"]:
            if one["code"].upper() == code.upper():
                one["asyncUsageCount"] += times

    def create(self, **given: Json) -> Json:
        ((kind, asked),) = given.items()
        wrong = self._wrong(asked) or self._taken(asked)
        if wrong:
            return {"codeDiscountNode": None, "userErrors": [wrong(kind)]}
        id = self._new_id("DiscountCodeNode")
        codes = [self._code(asked["code"])]
        node = {"__typename": "DiscountCodeNode", "id": id, "_asked": asked, "_codes": codes}
        node["codeDiscount"] = {
            "__typename": _TYPES[kind],
            "title": asked["title"],
            "asyncUsageCount": 0,
            "endsAt": asked.get("endsAt"),
            "status": lambda: self._status(node),
            "codes": lambda query="", **paging: self._codes_like(node, query),
            "codesCount": lambda: {"count": len(node["_codes"])},
            "customerGets": self._gets(asked),
            "usageLimit": asked.get("usageLimit"),
            "combinesWith": _flags(asked),
            "context": {"__typename": "DiscountBuyerSelectionAll"},
            "minimumRequirement": None,
            "destinationSelection": {"__typename": "DiscountCountryAll"},
            "maximumShippingPrice": None,
        }
        self.by_id[id] = node
        return {"codeDiscountNode": node, "userErrors": []}

    def update(self, id: str, **given: Json) -> Json:
        ((kind, asked),) = given.items()
        node = self.by_id.get(id)
        if node is None or node["codeDiscount"]["__typename"] != _TYPES[kind]:
            return _none(_error("id", "INVALID", "Discount does not exist"))
        wrong = self._wrong(node["_asked"] | asked)
        if wrong:
            return _none(wrong(kind))
        node["_asked"] = node["_asked"] | asked
        if "endsAt" in asked:
            node["codeDiscount"]["endsAt"] = asked["endsAt"]
        node["codeDiscount"]["customerGets"] = self._gets(node["_asked"])
        node["codeDiscount"]["combinesWith"] = _flags(node["_asked"])
        return {"codeDiscountNode": node, "userErrors": []}

    def deactivate(self, id: str) -> Json:
        node = self.by_id.get(id)
        if node is None:
            return _none(_error("id", "INVALID", "Discount does not exist"))
        node["codeDiscount"]["endsAt"] = self._now().isoformat()
        return {"codeDiscountNode": node, "userErrors": []}

    def bulk_add(self, discountId: str, codes: list[Json]) -> Json:  # noqa: N803
        node = self.by_id.get(discountId)
        if node is None:
            return {"bulkCreation": None, "userErrors": [_error("discountId", "INVALID", "none")]}
        id = self._new_id("DiscountRedeemCodeBulkCreation")
        rows = [self._added(node, one["code"]) for one in codes]
        self._jobs[id] = {"_asked": 0, "_rows": rows, "id": id}
        return {
            "bulkCreation": {"id": id, "codesCount": len(codes), "done": False},
            "userErrors": [],
        }

    def bulk(self, id: str) -> Json | None:
        """Return how far a pool is; whoever asks first is always too early."""
        job = self._jobs.get(id)
        if job is None:
            return None
        job["_asked"] += 1
        done = job["_asked"] > self.patience
        rows: list[Json] = job["_rows"] if done else []
        failed = sum(bool(row["errors"]) for row in rows)
        return {
            "id": id,
            "done": done,
            "codesCount": len(job["_rows"]),
            "importedCount": len(rows) - failed,
            "failedCount": failed,
            "codes": rows,
        }

    def bulk_remove(self, discountId: str, ids: list[str]) -> Json:  # noqa: N803
        node = self.by_id[discountId]
        node["_codes"] = [one for one in node["_codes"] if one["id"] not in ids]
        id = self._new_id("Job")
        self._removals[id] = {"id": id, "_asked": 0}
        return {"job": {"id": id, "done": False}, "userErrors": []}

    def job(self, id: str) -> Json | None:
        """Return how far a removal is; the first to ask is always too early."""
        job = self._removals.get(id)
        if job is None:
            return None
        job["_asked"] += 1
        return {"id": id, "done": job["_asked"] > 1}

    def _codes_like(self, node: Json, query: str) -> list[Json]:
        word = query.removeprefix("code:").upper()
        return [one for one in node["_codes"] if one["code"].upper().startswith(word)]

    def _added(self, node: Json, code: str) -> Json:
        if self.find(code):
            taken = _error("code", "TAKEN", "Code must be unique")
            return {"code": code, "discountRedeemCode": None, "errors": [taken]}
        made = self._code(code)
        node["_codes"].append(made)
        return {"code": code, "discountRedeemCode": made, "errors": []}

    def _code(self, code: str) -> Json:
        return {"id": self._new_id("DiscountRedeemCode"), "code": code, "asyncUsageCount": 0}

    def _status(self, node: Json) -> str:
        ends = node["codeDiscount"]["endsAt"]
        over = ends is not None and datetime.fromisoformat(ends) <= self._now()
        return "EXPIRED" if over else "ACTIVE"

    def _taken(self, asked: Json) -> Callable[[str], Json] | None:
        if self.find(asked["code"]) is None:
            return None
        return lambda kind: _error(f"{kind}.code", "TAKEN", "Code must be unique")

    def _wrong(self, asked: Json) -> Callable[[str], Json] | None:
        """Return what Shopify finds wrong with a discount that the schema takes."""
        value = (asked.get("customerGets") or {}).get("value") or {}
        percentage = value.get("percentage")
        if percentage is not None and not 0 < percentage <= 1:
            return lambda kind: _error(
                f"{kind}.customerGets.value.percentage",
                "VALUE_OUTSIDE_RANGE",
                "Value must be between 0.0 and 1.0",
            )
        ends, starts = asked.get("endsAt"), asked.get("startsAt")
        if ends and starts and datetime.fromisoformat(ends) <= datetime.fromisoformat(starts):
            return lambda kind: _error(
                f"{kind}.endsAt",
                "END_DATE_BEFORE_START_DATE",
                "Ends at must be after starts at",
            )
        return None

    def _gets(self, asked: Json) -> Json:
        return {"items": {"__typename": "AllDiscountItems"}, "value": self._value(asked)}

    def _value(self, asked: Json) -> Json | None:
        value = (asked.get("customerGets") or {}).get("value") or {}
        if value.get("percentage") is not None:
            return {"__typename": "DiscountPercentage", "percentage": value["percentage"]}
        if value.get("discountAmount"):
            amount = Decimal(value["discountAmount"]["amount"])
            return {
                "__typename": "DiscountAmount",
                "appliesOnEachItem": value["discountAmount"]["appliesOnEachItem"],
                "amount": money.one(amount, self._currency),
            }
        return None


def _flags(asked: Json) -> Json:
    """Return what a discount goes together with: with nothing, where nobody said."""
    told = asked.get("combinesWith") or {}
    return {
        f"{one}Discounts": bool(told.get(f"{one}Discounts"))
        for one in ("order", "product", "shipping")
    }


def _none(error: Json) -> Json:
    return {"codeDiscountNode": None, "userErrors": [error]}


def _error(field: str, code: str, message: str) -> Json:
    return {"field": field.split("."), "code": code, "message": message, "extraInfo": None}

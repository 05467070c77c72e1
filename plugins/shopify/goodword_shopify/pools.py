"""Friends' codes as many under one discount, so that the shop's list of discounts stays short.

The shop adds them beside its other work, and says later which it added.  A code was written down
before it was asked for, and no shop takes one twice: so what an earlier try added is found again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from goodword.errors import TillDown, TillRefused
from goodword.model.followup import Adjusted, Grant, Granted, TakenBack
from goodword.model.ledger import Part
from goodword.model.money import Money
from goodword_shopify.codes import LONGEST, Codes
from goodword_shopify.fields import Json
from goodword_shopify.granting import Counter, marked

POOLED: Final = "friend_codes"
"""The installation's setting: ``pooled`` where friends' codes are added to one discount a week."""
_POOL: Final = "pool "
_REDEEM: Final = "/DiscountRedeemCode/"
_AT_ONCE: Final = 250
# It is asked for after so many seconds each.
_PAUSES: Final = (1.0, 2.0, 4.0, 8.0)


class Pools:
    """Adds codes to discounts, finds them, and takes them out; other codes it leaves to others."""

    def __init__(self, counter: Counter) -> None:
        self._at = counter
        self._client = counter.client
        self._codes = Codes(counter)
        self._pooled = counter.settings.get(POOLED) == "pooled"

    def grant(self, grant: Grant) -> Granted:
        if not self._pooled or grant.part is not Part.OFFER:
            return self._codes.grant(grant)
        made = self.fill([grant])[grant.id]
        if isinstance(made, TillRefused):
            raise made
        return made

    def fill(self, grants: Sequence[Grant]) -> Mapping[str, Granted | TillRefused]:
        """Add a code for each grant; return what came of each, by the grant's id.

        Asked again for the same it adds none twice.  Raises what a till raises for all of them.
        """
        done: dict[str, Granted | TillRefused] = {}
        for pool, some in self._by_pool(grants):
            discount = self._discount(pool)
            for start in range(0, len(some), _AT_ONCE):
                done |= self._added(discount, some[start : start + _AT_ONCE])
        return done

    def look(self, grant: Grant) -> Granted | None:
        node = self._codes.node(grant.text)
        if node is None or not _is_pool(node):
            return self._codes.look(grant)
        code = self._code(grant.text)
        if code is None:
            return None
        used = bool(code["asyncUsageCount"])
        return Granted(grant=grant.id, text=grant.text, remote=str(code["id"]), used=used)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        if _REDEEM not in granted.remote:
            return self._codes.take_back(granted, left)
        if left is not None and left.minor > 0:
            raise self._client.refused("one code of many cannot be made smaller")
        node = self._codes.node(granted.text)
        code = None if node is None else self._code(granted.text)
        if node is None:
            return self._codes.deleted(granted)
        if code is None:
            raise self._later("it knows the code and does not show it")
        if code["asyncUsageCount"]:
            return TakenBack(done=False)
        told = self._client.change("PoolEmpty", discountId=node["id"], ids=[code["id"]])
        self._wait_for(str(told["job"]["id"]))
        return TakenBack(done=True)

    def adjust(self, grant: Grant, remote: str) -> Adjusted:
        if _REDEEM not in remote:
            return self._codes.adjust(grant)
        node = self._codes.node(grant.text)
        # They are off and on together: whichever of them is asked of first does it for all.
        return Adjusted() if node is None else self._codes.bring(node, self._whole(grant))

    def _whole(self, grant: Grant) -> Grant:
        """Return what a pool that stands should be like, as one of its codes is promised."""
        return replace(self._pool(grant), rests=True)

    def _by_pool(self, grants: Sequence[Grant]) -> Iterator[tuple[Grant, list[Grant]]]:
        """Yield what a discount is like that holds the codes of some grants, and those grants."""
        pools: dict[str, tuple[Grant, list[Grant]]] = {}
        for grant in grants:
            pool = self._pool(grant)
            pools.setdefault(pool.id, (pool, []))[1].append(grant)
        yield from pools.values()

    def _pool(self, grant: Grant) -> Grant:
        ends = _week_after(grant.expires or self._at.now() + LONGEST)
        told = f"{grant.worth!r} {ends:%Y-%m-%d} {grant.program}"
        name = hashlib.sha256(told.encode()).hexdigest()[:12]
        return replace(grant, id=_POOL + name, expires=ends, email=None, phone=None)

    def _discount(self, pool: Grant) -> str:
        """Return the discount of a pool.  Its own code is as secret as any, and nobody's."""
        drawn = f"pool-{secrets.token_hex(10)}"
        text = self._at.notes.begin(pool.id, drawn) or drawn
        wanted = replace(pool, text=text)
        found = self._codes.node(text)
        if found is None:
            return self._codes.grant(wanted).remote
        # It may rest still from a pause that is over: whoever it is filled for is promised a code.
        self._codes.bring(found, replace(wanted, rests=True))
        return str(found["id"])

    def _added(self, discount: str, grants: Sequence[Grant]) -> Mapping[str, Granted | TillRefused]:
        codes = [{"code": grant.text} for grant in grants]
        told = self._client.change("PoolFill", discountId=discount, codes=codes)
        self._wait_until_filled(str(told["bulkCreation"]["id"]))
        rows = self._client.pages(
            "PoolFilled", "discountRedeemCodeBulkCreation", "codes", id=told["bulkCreation"]["id"]
        )
        by_text = {str(row["code"]).upper(): row for row in rows}
        return {grant.id: self._outcome(grant, by_text.get(grant.text.upper())) for grant in grants}

    def _outcome(self, grant: Grant, row: Json | None) -> Granted | TillRefused:
        if row is not None and row["discountRedeemCode"] is not None and not row["errors"]:
            remote = str(row["discountRedeemCode"]["id"])
            return Granted(grant=grant.id, text=grant.text, remote=remote)
        # Ours from a try whose answer was lost, or somebody else's.
        found = self.look(grant)
        if found is not None and _REDEEM in found.remote:
            return found
        error = (row or {}).get("errors") or [{"code": "", "message": "it was not added"}]
        words = f"Shopify refused it: {str(error[0]['message'])[:200]}"
        return self._client.refused(words, code=str(error[0]["code"] or ""))

    def _code(self, text: str) -> Json | None:
        """Return one code of a discount: a search may find those that are like it, too."""
        told = self._client.ask("PoolCode", code=text, filter=f"code:{text}")[
            "codeDiscountNodeByCode"
        ]
        rows = told["codeDiscount"]["codes"]["nodes"] if told else ()
        return next((row for row in rows if str(row["code"]).upper() == text.upper()), None)

    def _wait_until_filled(self, job: str) -> None:
        for pause in _PAUSES:
            told = self._client.ask("PoolFilled", id=job, after=None)
            if (told["discountRedeemCodeBulkCreation"] or {}).get("done"):
                return
            self._client.rest(pause)
        raise self._later("it is still adding codes")

    def _wait_for(self, job: str) -> None:
        for pause in _PAUSES:
            if (self._client.ask("JobStanding", id=job)["job"] or {"done": True})["done"]:
                return
            self._client.rest(pause)
        raise self._later("it is still taking a code out")

    def _later(self, what: str) -> TillDown:
        return TillDown(shop=self._client.shop, what=what)


def _is_pool(node: Json) -> bool:
    # Its owner may have given it another title; a discount of one grant holds that one code alone.
    told = node["codeDiscount"]
    named = str(told.get("title", "")).startswith(marked(_POOL))
    return named or (told.get("codesCount") or {"count": 1})["count"] > 1


def _week_after(moment: datetime) -> datetime:
    """Return the end of a week in UTC: codes that end in one week share a discount."""
    day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + timedelta(days=8 - day.isoweekday())

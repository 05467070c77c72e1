"""What keeps a connected shop in step: its webhooks, its coupons, and how it is set up."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from goodword.errors import TillRefused
from goodword.model.followup import Grant
from goodword.watching import Condition, Differing, Giving, Promised, Sign, of_currency
from goodword_woocommerce.client import PAGE, Client
from goodword_woocommerce.coupons import (
    expiry,
    is_alone,
    is_for,
    is_off,
    is_used,
    own_currency,
    worth_of,
)
from goodword_woocommerce.fields import Json, number_of
from goodword_woocommerce.joining import same_place
from goodword_woocommerce.till import GONE

TOPICS: Final = ("order.created", "order.updated", "order.deleted", "order.restored")
"""What the shop is asked to tell of."""
OLDEST: Final = (8, 5)
"""Of older WooCommerce nothing is known to work."""

_NAME: Final = "goodword"
_HOOK_FIELDS: Final = "id,status,topic,delivery_url"
_COUPON_FIELDS: Final = (
    "id,code,amount,status,discount_type,date_expires_gmt,usage_count,usage_limit,"
    "free_shipping,minimum_amount,maximum_amount,email_restrictions,product_ids,"
    "excluded_product_ids,product_categories,excluded_product_categories,"
    "limit_usage_to_x_items,exclude_sale_items,individual_use,meta_data"
)
# What an owner may add to a coupon, and what it says where nothing was added.
_NARROWING: Final = (
    "product_ids",
    "excluded_product_ids",
    "product_categories",
    "excluded_product_categories",
    "limit_usage_to_x_items",
    "exclude_sale_items",
)
# By http a signature is checked for what the shop calls itself; by https it sends us on.
_MAY_HAVE_MOVED: Final = frozenset({"keys_refused", "sent_elsewhere"})


class WooWatch:
    """One WooCommerce shop, watched through its REST API."""

    def __init__(self, client: Client, url: str, settings: Mapping[str, str]) -> None:
        self._client = client
        self._url = url
        self._settings = settings

    def listen(
        self, address: str, secret: str, *, rotated: bool = False, afresh: bool = False
    ) -> tuple[str, ...]:
        ours = self._found(address)
        if afresh:
            self._remove(ours)
            ours = []
        mended: set[str] = set()
        for topic in TOPICS:
            standing = [hook for hook in ours if hook.get("topic") == topic]
            mended |= self._stands(topic, standing, address, secret, rotated=rotated)
        self._remove(hook for hook in ours if hook.get("topic") not in TOPICS)
        return tuple(sorted(mended))

    def leave(self, address: str) -> None:
        self._remove(self._ours(address))

    def missing(self, ids: Sequence[str]) -> list[str]:
        asked = {"status": "any", "orderby": "id", "order": "asc", "_fields": "id,status"}
        gone = []
        for some in _batches([id for id in ids if id.isascii() and id.isdigit()]):
            found = self._client.many("orders", **asked, include=",".join(some))
            shown = {str(body["id"]) for body in found if body.get("status") != "trash"}
            gone += [id for id in some if id not in shown]
        return gone

    def differing(self, promised: Sequence[Promised]) -> list[Differing]:
        return list(self._differing(promised))

    def condition(self, giving: Collection[Giving] = ()) -> Condition:
        found = self._client.facts("system_status", _fields="environment").get("environment")
        facts = found if isinstance(found, dict) else {}
        home, version = str(facts.get("home_url") or ""), str(facts.get("version") or "")
        warnings = {
            "cron_off": facts.get("wp_cron") is False,
            "moved": bool(home) and not same_place(home, self._url),
            "old": bool(version) and _as_numbers(version) < OLDEST,
        }
        told = {"home": home, "version": version}
        signs = [Sign(reason=name, facts=told) for name, is_so in warnings.items() if is_so]
        if any(one.unit is not None for one in giving):
            currency = own_currency(self._client)
            signs += of_currency(currency, giving) if currency is not None else ()
        return Condition(version=version, home=home, signs=tuple(signs))

    def _found(self, address: str) -> list[Json]:
        """Return our webhooks; a shop that lets nobody in may tell anybody where it is by now."""
        try:
            return self._ours(address)
        except TillRefused as refused:
            moves = refused.facts.get("cause") in _MAY_HAVE_MOVED
            home = self._client.moved() if moves else None
            if home is None:
                raise
        raise self._client.elsewhere(home)

    def _ours(self, address: str) -> list[Json]:
        """Return the shop's webhooks that lead to us, under whatever name we had."""
        path = urlsplit(address).path
        hooks = self._client.many("webhooks", status="all", _fields=_HOOK_FIELDS)
        return [hook for hook in hooks if urlsplit(str(hook.get("delivery_url"))).path == path]

    def _stands(
        self, topic: str, standing: list[Json], address: str, secret: str, *, rotated: bool
    ) -> set[str]:
        """See that one webhook stands for a topic; return what had to be mended."""
        if not standing:
            body = {"topic": topic, "delivery_url": address, "secret": secret, "status": "active"}
            self._client.create("webhooks", {"name": f"{_NAME} {topic}", **body})
            return {"made"}
        first, *others = standing
        self._remove(others)
        change: Json = {"secret": secret} if rotated else {}
        mended = {"doubled"} if others else set()
        if first.get("delivery_url") != address:
            change["delivery_url"] = address
            mended.add("moved")
        if first.get("status") != "active":
            change["status"] = "active"
            mended.add("revived")
        if change:
            # The secret once more: whoever changed the webhook by hand may have changed that, too.
            self._client.change(f"webhooks/{first['id']}", {**change, "secret": secret})
        return mended

    def _remove(self, hooks: Any) -> None:
        for hook in hooks:
            self._client.delete(f"webhooks/{hook['id']}")

    def _differing(self, promised: Sequence[Promised]) -> Iterator[Differing]:
        for some in _batches(promised):
            ids = ",".join(one.remote for one in some if one.remote.isdecimal())
            asked = {"include": ids or "0", "_fields": _COUPON_FIELDS}
            found = {str(body["id"]): body for body in self._client.many("coupons", **asked)}
            for one in some:
                what = self._differences(one, found.get(one.remote))
                if what:
                    yield Differing(text=one.grant.text, what=what)

    def _differences(self, one: Promised, body: Json | None) -> tuple[str, ...]:
        # What is not listed may be a draft, or have another number since the shop moved.
        if body is None or not is_for(body, one.grant.id):
            body = self._looked_up(one)
        if body is None:
            return ("gone",)
        if is_used(body):
            return ()
        what = tuple(differences(one.grant, body))
        alone = is_alone(one.grant, self._settings)
        return what if body.get("individual_use") is alone else (*what, "combines")

    def _looked_up(self, one: Promised) -> Json | None:
        for path in (f"coupons/{one.remote}",) if one.remote.isdecimal() else ():
            try:
                body = self._client.one(path)
            except TillRefused as error:
                if error.facts.get("code") not in GONE:
                    raise
            else:
                if is_for(body, one.grant.id) and body.get("status") != "trash":
                    return body
        for body in self._client.many("coupons", code=one.grant.text.lower()):
            if is_for(body, one.grant.id):
                return body
        return None


def differences(grant: Grant, body: Json) -> Iterator[str]:
    """Yield in what a coupon that nobody used differs from its promise."""
    worth = worth_of(grant.worth) or {}
    yield from _of_itself(grant, body)
    if body.get("discount_type") != worth.get("discount_type") or bool(
        body.get("free_shipping")
    ) != bool(worth.get("free_shipping")):
        yield "kind"
    if number_of(str(body.get("amount"))) != number_of(str(worth.get("amount"))):
        yield "amount"
    if body.get("usage_limit") != 1:
        yield "limit"
    if grant.email and [str(one).lower() for one in body.get("email_restrictions") or []] != [
        grant.email.lower()
    ]:
        yield "email"
    shown = body.get("date_expires_gmt")
    if grant.paused or (grant.rests and is_off(body)):
        # It was ended by us, and is to be as it was once the program goes on.
        if is_off(body) is not grant.paused:
            yield "paused"
    elif shown != (expiry(grant.expires).removesuffix("Z") if grant.expires else None):
        yield "expires"
    if _is_narrowed(body, worth):
        yield "narrowed"


def _of_itself(grant: Grant, body: Json) -> Iterator[str]:
    """Yield why whoever holds a coupon's text cannot use it."""
    if body.get("status") != "publish":
        yield "status"
    if body.get("code") != grant.text.lower():
        yield "code"


def _is_narrowed(body: Json, worth: Json) -> bool:
    if any((body.get(name) or None) != (worth.get(name) or None) for name in _NARROWING):
        return True
    limits = (number_of(str(body.get(f"{end}_amount") or "0")) for end in ("minimum", "maximum"))
    return any(limit != Decimal(0) for limit in limits)


def _as_numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())


def _batches(all_of: Any) -> Iterator[Any]:
    rest = iter(all_of)
    while some := list(islice(rest, PAGE)):
        yield some

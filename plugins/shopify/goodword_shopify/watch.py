"""What keeps a shop in step: its webhooks, its coupons, and how it is set up.

An app's own configuration says what every shop of it delivers; that stands at Shopify, and no shop
lists it.  What is made by the API beside it delivers everything twice, so it is removed: unless the
installation says that the API is the only way, as for an app whose configuration names no topics.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from goodword.errors import TillRefused
from goodword.watching import Condition, Differing, Giving, Promised
from goodword_shopify import promises
from goodword_shopify.client import Client
from goodword_shopify.fields import Json, gid, understood
from goodword_shopify.webhooks import BY_CHOICE, TOPICS

SUBSCRIBED: Final = "subscribed"
"""The installation's setting: ``api`` where webhooks are made at each shop, and not declared in the
app's configuration."""
# So many coupons are asked for together: Shopify counts each of them.
_AT_ONCE: Final = 20
_log = logging.getLogger("goodword_shopify")


class ShopifyWatch:
    """One Shopify shop, watched through its Admin API."""

    def __init__(
        self,
        client: Client,
        settings: Mapping[str, str],
        look: Callable[[Collection[Giving]], Condition],
    ) -> None:
        """``look``: say how the shop is set up, for programs that give this."""
        self._client = client
        self._look = look
        self._settings = settings
        self._by_api = settings.get(SUBSCRIBED) == "api"

    def listen(
        self, address: str, secret: str, *, rotated: bool = False, afresh: bool = False
    ) -> tuple[str, ...]:
        # The secret is the app's, and no subscription has one of its own.
        ours = self._ours(address)
        if not self._by_api:
            self._remove(ours)
            return ("doubled",) if ours else ()
        if afresh:
            self._remove(ours)
            ours = []
        mended: set[str] = set()
        for topic in TOPICS:
            mended |= self._stands(topic, ours, address)
        known = {_as_enum(topic) for topic in TOPICS}
        self._remove(one for one in ours if one["topic"] not in known)
        return tuple(sorted(mended))

    def leave(self, address: str) -> None:
        self._remove(self._ours(address))

    def missing(self, ids: Sequence[str]) -> list[str]:
        named = {id: gid("Order", id) for id in ids}
        shown = {
            one["id"]
            for some in _batches(filter(None, named.values()))
            for one in self._nodes("OrdersShown", some)
        }
        return [id for id, one in named.items() if one is not None and one not in shown]

    def differing(self, promised: Sequence[Promised]) -> list[Differing]:
        with understood("coupon"):
            return [*self._differing(promised), *self._of_many(promised)]

    def condition(self, giving: Collection[Giving] = ()) -> Condition:
        return self._look(giving)

    def _ours(self, address: str) -> list[Json]:
        """Return what was made by the API and leads to us, whatever our name was."""
        # One address may serve every shop, or each shop have its own below it.
        path = urlsplit(address).path.rpartition("/")[0] + "/"
        found = self._client.pages("WebhookSubscriptionsAudit", "webhookSubscriptions")
        return [one for one in found if urlsplit(str(one["uri"])).path.startswith(path)]

    def _stands(self, topic: str, ours: Iterable[Json], address: str) -> set[str]:
        """See that one subscription stands for a topic; return what had to be mended."""
        every = [one for one in ours if one["topic"] == _as_enum(topic)]
        good = [one for one in every if _is_whole(one) and one["uri"] == address]
        self._remove(one for one in every if one not in good[:1])
        if good:
            return {"doubled"} if len(every) > 1 else set()
        asked = {"uri": address, "format": "JSON"}
        try:
            self._client.change("WebhookSubscribe", topic=_as_enum(topic), subscription=asked)
        except TillRefused as error:
            # What an owner was not asked for keeps no other topic away.
            if topic not in BY_CHOICE or "cause" in error.facts:
                raise
            _log.warning("%s: %s is not told: %s", self._client.shop, topic, error)
            return set()
        return {"moved"} if every else {"made"}

    def _remove(self, subscriptions: Iterable[Json]) -> None:
        for one in subscriptions:
            self._client.change("WebhookUnsubscribe", id=one["id"])

    def _differing(self, promised: Sequence[Promised]) -> Iterator[Differing]:
        for operation, kind, differences in promises.KINDS:
            of_kind = [one for one in promised if f"/{kind}/" in one.remote]
            for some in _batches(of_kind):
                found = self._nodes(operation, [one.remote for one in some])
                nodes = {one["id"]: one for one in found}
                for one in some:
                    node = nodes.get(one.remote)
                    what = (
                        ("gone",)
                        if node is None
                        else tuple(differences(one.grant, node, self._settings))
                    )
                    if what:
                        yield Differing(text=one.grant.text, what=what)

    def _of_many(self, promised: Sequence[Promised]) -> Iterator[Differing]:
        """Yield the codes that stand with others under one discount, and are not as promised."""
        for one in promised:
            if "/DiscountRedeemCode/" in one.remote:
                node = self._client.ask("CodeLookup", code=one.grant.text)["codeDiscountNodeByCode"]
                what = self._of_pool(one, node)
                if what:
                    yield Differing(text=one.grant.text, what=what)

    def _of_pool(self, one: Promised, node: Json | None) -> tuple[str, ...]:
        if node is None:
            return ("gone",)
        return tuple(promises.of_many(one.grant, node, self._settings))

    def _nodes(self, operation: str, ids: Sequence[str]) -> list[Json]:
        found = self._client.ask(operation, ids=list(ids))["nodes"]
        return [one for one in found if one is not None]


def _batches(all_of: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(all_of)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _as_enum(topic: str) -> str:
    return topic.upper().replace("/", "_")


def _is_whole(subscription: Json) -> bool:
    """Whether it tells of everything, in the way that is read."""
    narrowed = subscription["filter"] or subscription["includeFields"]
    return subscription["format"] == "JSON" and not narrowed

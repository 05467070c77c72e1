"""How a shop is set up: what it lets us do, how long its keys last, what stands in our way."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from goodword.model.worth import Kind
from goodword.watching import Condition, Giving, Sign, of_currency
from goodword_shopify import clashes, codes, scopes
from goodword_shopify.clashes import Discount
from goodword_shopify.client import Client
from goodword_shopify.fields import Json, understood
from goodword_shopify.letting_in import covers

_SOON: Final = timedelta(days=14)
_TITLES_MOST: Final = 5
_ACTIVE: Final = "ACTIVE"
_CLASSIC: Final = "CLASSIC"


def condition(
    client: Client,
    domain: str,
    settings: Mapping[str, str],
    keys: Callable[[], Mapping[str, str]],
    giving: Collection[Giving],
    now: datetime,
) -> Condition:
    """Ask a shop how it is set up; ``keys``: what opened it just now."""
    kinds = {one.kind for one in giving}
    told = client.ask("InstallationProfile")
    with understood("shop"):
        shop, app = told["shop"], told["currentAppInstallation"]
        granted = ",".join(one["handle"] for one in app["accessScopes"])
        signs = [
            _scopes(granted, giving),
            _keys(keys(), now),
            _version(client),
            _discounts(client, settings, giving),
            *_set_up(shop, domain, kinds),
            *of_currency(shop["currencyCode"], giving),
        ]
        home = f"https://{shop['myshopifyDomain']}"
    return Condition(version=client.served or client.version, home=home, signs=tuple(signs))


def _scopes(granted: str, giving: Collection[Giving]) -> Sign:
    wanted = scopes.asked_for(giving)
    lacking = [one for one in wanted if not covers(granted, [one])]
    if lacking:
        return Sign(reason="scopes_lacking", facts={"scopes": ", ".join(lacking)})
    return Sign(reason="scopes_given", is_well=True)


def _keys(keys: Mapping[str, str], now: datetime) -> Sign:
    if keys.get("access_token") and "expires" not in keys:
        return Sign(reason="keys_forever")
    ends = keys.get("refresh_expires")
    if ends is None:
        return Sign(reason="keys_own", is_well=True)
    facts = {"given": keys.get("given", now.isoformat()), "until": ends}
    if datetime.fromisoformat(ends) - now < _SOON:
        return Sign(reason="keys_ending", facts=facts)
    return Sign(reason="keys_renewed", is_well=True, facts=facts)


def _version(client: Client) -> Sign:
    if client.served not in (None, client.version):
        facts = {"asked": client.version, "served": str(client.served)}
        return Sign(reason="version_drifts", facts=facts)
    return Sign(reason="version_kept", is_well=True, facts={"version": client.version})


def _discounts(client: Client, settings: Mapping[str, str], giving: Collection[Giving]) -> Sign:
    ours = {
        clashes.ours(one.kind, codes.beside(one.combines_with, settings))
        for one in giving
        if one.kind in clashes.OF_KIND
    }
    theirs = _automatic(client) if ours else ()
    found = clashes.clashing(ours, theirs)
    if not found:
        return Sign(reason="discounts_fit", is_well=True)
    titles = ", ".join(found[:_TITLES_MOST]) + (", …" if len(found) > _TITLES_MOST else "")
    return Sign(reason="discounts_clash", facts={"count": len(found), "titles": titles})


def _automatic(client: Client) -> Iterator[Discount]:
    for node in client.pages("AutomaticDiscounts", "discountNodes"):
        found: Json = node["discount"]
        # The search says what it found, and not that it is still so.
        if "combinesWith" in found and found["status"] == _ACTIVE:
            flags = found["combinesWith"]
            yield Discount(
                classes=frozenset(str(one).lower() for one in found["discountClasses"]),
                beside=frozenset(
                    name
                    for name in (clashes.ORDER, clashes.PRODUCT, clashes.SHIPPING)
                    if flags[f"{name}Discounts"]
                ),
                title=str(found["title"])[:80],
            )


def _set_up(shop: Json, domain: str, kinds: Collection[Kind]) -> Iterator[Sign]:
    if shop["myshopifyDomain"] != domain:
        yield Sign(reason="moved", facts={"home": f"https://{shop['myshopifyDomain']}"})
    accounts = shop["customerAccountsV2"]["customerAccountsVersion"]
    if Kind.STORE_CREDIT in kinds and accounts == _CLASSIC:
        yield Sign(reason="credit_unspendable")
    if shop["plan"]["partnerDevelopment"]:
        yield Sign(reason="test_shop", is_well=True)

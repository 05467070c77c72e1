"""A shop is joined: its keys are tried at the shop itself before anybody believes them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from goodword.errors import GoodwordError, Invalid, TillRefused
from goodword.model.trouble import Trouble, trouble_of
from goodword.platforms import Installation
from goodword.storage import stuck
from goodword.storage.sql import Book, Session
from goodword.watching import PUBLIC, REACH, Connects, Introduced, Leads
from goodword_server.house import House, UnknownShop
from goodword_server.naming import address_of
from goodword_server.storage import audit, farewells, inbox, installations, joinings
from goodword_server.storage.installations import Connected
from goodword_server.watching import hooks, rounds

# A secret of letters and digits alone: WooCommerce for one alters other signs in it.
_SECRET_BYTES: Final = 24
_LONGEST: Final = 2000
# What another key, or another address, is the mend of; whoever is asked once more looks first.
_WAITED_FOR: Final = frozenset(
    "left disconnected unconnected no_keys unusable keys_refused keys_unseen no_rights "
    "unreachable certificate sent_elsewhere calls_itself no_api kept_out not_public".split()
)
_WAITED_MOST: Final = 10_000


def connects(house: House, platform: str) -> Connects:
    """Return a platform that is joined by agreement; raise `Invalid`."""
    found: object = house.platforms.get(platform)
    if not isinstance(found, Connects):
        raise Invalid(field="platform", mend=f"{platform!r} cannot be joined with a click")
    return found


def leading(house: House) -> Mapping[str, Leads]:
    """Return what leads owners to their shops, by the platform's name: its app, or itself."""
    every: Mapping[str, object] = house.platforms
    found = {name: one for name, one in every.items() if isinstance(one, Connects)}
    return dict(sorted({**found, **house.apps}.items()))


def introduced(house: House, platform: str, url: str) -> Introduced:
    """Ask a shop what it calls itself; raise `Invalid`, or what a till raises."""
    told = url.strip()
    if "://" not in told:
        told = f"https://{told}"
    if len(told) > _LONGEST or not told.isprintable():
        raise Invalid(field="url", mend="give the shop's address, like https://tea.example")
    at = address_of(told)
    leads = leading(house).get(platform)
    if leads is None:
        raise Invalid(field="platform", mend=f"{platform!r} cannot be joined with a click")
    found = leads.introduced(at, public=not house.settings.hooks_local)
    # Once more by what it says: that is what will be called.
    return Introduced(url=address_of(found.url), name=found.name)


def try_and_join(
    house: House,
    shop: str,
    platform: str,
    url: str,
    credentials: Mapping[str, str],
    account: str,
    state: str,
) -> Connected:
    """Try keys at the shop and join it; keep what came of it for whoever began.

    Raises `Invalid` for keys that do not open it, or `TillDown`: nothing has changed then.
    """
    try:
        connected = _joined(house, shop, platform, url, credentials, account)
    except GoodwordError as error:
        told = trouble_of(error, str(error.facts.get("what") or error))
        house.database.write(lambda session: joinings.note(session, shop, state, told))
        if isinstance(error, TillRefused):
            # Not one of ours: whoever brought the keys hears what the shop says to them.
            raise Invalid(field="consumer_key", mend=str(told)) from None
        raise
    house.database.write(lambda session: joinings.note(session, shop, state, ""))
    return connected


def _joined(
    house: House,
    shop: str,
    platform: str,
    url: str,
    credentials: Mapping[str, str],
    account: str,
) -> Connected:
    before = _before(house, shop)
    former = before.installation.settings if before else {}
    settings = {name: value for name, value in former.items() if name != REACH}
    if not house.settings.hooks_local:
        settings[REACH] = PUBLIC
    installation = Installation(
        shop=shop, platform=platform, url=url, credentials=credentials, settings=settings
    )
    connects(house, platform).proven(installation)
    # Until the shop learns of its new secret it signs with the one before.
    return house.connect(
        shop,
        platform,
        url,
        secrets=[secrets.token_hex(_SECRET_BYTES), *(before.secrets[:1] if before else ())],
        credentials=credentials,
        settings=settings,
        along=lambda session: _begin(session, house, shop, account, url, again=before is not None),
    )


def renew_secret(house: House, shop: str, account: str | None = None) -> None:
    """Let a shop sign with a new secret; raise `UnknownShop`, and `Invalid` where it cannot."""
    connected = house.installation_of(shop)
    if connected is not None and not house.rotates(connected):
        mend = "its platform chose the secret: change it there, and connect the shop anew"
        raise Invalid(field="shop", mend=mend)
    made = secrets.token_hex(_SECRET_BYTES)

    def deed(session: Session) -> None:
        if not hooks.rotate(house, session, shop, made):
            raise UnknownShop(shop=shop)
        audit.add(session, shop, account, "secret_rotated", shop, house.now())

    house.database.write(deed)
    house.remember_nothing()


def begin_rounds(session: Session, house: House, shop: str, *, again: bool = False) -> None:
    """Look at a shop that was connected from now on; ``again``: it was connected before."""
    farewells.keep_coupons(session, shop)
    rounds.plan(session, house, shop, again=again)
    go_on(session, shop, house.now())


def go_on(session: Session, shop: str, now: datetime) -> None:
    """Let be done what waited for the shop to let us in, or to give us more rights."""
    book = Book(session, shop)
    for deed in stuck.found(book, _WAITED_MOST):
        if _waited(deed.why):
            stuck.revive(book, deed.id, now)
    for delivery in inbox.dead(session, shop, _WAITED_MOST):
        if _waited(delivery.why):
            inbox.revive(session, shop, delivery.id, now)


def _waited(why: str) -> bool:
    facts = why.facts if isinstance(why, Trouble) else {}
    inner = facts.get("why")
    return facts.get("cause") in _WAITED_FOR or (isinstance(inner, Trouble) and _waited(inner))


def _begin(
    session: Session, house: House, shop: str, account: str, url: str, *, again: bool
) -> None:
    audit.add(session, shop, account, "connected", url, house.now())
    begin_rounds(session, house, shop, again=again)


def _before(house: House, shop: str) -> Connected | None:
    try:
        return house.database.read(lambda s: installations.of(s, house.vault, shop))
    except ValueError:
        # Sealed with a secret that is lost: that is why it is joined again.
        return None

"""A shop let the app in: it is joined, or what opens it is put in the place of what did before."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import Final

from goodword.apps import App, LetIn
from goodword.errors import Conflict, Invalid
from goodword.storage.sql import Session
from goodword.watching import Giving
from goodword_server.house import House
from goodword_server.joining.joined import begin_rounds, go_on
from goodword_server.storage import audit, installations, shops, signs
from goodword_server.storage.installations import Connected
from goodword_server.watching import signs as signs_of

_DID: Final = "connected"


class NameTaken(Conflict):
    """A shop wants to join whose name somebody has here."""

    reason = "name_taken"
    message = "there is a shop {shop!r} here already: its owner signs in and connects it from there"


def giving_of(house: House, shop: str | None) -> Collection[Giving]:
    """Return what a shop's programs give, for which its owner must be asked."""
    return () if shop is None else signs_of.giving_of(house, shop)


def shop_of(house: House, claim: str) -> str | None:
    """Return the shop that a claim is connected as, whether or not what opens it can be read."""
    return house.database.read(partial(installations.shop_at, path=claim))


def join(
    house: House,
    platform: str,
    app: App,
    let_in: LetIn,
    shop: str | None = None,
    account: str | None = None,
) -> Connected:
    """Join a shop that let the app in, as ``shop`` or by its own name.

    One that is connected keeps its name, its settings and its referrals.  Raises `NameTaken`, and
    `Invalid` where it is connected here as another one.
    """
    known = shop_of(house, let_in.claim)
    if known is None or shop not in (None, known):
        return _connect(house, platform, app, let_in, shop or _new_name(house, let_in), account)
    before = _opened(house, known)
    if before is None or not app.let_in_by(before.installation) or not _stands(before, app):
        return _connect(house, platform, app, let_in, known, account)
    return _renewed(house, before, let_in, account)


def _connect(
    house: House, platform: str, app: App, let_in: LetIn, shop: str, account: str | None
) -> Connected:
    before = _opened(house, shop) or house.left(shop)
    other = before is not None and before.installation.platform != platform
    if other and before is not None and before.left is None:
        mend = f"{shop} is a shop of another platform: disconnect it there first"
        raise Invalid(field="url", mend=mend)
    return house.connect(
        shop,
        platform,
        let_in.url,
        secrets=app.secrets,
        credentials=let_in.credentials,
        settings=before.installation.settings if before and not other else {},
        path=let_in.claim,
        along=partial(
            _begin,
            house=house,
            shop=shop,
            account=account,
            url=let_in.url,
            again=before is not None,
        ),
    )


def _renewed(house: House, before: Connected, let_in: LetIn, account: str | None) -> Connected:
    shop = before.installation.shop
    lost = house.database.read(lambda session: signs.till_of(session, shop))
    # Under the lease: a worker may be renewing what opens the shop just now.
    house.safe.renew(shop, lambda found: {**found, **let_in.credentials})
    house.remember_nothing()
    if lost is not None and lost.trouble is not None:
        house.noting.till(shop, None)
        url = let_in.url
        begin = partial(_begin, house=house, shop=shop, account=account, url=url, again=True)
        house.database.write(begin)
    elif not let_in.lacking:
        house.database.write(lambda session: go_on(session, shop, house.now()))
    found = _opened(house, shop)
    assert found is not None
    return found


def _begin(
    session: Session, house: House, shop: str, account: str | None, url: str, *, again: bool
) -> None:
    audit.add(session, shop, account, _DID, url, house.now())
    begin_rounds(session, house, shop, again=again)


def _stands(before: Connected, app: App) -> bool:
    """Whether all that is kept beside the credentials is as it would be kept now."""
    opens = before.left is None and bool(before.installation.credentials)
    return opens and before.secrets == tuple(app.secrets)


def _opened(house: House, shop: str) -> Connected | None:
    try:
        return house.database.read(lambda s: installations.whole(s, house.vault, shop))
    except ValueError:
        # Sealed with a secret that is lost: it is joined anew.
        return None


def _new_name(house: House, let_in: LetIn) -> str:
    if not house.database.read(partial(shops.is_free, shop=let_in.name)):
        raise NameTaken(shop=let_in.name)
    return let_in.name

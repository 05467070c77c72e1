"""A shop made one account of two: an advocate stays one, and a friend's bonds and orders follow.

A delivery only claims its shop, and what two people earned hangs on it: so the shop itself is asked
first.  It tells two ids and no more, and shows nothing of the account that is gone: whoever is
known by an e-mail alone stays who they are.
"""

from __future__ import annotations

from dataclasses import replace

from goodword.apps import KnowsCustomers
from goodword.errors import TillDown, UnknownAdvocate
from goodword.interface.referrals import Referrals
from goodword.platforms import Installation, PeopleMerged
from goodword.storage import friends, people
from goodword.storage.sql import Book, Session
from goodword_server.house import House


def check(house: House, installation: Installation, two: PeopleMerged) -> None:
    """Raise `TillDown` unless the shop knows one of the accounts alone, or may soon."""
    platform = house.platforms[installation.platform]
    if not isinstance(platform, KnowsCustomers):
        return
    gone = platform.customer(installation, two.gone)
    if gone is not None and gone.id != two.kept:
        what = f"it still knows the account {two.gone} beside {two.kept}"
        raise TillDown(shop=installation.shop, what=what)
    if platform.customer(installation, two.kept) is None and not _goes_on(
        house, two.kept, installation
    ):
        what = f"it does not know the account {two.kept}, which {two.gone} went into"
        raise TillDown(shop=installation.shop, what=what)


def _goes_on(house: House, id: str, installation: Installation) -> bool:
    """Whether an account that is gone, too, is known to have gone into yet another."""
    shop = installation.shop
    house.referrals(shop)
    return house.database.read(lambda s: people.merged_into(Book(s, shop), id)) is not None


def merge(session: Session, referrals: Referrals, shop: str, two: PeopleMerged) -> str:
    """Follow a shop that told of it, any number of times; return what came of it.

    ``session`` is the one that ``referrals`` writes in.
    """
    # Told in the wrong order, or once more, it may have gone into yet another since.
    newest = people.merged_into(Book(session, shop), two.kept)
    two = two if newest is None else replace(two, kept=newest)
    moved = friends.hand_account_on(Book(session, shop), two.gone, two.kept)
    if _advocates(referrals, two):
        return "two advocates became one"
    return "two accounts became one" if moved else "nobody is known by these"


def _advocates(referrals: Referrals, two: PeopleMerged) -> bool:
    """Let one advocate be what two were, or one whose account is gone be its successor."""
    try:
        gone = referrals.advocates.find(two.gone)
        codes = referrals.advocates.codes(two.gone)
    except UnknownAdvocate:
        return False
    if not _is_known(referrals, two.kept):
        if not codes:
            return False
        for program in sorted({code.program for code in codes}):
            referrals.advocates.invite(program, replace(gone, id=two.kept))
    referrals.advocates.merge(two.gone, into=two.kept)
    return True


def _is_known(referrals: Referrals, id: str) -> bool:
    try:
        referrals.advocates.find(id)
    except UnknownAdvocate:
        return False
    return True

"""A shop made one account of two: an advocate stays one, and a friend's bonds and orders follow."""

from __future__ import annotations

from dataclasses import replace

from goodword.errors import UnknownAdvocate
from goodword.interface.referrals import Referrals
from goodword.platforms import PeopleMerged
from goodword.storage import friends
from goodword.storage.sql import Book, Session


def merge(session: Session, referrals: Referrals, shop: str, two: PeopleMerged) -> str:
    """Follow a shop that told of it, any number of times; return what came of it.

    ``session`` is the one that ``referrals`` writes in.
    """
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

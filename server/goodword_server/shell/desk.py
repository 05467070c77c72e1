"""Who stands before a page, and what they may do there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from flask import abort, redirect, request, url_for
from flask_security import current_user

from goodword.interface.referrals import Referrals
from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.shell.accounts import Person
from goodword_server.shell.roles import Role
from goodword_server.storage import audit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Desk:
    """One shop, and whoever looks after it just now."""

    house: House
    shop: str
    person: Person
    role: Role

    @property
    def referrals(self) -> Referrals:
        return self.house.referrals(self.shop)

    def may(self, needs: str) -> bool:
        """Whether they may do what this role is needed for."""
        return self.role.may(Role(needs))

    def read(self, work: Callable[[Session], T]) -> T:
        """Read in one transaction."""
        return self.house.database.read(work)

    def act(
        self,
        did: str,
        about: str | Callable[[T], str],
        work: Callable[[Referrals, Session], T],
    ) -> T:
        """Do something and note in the log who did it: both stand, or neither.

        ``about``: what it was done to; a function is told what came of the work.
        """
        # Opened before the transaction, in which the tables cannot be checked.
        self.house.referrals(self.shop)

        def deed(session: Session) -> T:
            done = work(self.house.engine.within(session).of(self.shop), session)
            told = about if isinstance(about, str) else about(done)
            audit.add(session, self.shop, self.person.key, did, told, self.house.now())
            return done

        return self.house.database.write(deed)


def enter(house: House, shop: str, needs: Role) -> Desk:
    """Let somebody in: to sign in first, to nothing at all, or not so far."""
    if not current_user.is_authenticated:
        abort(redirect(url_for("security.login", next=_wanted())))
    role = current_user.role_in(shop)
    if role is None:
        # Whether there is such a shop is nobody else's business.
        abort(404)
    if not role.may(needs):
        abort(403)
    return Desk(house, shop, current_user._get_current_object(), role)


def _wanted() -> str:
    """Return where to go on after signing in: a page, never a deed."""
    if request.method != "GET":
        return url_for("shops")
    return request.script_root + request.full_path.rstrip("?")

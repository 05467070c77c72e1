"""Letting somebody into a shop."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.storage import accounts


class NoAddress(ValueError):
    """Not an e-mail address."""


def address(told: str) -> str:
    """Return an e-mail address as it is kept; raise `NoAddress` for what is none."""
    try:
        found = validate_email(told.strip(), check_deliverability=False)
    except EmailNotValidError as error:
        raise NoAddress(str(error)) from None
    return found.normalized.lower()


def take_on(house: House, session: Session, shop: str, email: str, role: Role) -> accounts.Account:
    """Let somebody sign in to a shop, as this; return their account, new or as it stands."""
    account = accounts.add(session, email, house.now())
    accounts.join(session, shop, account.id, role, house.now())
    return account

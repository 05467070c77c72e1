"""What the command line does with accounts."""

from __future__ import annotations

from goodword.errors import Invalid
from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.naming import check_name
from goodword_server.shell.accounts import Person
from goodword_server.shell.app import create_shell
from goodword_server.shell.membership import NoAddress, address, take_on
from goodword_server.shell.roles import Role
from goodword_server.shell.signing import link_for
from goodword_server.storage import accounts, audit


def let_in(house: House, shop: str, email: str, role: str) -> str:
    """Let somebody sign in to a shop; return a link to choose a password.  Raises `Invalid`."""
    check_name(shop)
    try:
        found = address(email)
    except NoAddress:
        raise Invalid(field="email", mend="give an e-mail address, like mei@tea.example") from None

    def deed(session: Session) -> accounts.Account:
        audit.add(session, shop, None, "member_set", f"{found}: {role}", house.now())
        return take_on(house, session, shop, found, Role(role))

    account = house.database.write(deed)
    with create_shell(house).app_context():
        return link_for(house, Person(account))

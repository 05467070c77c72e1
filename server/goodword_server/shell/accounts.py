"""Accounts as Flask-Security sees them, kept in tables of ours."""

from __future__ import annotations

from typing import Any

from flask_security import RoleMixin, UserMixin
from flask_security.datastore import UserDatastore

from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.storage import accounts


class Person(UserMixin):
    """Somebody who may sign in."""

    # Flask-Security looks for it on the class itself.
    fs_uniquifier = ""

    def __init__(self, kept: accounts.Account) -> None:
        self.key = kept.id
        self.kept_email = kept.email
        self.email = kept.email
        self.password = kept.password
        self.fs_uniquifier = kept.stamp
        self.active = True
        # One and the same person may be another thing in each shop: see `role_in`.
        self.roles: list[RoleMixin] = []
        self.shops = {shop: Role(role) for shop, role in kept.shops.items()}

    def role_in(self, shop: str) -> Role | None:
        """Return what they are in a shop; None where they are nothing."""
        return self.shops.get(shop)


class People(UserDatastore):
    """Finds and keeps accounts through the house, which has one writer for all of a process.

    Flask-Security's own stores are for an ORM's sessions; one of those beside our database would
    be a second writer that knows nothing of the queue for SQLite's file.
    """

    def __init__(self, house: House) -> None:
        super().__init__(Person, RoleMixin)
        self._house = house

    def find_user(self, case_insensitive: bool = False, **by: Any) -> Person | None:
        ((name, value),) = by.items()
        name = {"fs_uniquifier": "stamp"}.get(name, name)
        told = str(value).lower() if name == "email" else str(value)
        kept = self._house.database.read(lambda session: accounts.find(session, **{name: told}))
        return Person(kept) if kept else None

    def find_role(self, role: str) -> RoleMixin | None:
        return None

    def set_uniquifier(self, user: UserMixin, uniquifier: str | None = None) -> None:
        user.fs_uniquifier = uniquifier or accounts.new_stamp()

    def put(self, model: Person) -> Person:
        """Keep what may change of an account: address, password, the stamp of its sessions.

        With another address every session ends, and every link that was mailed to the one before.
        """
        if model.email != model.kept_email:
            self.set_uniquifier(model)

        def keep(session: Session) -> None:
            accounts.set_password(session, model.key, model.password, model.fs_uniquifier)
            if model.email != model.kept_email:
                accounts.set_email(session, model.key, model.email.lower())

        self._house.database.write(keep)
        return model

    def commit(self) -> None:
        """Nothing is left to do: `put` keeps at once."""

    def delete(self, model: Person) -> None:
        raise NotImplementedError("an account is taken out of its shops, and its log stays")

"""The first owner of a shop that joined by its app: named in its admin, and mailed a link."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Flask, current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.post import Letter, Post
from goodword_server.sentences import say
from goodword_server.shell.roles import Role
from goodword_server.storage import accounts, audit
from goodword_server.storage.accounts import Account
from goodword_server.storage.installations import Connected

_SALT: Final = "goodword.first-owner"
_GOOD_FOR: Final = 3600


def form(house: House, platform: str, shop: str) -> str:
    """Return what a form brings along from a page that was opened in a shop's admin."""
    return _serializer(house).dumps([platform, shop])


def shown_for(house: House, platform: str, text: str) -> str | None:
    """Return the shop in whose admin a form was shown; None if it was none, or too long ago."""
    try:
        told = _serializer(house).loads(text, max_age=_GOOD_FOR)
    except BadData:
        return None
    return str(told[1]) if told[0] == platform else None


def name(house: House, post: Post, connected: Connected, email: str, language: str) -> str:
    """Let somebody be the shop's owner, if nobody is; return what the page says of it.

    The link goes by mail alone: who reads the mail owns the address, and no one else.
    """
    # A start waits for nothing that takes long to import.
    from goodword_server.shell.membership import NoAddress, address, take_on

    shop = connected.installation.shop
    try:
        found = address(email)
    except NoAddress:
        return "address"

    def deed(session: Session) -> Account | None:
        if accounts.holding(session, shop, Role.OWNER):
            return None
        audit.add(session, shop, None, "member_set", f"{found}: {Role.OWNER}", house.now())
        return take_on(house, session, shop, found, Role.OWNER)

    account = house.database.write(deed) if post.works else None
    if account is None:
        return "over"
    shell: Flask = current_app.extensions["goodword_owner"].shell
    post.send_found(lambda: _letter(house, shell, shop, account, language))
    return "sent"


def _letter(
    house: House, shell: Flask, shop: str, account: Account, language: str
) -> Iterable[Letter]:
    from goodword_server.shell.accounts import Person
    from goodword_server.shell.signing import link_for

    with shell.app_context():
        link = link_for(house, Person(account))
    body = say("app.mail.body", language, shop=shop, link=link)
    return [Letter(account.email, say("app.mail.subject", language, shop=shop), body)]


def _serializer(house: House) -> URLSafeTimedSerializer:
    # It signs with the last one.
    return URLSafeTimedSerializer(list(reversed(house.settings.secrets)), salt=_SALT)

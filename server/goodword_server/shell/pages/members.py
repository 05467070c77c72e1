"""Who may sign in to a shop."""

from __future__ import annotations

from flask import current_app, request
from flask.typing import ResponseReturnValue

from goodword.storage.sql import Session
from goodword_server.post import Post
from goodword_server.shell.accounts import Person
from goodword_server.shell.desk import Desk
from goodword_server.shell.language import say
from goodword_server.shell.membership import NoAddress, address, take_on
from goodword_server.shell.paging import Pages, done, failed, show
from goodword_server.shell.roles import Role
from goodword_server.shell.signing import LINK_HOURS, link_for
from goodword_server.storage import accounts

_ROLES = {str(role): role for role in Role}


class _LastOwner(Exception):
    """Nobody would be left to run the shop."""


def add(pages: Pages) -> None:
    """Add the page and its forms."""

    @pages.sees("/accounts", Role.OWNER)
    def members(desk: Desk) -> ResponseReturnValue:
        found = desk.read(lambda session: accounts.members_of(session, desk.shop))
        return show("members", desk, members=found, roles=list(Role))

    @pages.does("/accounts", Role.OWNER)
    def add_member(desk: Desk) -> ResponseReturnValue:
        role = _ROLES.get(request.form.get("role", ""))
        try:
            email = address(request.form.get("email", ""))
        except NoAddress:
            return failed(desk, "members", "members.no_address")
        if role is None:
            return failed(desk, "members", "members.no_role")
        try:
            desk.act("member_set", f"{email}: {role}", lambda _all, s: _set(desk, s, email, role))
        except _LastOwner:
            return failed(desk, "members", "members.last_owner")
        return _welcome(desk, email)

    @pages.does("/accounts/end", Role.OWNER)
    def remove_member(desk: Desk) -> ResponseReturnValue:
        email = request.form.get("email", "").strip().lower()
        try:
            desk.act("member_removed", email, lambda _all, s: _remove(desk, s, email))
        except _LastOwner:
            return failed(desk, "members", "members.last_owner")
        return done(desk, "members", "members.removed", email=email)


def _set(desk: Desk, session: Session, email: str, role: Role) -> None:
    owners = accounts.holding(session, desk.shop, Role.OWNER)
    account = take_on(desk.house, session, desk.shop, email, role)
    if owners == {account.id} and role is not Role.OWNER:
        raise _LastOwner


def _remove(desk: Desk, session: Session, email: str) -> None:
    owners = accounts.holding(session, desk.shop, Role.OWNER)
    account = accounts.find(session, email=email)
    if account is not None and owners == {account.id}:
        raise _LastOwner
    if account is not None:
        accounts.leave(session, desk.shop, account.id)


def _welcome(desk: Desk, email: str) -> ResponseReturnValue:
    """Send the link by mail alone: who reads the mail owns the address, and no one else."""
    account = desk.read(lambda session: accounts.find(session, email=email))
    assert account is not None
    post: Post = current_app.extensions["goodword_post"]
    if account.password is not None:
        return done(desk, "members", "members.set", email=email)
    if not post.works:
        return failed(desk, "members", "members.no_mail", email=email)
    link = link_for(desk.house, Person(account))
    body = say("mail.invited", shop=desk.shop, link=link, hours=LINK_HOURS)
    post.send(email, say("mail.invited.subject", shop=desk.shop), body)
    return done(desk, "members", "members.invited", email=email)

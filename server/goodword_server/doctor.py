"""What is wrong with this server, in plain words, and what to do about it."""

from __future__ import annotations

import os
import smtplib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from goodword import plugins
from goodword.addresses import HERE
from goodword.errors import NewerTables, NotMigrated
from goodword.platforms import GROUP
from goodword.storage import stuck
from goodword.storage.sql import Book, Session
from goodword_server import mail
from goodword_server.house import House
from goodword_server.storage import dispatches, endpoints, inbox, poolers, shops, signs
from goodword_server.storage.troubles import TROUBLES, told
from goodword_server.storage.troubles import mend as mend_of

# A worker beats every half minute; what waits longer than this waits for one.
_LATE: Final = timedelta(minutes=3)
_COUNTED_MOST: Final = 1000


class Grade(StrEnum):
    """How bad a finding is."""

    FINE = "fine"
    LOOK = "look"
    """It works, and somebody should know."""
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    grade: Grade
    what: str
    mend: str = ""
    """What to do about it; empty where all is well."""


def examine(house: House) -> Iterator[Finding]:
    """Yield how each part of a server is; without its tables nothing more can be asked."""
    yield from _address(house)
    database = _database(house)
    yield database
    yield _mail(house.settings.mail)
    yield from _plugins()
    if database.grade is Grade.WRONG:
        return
    yield from _pooler(house)
    read = house.database.read
    yield read(lambda session: _worker(house, session))
    found = read(shops.every)
    if not found:
        yield _look(
            "this server has no shop yet", "join one: `goodword connect`, or `goodword key`"
        )
    for shop in found:
        troubles = [*_installation(house, shop), *read(partial(_shop, house, shop))]
        yield from troubles or [_fine(f"nothing of {shop} is stuck")]


def _address(house: House) -> Iterator[Finding]:
    parts = urlsplit(house.settings.public_url)
    at = house.settings.public_url
    if parts.hostname in HERE:
        mend = "fine for trying things out; for shoppers name the server's address in the world"
        yield _look(f"links lead to this machine alone: GOODWORD_PUBLIC_URL is {at}", mend)
    elif parts.scheme != "https":
        mend = "put a proxy with TLS in front, and let it begin with https"
        yield _wrong(f"passwords and keys travel in the clear: GOODWORD_PUBLIC_URL is {at}", mend)
    elif house.settings.proxies == 0:
        yield _look(
            "`serve` speaks no https, so a proxy stands before it, and everybody seems to come from"
            " there: one who guesses codes locks all others out",
            "set GOODWORD_PROXIES to how many proxies there are",
        )
    else:
        yield _fine(f"links begin with {at}")


def _database(house: House) -> Finding:
    try:
        house.check()
    except NewerTables as error:
        what = f"the tables are of a newer release ({error.facts['found']})"
        return _wrong(what, "use the release that made them, or a backup from before")
    except NotMigrated as error:
        what = f"the tables are missing or of another release ({error.facts['found']})"
        return _wrong(what, "run `goodword migrate`")
    except (*TROUBLES, OSError) as error:
        what = f"the database cannot be used: {told(error)}"
        return _wrong(what, mend_of(error))
    return _fine("the database is there, with the tables of this release")


def _pooler(house: House) -> Iterator[Finding]:
    if house.settings.prepared and poolers.stands_before(house.database):
        kept = poolers.keeps_prepared(house.database)
        what = "a pooler stands before the database and does not keep prepared statements"
        mend = "set GOODWORD_PREPARED=false; or let the pooler lend connections for a session"
        yield _fine("prepared statements get through the pooler") if kept else _wrong(what, mend)


def _mail(url: str | None) -> Finding:
    if url is None:
        what = "nobody is mailed: thanks stay owed, and links to choose a password are printed here"
        return _look(what, "set GOODWORD_MAIL")
    kind, _, folder = url.partition(":")
    if kind == "folder":
        return _folder(Path(folder))
    try:
        mail.knock(url)
    except smtplib.SMTPAuthenticationError as error:
        what = f"the mail server does not know us ({error.smtp_code})"
        return _wrong(what, "look at user and password in GOODWORD_MAIL")
    except (OSError, smtplib.SMTPException) as error:
        what = f"the mail server does not let us in: {type(error).__name__}"
        return _wrong(what, "look whether it runs, and at host and port in GOODWORD_MAIL")
    return _fine("the mail server lets us in")


def _plugins() -> Iterator[Finding]:
    for name, one in plugins.lacking(GROUP).items():
        what = f"no shop of {name} can be served here: {one.module} is not installed"
        yield _look(what, f"{one.mend}; or leave it, if there is no such shop")


def _folder(folder: Path) -> Finding:
    standing = next(one for one in (folder, *folder.absolute().parents) if one.exists())
    if standing.is_dir() and os.access(standing, os.W_OK):
        what = f"mails are written into {folder}, and reach nobody"
        return _look(what, "for shoppers set GOODWORD_MAIL to a mail server")
    return _wrong(f"no mail can be written into {folder}", "choose a folder of this user's")


def _worker(house: House, session: Session) -> Finding:
    beat, mend = signs.last_beat(session), "start `goodword work`, or set GOODWORD_WORKER=thread"
    if beat is None:
        return _wrong("nothing that is due is done: no worker was ever at work", mend)
    if house.now() - beat > _LATE:
        what = (
            f"nothing that is due is done: a worker was last at work at {beat:%Y-%m-%d %H:%M} UTC"
        )
        return _wrong(what, mend)
    return _fine("a worker is at work")


def _installation(house: House, shop: str) -> Iterator[Finding]:
    try:
        connected = house.installation_of(shop)
    except ValueError:
        mend = "put the secret that sealed them back into GOODWORD_SECRETS, or connect it again"
        yield _wrong(f"what {shop} entrusted to this server cannot be opened", mend)
        return
    name = None if connected is None else connected.installation.platform
    if name is not None and name not in house.platforms:
        mend = "install it with all that it needs, and start the server again"
        yield _wrong(f"{shop} is not served: its platform {name} is not installed", mend)


def _shop(house: House, shop: str, session: Session) -> list[Finding]:
    # All within the transaction: it is over once this returns.
    return list(_troubles(house, session, shop))


def _troubles(house: House, session: Session, shop: str) -> Iterator[Finding]:
    pages = f"{house.settings.public_url}/owner/shops/{shop}"
    till = signs.till_of(session, shop)
    if till is not None and till.trouble is not None:
        mend = f"look whether the shop is up, and whether it still knows our key: {pages}/"
        yield _wrong(f"{shop} does not answer at its till: {till.trouble}", mend)
    _, oldest = inbox.waiting(session, shop, house.now())
    if oldest is not None and house.now() - oldest > _LATE:
        what = f"a delivery of {shop} has waited since {oldest:%Y-%m-%d %H:%M} UTC"
        yield _wrong(what, "see whether a worker is at work, or add one: `goodword work`")
    for what, count in _stuck(session, shop):
        if count:
            yield _wrong(f"{count} {what} of {shop} stuck", f"mend the cause, then: {pages}/stuck")
    for one in endpoints.of_shop(session, house.vault, shop):
        yield from _endpoint(shop, one)


def _stuck(session: Session, shop: str) -> Iterator[tuple[str, int]]:
    letters = dispatches.dead(session, shop, _COUNTED_MOST)
    yield "deliveries", inbox.count_dead(session, shop)
    yield "things to do", stuck.count(Book(session, shop))
    yield "webhooks", len(letters)


def _endpoint(shop: str, one: endpoints.Endpoint) -> Iterator[Finding]:
    if one.secrets is None:
        what = f"the secrets of webhook {one.id} of {shop} cannot be opened"
        yield _wrong(what, f"`goodword rotate-hook-secret {shop} {one.id}`")
    elif not one.is_open and one.why != "owner":
        what = f"webhook {one.id} of {shop} was paused: it failed for days, or is gone"
        yield _wrong(what, f"once it is well: `goodword resume-hook {shop} {one.id}`")


def _grade(grade: Grade) -> Callable[..., Finding]:
    return lambda what, mend="": Finding(grade, what, mend)


_fine, _look, _wrong = map(_grade, Grade)

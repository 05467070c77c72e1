"""A shop's owners are mailed that somebody asked what is kept of them, once, in both languages.

The mail says nothing of who asked: that is read in the shell, by who signs in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from typing import Final

from goodword import words
from goodword.model.followup import How
from goodword.storage.sql import Session
from goodword.words.messages.values import day
from goodword.zones import zone_of
from goodword_server.house import House
from goodword_server.mail import MailCarrier, mail_carrier, note
from goodword_server.sentences import say
from goodword_server.shell.roles import Role
from goodword_server.shell.where import AT
from goodword_server.storage import accounts, data_requests
from goodword_server.storage.data_requests import LASTS, DataRequest

_AT_ONCE: Final = 32
_LATER: Final = timedelta(minutes=10)
# Nobody is there to be mailed yet.
_NOBODY: Final = timedelta(days=1)


def say_all(house: House) -> int:
    """Mail the owners who are to hear of it; return how many mails were tried.

    Without mail it stands in the shell alone.
    """
    if house.settings.mail is None:
        return 0
    carrier = mail_carrier(house.settings.mail, house.settings.mail_from)
    found = house.database.read(partial(data_requests.to_say, now=house.now(), most=_AT_ONCE))
    return sum(_say(house, carrier, shop, id) for shop, id in found)


def _say(house: House, carrier: MailCarrier, shop: str, id: str) -> bool:
    one, owners = house.database.read(lambda session: _facts(house, session, shop, id))
    later = None
    if one is not None and one.answered is None:
        later = _mailed(house, carrier, shop, one, owners)
    house.database.write(lambda s: data_requests.say_later(s, shop, id, later))
    return bool(owners)


def _mailed(
    house: House, carrier: MailCarrier, shop: str, one: DataRequest, owners: list[str]
) -> datetime | None:
    """Mail the owners; return when to try once more, None if that is over."""
    if not owners:
        return house.now() + _NOBODY
    try:
        mail = written(house, shop, one, owners)
    except ValueError:
        # Such an address cannot stand on a mail: it stands in the shell.
        return None
    return house.now() + _LATER if carrier.post(mail).how is How.AGAIN else None


def written(house: House, shop: str, one: DataRequest, owners: list[str]) -> EmailMessage:
    """Write the mail."""
    look, settings = house.look(shop), house.settings
    facts = {"shop": look.name, "link": f"{settings.public_url}{AT}/{shop}/data"}
    facts["days"] = str(LASTS.days)
    said = [
        {"day": day(one.due, language, zone_of(look.days_of)), "language": language}
        for language in words.LANGUAGES
    ]
    return note(
        settings.mail_from,
        ", ".join(owners),
        # One line: the name is the owner's own.
        " ".join(" / ".join(say("data.subject", **facts, **each) for each in said).split()),
        "\n---\n\n".join(say("data.body", **facts, **each) for each in said),
        # The same question told twice is the same mail.
        f"data-{shop}-{one.id}",
    )


def _facts(
    house: House, session: Session, shop: str, id: str
) -> tuple[DataRequest | None, list[str]]:
    members = accounts.members_of(session, shop)
    owners = [one.email for one in members if one.role == Role.OWNER]
    return data_requests.find(session, house.vault, shop, id), owners

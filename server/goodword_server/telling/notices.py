"""Whoever minds an endpoint is mailed that it was paused, once, in both languages."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from functools import partial
from typing import Final

from goodword import words
from goodword.model.followup import How
from goodword_server.house import House
from goodword_server.mail import MailCarrier, mail_carrier, note
from goodword_server.sentences import say
from goodword_server.storage import endpoints
from goodword_server.storage.endpoints import Endpoint

_AT_ONCE: Final = 32
_LATER: Final = timedelta(minutes=10)


def say_all(house: House) -> int:
    """Mail those who are to hear of a pause; return how many mails were tried.

    Without mail the notice stands with the endpoint, for whoever looks there.
    """
    if house.settings.mail is None:
        return 0
    carrier = mail_carrier(house.settings.mail, house.settings.mail_from)
    found = house.database.read(partial(endpoints.to_say, now=house.now(), most=_AT_ONCE))
    return sum(_say(house, carrier, shop, id) for shop, id in found)


def _say(house: House, carrier: MailCarrier, shop: str, id: str) -> bool:
    one = house.database.read(lambda s: endpoints.find(s, house.vault, shop, id))
    if one is None or one.is_open or one.contact is None:
        return False
    later = None
    try:
        mail = notice(one, shop, house.settings.mail_from)
    except ValueError:
        # Their address cannot stand on a mail: the notice stands with the endpoint.
        pass
    else:
        if carrier.post(mail).how is How.AGAIN:
            later = house.now() + _LATER
    house.database.write(lambda s: endpoints.say_later(s, shop, id, later))
    return True


def notice(one: Endpoint, shop: str, sender: str) -> EmailMessage:
    """Write the mail."""
    body = "\n---\n\n".join(_body(one, shop, language) for language in words.LANGUAGES)
    # The same pause told twice is the same mail.
    at = int(one.paused.timestamp()) if one.paused else 0
    subject = say("endpoint.subject", "en", shop=shop)
    return note(sender, one.contact or "", subject, body, f"{one.id}-{at}")


def _body(one: Endpoint, shop: str, language: str) -> str:
    why = say(f"endpoint.{one.why}", language)
    return say("endpoint.body", language, shop=shop, url=one.url, id=one.id, why=why)

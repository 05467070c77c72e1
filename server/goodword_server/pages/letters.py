"""The mails that bring an advocate to their page: a way in that they asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from goodword.model.message import EVERY_PROGRAM, Channel
from goodword.model.people import Advocate
from goodword.rules.greeting import given_name
from goodword.words import put
from goodword_server.entering import Entering
from goodword_server.house import House
from goodword_server.post import Letter
from goodword_server.tickets import GOOD_FOR, Use

MINUTES: Final = int(GOOD_FOR[Use.SIGN_IN].total_seconds()) // 60


def sign_in_letters(
    house: House, entering: Entering, shop: str, email: str, language: str
) -> Iterator[Letter]:
    """Yield a mail for each advocate who is reached at an address: none, if there is nobody."""
    for advocate, link in entering.mailed_links(shop, email):
        said = _said(house, shop, advocate, language)
        # To where they are known to be reached, however it was spelled by whoever asked.
        to = advocate.email or email
        subject, body = said["sign_in.subject"], said["sign_in.body"]
        yield Letter(to, put(subject), put(body, link=link, minutes=MINUTES))


def _said(house: House, shop: str, advocate: Advocate, language: str) -> Mapping[str, str]:
    look = house.look(shop)
    return house.referrals(shop).messages.say(
        EVERY_PROGRAM,
        channel=Channel.MAIL,
        language=language,
        advocate=given_name(advocate.name) or "",
        shop=look.name,
    )

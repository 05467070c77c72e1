"""The mails that bring an advocate to their page: a way in that they asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from goodword.interface.referrals import Referrals
from goodword.model.message import Channel
from goodword.model.people import Advocate
from goodword.words import put
from goodword_server.entering import Entering
from goodword_server.house import House
from goodword_server.post import Letter
from goodword_server.sentences import say
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


def _said(house: House, shop: str, advocate: Advocate, language: str) -> dict[str, str]:
    """Return the words of the advocate's first program; without one, plain ones."""
    referrals: Referrals = house.referrals(shop)
    for code in referrals.advocates.codes(advocate.id):
        found = referrals.messages.say(
            code.program,
            channel=Channel.MAIL,
            language=language,
            code=code.text,
            shop=house.look(shop).name,
        )
        return dict(found)
    name = house.look(shop).name
    return {
        "sign_in.subject": say("own.letter.subject", language, shop=name),
        "sign_in.body": say("own.letter.body", language, shop=name),
    }

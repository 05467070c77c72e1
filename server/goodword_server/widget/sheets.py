"""What the widget is told of an offer: how it stands, and every sentence that is shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from goodword.interface.referrals import Referrals
from goodword.model.message import Channel
from goodword.model.offer import Offered
from goodword_server.house import House
from goodword_server.languages import direction_of, language_named
from goodword_server.looks import Look
from goodword_server.taking_part import for_customers

_SHOWN: Final = (
    "offer.title",
    "offer.text",
    "offer.code",
    "offer.button",
    "terms",
    "share.title",
    "share.text",
    "share.button",
    "share.link",
    "share.copy",
    "share.copied",
    "share.more",
    "close",
)


def sheet(house: House, shop: str, code: str, tag: str) -> Mapping[str, Any]:
    """Return the sheet of a code for a page in some language; without a code, what all may join.

    Raises `UnknownCode` if nobody holds it.
    """
    referrals, look = house.referrals(shop), house.look(shop)
    language = language_named(tag) or look.language
    offered = referrals.find_offer(code) if code else None
    if offered is None:
        # Where customers can join nothing there is nothing to say.
        program = next(iter(for_customers(referrals, house.now()).values()), None)
    else:
        program = referrals.programs.find(offered.program)
    return {
        "code": offered.code if offered else None,
        "shown": offered.shown if offered else None,
        "state": offered.state if offered else None,
        "advocate": offered.advocate if offered else None,
        "days": program.terms.window_days if program else None,
        "language": language,
        "direction": direction_of(language),
        "colour": look.accent,
        "words": _words(referrals, look, language, program.name, offered) if program else {},
    }


def _words(
    referrals: Referrals, look: Look, language: str, program: str, offered: Offered | None
) -> Mapping[str, str]:
    def say(channel: Channel) -> Mapping[str, str]:
        return referrals.messages.say(
            program,
            channel=channel,
            language=language,
            code=offered.code if offered else None,
            shop=look.name,
            zone=look.days_of,
        )

    ours = say(Channel.WIDGET)
    said = {name: ours[name] for name in _SHOWN}
    if offered is not None:
        said["share.message"] = say(Channel.SHARE)[f"message.{offered.relation}"]
    return said

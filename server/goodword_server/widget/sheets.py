"""What the widget is told of a code: how the offer stands, and every sentence that it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from goodword.model.message import Channel
from goodword_server.house import House
from goodword_server.languages import direction_of, language_named

_SHOWN: Final = (
    "offer.title",
    "offer.text",
    "offer.code",
    "offer.button",
    "terms",
    "share.title",
    "share.text",
    "share.link",
    "share.copy",
    "share.copied",
    "share.more",
    "close",
)


def sheet(house: House, shop: str, code: str, tag: str) -> Mapping[str, Any]:
    """Return the sheet of a code for a page in some language.

    Raises `UnknownCode` if nobody holds it.
    """
    referrals, look = house.referrals(shop), house.look(shop)
    language = language_named(tag) or look.language
    offered = referrals.find_offer(code)
    program = referrals.programs.find(offered.program)

    def say(channel: Channel) -> Mapping[str, str]:
        return referrals.messages.say(
            program.name,
            channel=channel,
            language=language,
            code=offered.code,
            shop=look.name,
            zone=look.days_of,
        )

    ours = say(Channel.WIDGET)
    message = say(Channel.SHARE)[f"message.{offered.relation}"]
    return {
        "code": offered.code,
        "shown": offered.shown,
        "state": offered.state,
        "advocate": offered.advocate,
        "days": program.terms.window_days,
        "language": language,
        "direction": direction_of(language),
        "colour": look.accent,
        "words": {**{name: ours[name] for name in _SHOWN}, "share.message": message},
    }

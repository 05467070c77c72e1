"""The card that LINE's share target picker sends: a Flex message, as LINE describes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

# What LINE takes at most.
_ALT_LONGEST: Final = 400
_LABEL_LONGEST: Final = 40


def card(words: Mapping[str, str], link: str, picture: str, colour: str) -> dict[str, Any]:
    """Return the card with its picture, its words and one button.

    ``words``: the texts of the channel ``line``, by moment.
    """
    opening = {"type": "uri", "uri": link}
    return {
        "type": "flex",
        "altText": words["card.alt"][:_ALT_LONGEST],
        "contents": {
            "type": "bubble",
            "hero": {
                "type": "image",
                "url": picture,
                "size": "full",
                "aspectRatio": "1200:630",
                "aspectMode": "cover",
                "action": opening,
            },
            "body": {
                "type": "box",
                "layout": "vertical",
                "spacing": "md",
                "contents": [
                    _text(words[moment], **how) for moment, how in _BODY.items() if words[moment]
                ],
            },
            "footer": {
                "type": "box",
                "layout": "vertical",
                "contents": [
                    {
                        "type": "button",
                        "style": "primary",
                        "color": colour,
                        "action": {**opening, "label": words["card.button"][:_LABEL_LONGEST]},
                    }
                ],
            },
        },
    }


_BODY: Final[Mapping[str, Mapping[str, str]]] = {
    "card.title": {"size": "md", "color": "#5f5750"},
    "card.offer": {"size": "xl", "weight": "bold"},
    # LINE refuses a text that is empty, so a card without terms has none.
    "card.text": {"size": "sm", "color": "#5f5750"},
}


def _text(said: str, **how: str) -> dict[str, Any]:
    return {"type": "text", "text": said, "wrap": True, **how}

"""Where an advocate passes their link on: an address for each channel, with the message in it.

Pure: a page puts these behind buttons, and needs no script of anybody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

LINE: Final = "line"
"""First on every page."""
COPY: Final = "copy"
"""Opens nothing: the message is taken along."""
SHEET: Final = "sheet"
"""The phone's own share sheet."""
CARD: Final = "card"
QR: Final = "qr"
SHARES: Final = ("facebook", "x", "threads", "linkedin", "whatsapp", "email", COPY)
"""What stands beside LINE, in the sequence of "more"."""
MESSAGE_LONGEST: Final = 500
_BESIDE_MOST: Final = 3
_ADDRESSES: Final = {
    LINE: "https://line.me/R/share?text={text}",
    "facebook": "https://www.facebook.com/sharer/sharer.php?u={link}",
    "x": "https://x.com/intent/post?text={words}&url={link}",
    "threads": "https://www.threads.com/intent/post?text={words}&url={link}",
    "linkedin": "https://www.linkedin.com/sharing/share-offsite/?url={link}",
    "whatsapp": "https://wa.me/?text={text}",
    "email": "mailto:?subject={subject}&body={text}",
}
_STANDING: Final = {"text": "{text}", "words": "{words}"}


@dataclass(frozen=True, slots=True)
class Button:
    """One way to pass a link on."""

    channel: str
    link: str
    """The advocate's link, which says by which channel the friend came."""
    address: str | None
    """What the button opens; None: the message is copied."""
    pattern: str | None
    """The address with ``{text}`` and ``{words}`` standing: the message, with its link or alone."""
    text: str
    """The message with its link."""


def buttons(link: str, message: str, subject: str, beside: Sequence[str]) -> list[Button]:
    """Return the buttons that everybody sees: LINE, then what the shop chose."""
    chosen = [one for one in dict.fromkeys(beside) if one in SHARES][:_BESIDE_MOST]
    return [button(one, link, message, subject) for one in (LINE, *chosen)]


def more(link: str, message: str, subject: str, shown: Collection[Button]) -> list[Button]:
    """Return the buttons that stand behind "more"."""
    seen = {one.channel for one in shown}
    return [button(one, link, message, subject) for one in SHARES if one not in seen]


def button(channel: str, link: str, message: str, subject: str) -> Button:
    """Return how a channel is opened with a message and a link.

    >>> button("line", "https://t.example/tea/r/MEI", "Tea & you", "").address
    'https://line.me/R/share?text=Tea%20%26%20you%0Ahttps%3A%2F%2Ft.example%2Ftea%2Fr%2FMEI%3Fvia%3Dline'
    """
    via = with_via(link, channel)
    text = "\n".join(filter(None, (message, via)))
    fixed = {"link": quote(via, safe=""), "subject": quote(subject, safe="")}
    asked = {
        name: quote(_in_lines(value, channel), safe="")
        for name, value in {"text": text, "words": message}.items()
    }
    address = _ADDRESSES.get(channel)
    return Button(
        channel=channel,
        link=via,
        address=address.format_map({**fixed, **asked}) if address else None,
        pattern=address.format_map({**fixed, **_STANDING}) if address else None,
        text=text,
    )


def with_via(link: str, channel: str) -> str:
    """Return a link that tells by which channel it was passed on."""
    return f"{link}{'&' if '?' in link else '?'}via={channel}"


def message_of(told: str | None, ours: str) -> str:
    """Return the message as an advocate wrote it, else ours: what no channel carries is left out.

    >>> message_of("  Tea\x00!\r\n ", "ours"), message_of(None, "ours"), message_of(" ", "ours")
    ('Tea!', 'ours', 'ours')
    """
    if told is None:
        return ours
    plain = "".join(_carried(told.replace("\r\n", "\n").replace("\r", "\n")))
    return plain.strip()[:MESSAGE_LONGEST].strip() or ours


def _carried(told: str) -> Iterator[str]:
    # A lone half of a pair cannot be written into an address at all.
    yield from (
        sign
        for sign in told
        if sign == "\n" or (sign >= " " and sign != "\x7f" and not "\ud800" <= sign <= "\udfff")
    )


def _in_lines(value: str, channel: str) -> str:
    # A mail's line ends so, by RFC 6068.
    return value.replace("\n", "\r\n") if channel == "email" else value

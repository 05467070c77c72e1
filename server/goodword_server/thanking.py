"""What a letter of thanks says: the shop's own words, or ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from goodword.interface.referrals import Referrals
from goodword.model.followup import Thanks
from goodword.model.message import Channel
from goodword.rules.greeting import given_name
from goodword.words.messages import catalogues, texts
from goodword_server.looks import Look

_SUBJECT: Final = "thanks.subject"
_BODY: Final = "thanks.body"


@dataclass(frozen=True, slots=True)
class Letter:
    """What it says, in one language."""

    subject: str
    body: str


Said = Sequence[Letter]
"""What it says in every language."""


def said(referrals: Referrals, look: Look, thanks: Thanks) -> Said:
    """Return what a shop of this look says now."""
    if not thanks.program:
        # Its referral is gone, and was promised thanks all the same.
        return ours(look.name, thanks)
    return [
        _letter(
            referrals.messages.say(
                thanks.program,
                channel=Channel.MAIL,
                language=language,
                code=thanks.code,
                # Whoever is thanked, whatever became of the code since.
                advocate=given_name(thanks.name) or "",
                shop=look.name,
                zone=look.days_of,
            )
        )
        for language in catalogues.LANGUAGES
    ]


def ours(shop: str, thanks: Thanks) -> Said:
    """Return what a letter says where the shop has no words of its own."""
    known = {"shop": shop, "advocate": given_name(thanks.name) or "", "code": thanks.code}
    return [
        _letter(
            {
                moment: texts.fill(catalogues.ours(language)[moment, Channel.MAIL], known)
                for moment in (_SUBJECT, _BODY)
            }
        )
        for language in catalogues.LANGUAGES
    ]


def _letter(spoken: Mapping[str, str]) -> Letter:
    return Letter(spoken[_SUBJECT], spoken[_BODY])

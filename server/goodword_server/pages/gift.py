"""A gift as a page shows it: what a code offers, in which words, and what others say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from goodword.interface.referrals import Referrals
from goodword.model.message import Channel
from goodword.model.offer import Offered, OfferState
from goodword.model.people import Claim
from goodword.model.proof import Proof
from goodword.model.terms import ClaimBy
from goodword.rules.proofs import readable
from goodword.words import put
from goodword.words.messages.values import last_day
from goodword.zones import zone_of
from goodword_server.languages import LOCALES
from goodword_server.looks import Look

_PROOFS_MOST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """What a code offers a friend now, and the words for it."""

    offered: Offered
    words: Mapping[str, str]
    """By moment, in the reader's language; plain text."""
    language: str
    zone: tzinfo
    """Where the shop counts its days."""
    coupon: str | None
    """The shared coupon, shown where a friend is asked for nothing."""
    is_for_new: bool
    """Whether new customers alone count, or first orders."""
    proofs: Sequence[Proof]

    @property
    def code(self) -> str:
        return self.offered.code

    @property
    def is_live(self) -> bool:
        return self.offered.state is OfferState.LIVE

    @property
    def is_shared(self) -> bool:
        """Whether everybody gets the same coupon, and is asked for nothing."""
        return self.offered.claim_by is ClaimBy.NOTHING

    @property
    def locale(self) -> str:
        return LOCALES[self.language]

    def say(self, moment: str, claim: Claim | None = None) -> str:
        """Return a text of the friend's page, with what a claim tells filled in."""
        text = self.words[f"friend.{moment}"]
        if claim is None:
            return text
        until = last_day(claim.expires, self.language, self.zone)
        return put(text, when=until, coupon=claim.coupon)


def gift(referrals: Referrals, text: str, language: str, look: Look) -> Gift:
    """Return what a code offers at a shop of this look; raise `UnknownCode` if nobody holds it."""
    offered = referrals.find_offer(text)
    terms = referrals.programs.find(offered.program).terms
    is_shared = offered.claim_by is ClaimBy.NOTHING
    return Gift(
        offered=offered,
        words=referrals.messages.say(
            offered.program,
            channel=Channel.PAGE,
            language=language,
            code=offered.code,
            shop=look.name,
            zone=look.days_of,
        ),
        language=language,
        zone=zone_of(look.days_of),
        coupon=referrals.find_code(text).coupon if is_shared else None,
        is_for_new=terms.first_order_only or terms.new_customer_only,
        proofs=readable(referrals.proofs.list(), language)[:_PROOFS_MOST],
    )

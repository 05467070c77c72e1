"""One shop's referrals: the same words in every mode."""

from __future__ import annotations

from abc import ABC, abstractmethod

from goodword.interface.wings import (
    Advocates,
    Credit,
    People,
    Programs,
    Proofs,
    Reviews,
    Rewards,
    ThanksGiving,
)
from goodword.interface.words import Messages
from goodword.model.credit import Visit, Visiting
from goodword.model.offer import Offered
from goodword.model.order import Order, Refund
from goodword.model.outcome import Outcome
from goodword.model.people import Asked, Claim, Claiming, Code


class Referrals(ABC):
    """One shop's referrals."""

    programs: Programs
    advocates: Advocates
    credit: Credit
    reviews: Reviews
    rewards: Rewards
    thanks: ThanksGiving
    proofs: Proofs
    people: People
    messages: Messages

    @abstractmethod
    def find_code(self, text: str) -> Code:
        """Return the code a friend typed; raise `UnknownCode` if nobody holds it.

        Case, spaces, hyphens and wide letters are forgiven.
        """

    @abstractmethod
    def find_offer(self, text: str) -> Offered:
        """Return what a code offers a friend now, and from whom; what a page or a checkout shows.

        A code that counts no more, and a program that has not begun or is over, are told by the
        answer's ``state``.  Raises `UnknownCode` if nobody holds the code.
        """

    @abstractmethod
    def ask_name(self, name: str, hint: str | None = None) -> Asked:
        """Say whether a checkout may take this as the name of whoever sent the friend.

        The answer never tells whether anybody goes by it: nothing is looked up, so that no list of
        members can be drawn from a checkout.  Put both on the order as ``named`` and
        ``named_hint``; who is meant is found when it is recorded.  Raises `Invalid` for what is no
        name at all, and for a hint that is too long.
        """

    @abstractmethod
    def record_visit(self, visiting: Visiting) -> Visit:
        """Keep a friend's arrival as evidence; raise `UnknownCode` if nobody holds the code.

        The answer survives the end of our process, however it ends.  Raises `ProgramPaused` while
        its program promises nothing to whoever arrives, and `VisitInvalid` for a channel or visitor
        that is too long.
        """

    @abstractmethod
    def claim(self, claiming: Claiming) -> Claim:
        """Keep that a friend takes the offer up, and make them a coupon of their own, used once.

        By e-mail, phone or account, before or after they sign up.  A claim by the same contact in
        the same program joins the one that stands.  A claim that comes after the order counts
        within the program's grace.  Raises `UnknownCode`, `CodeEnded`, `ProgramPaused`, `OwnCode`
        for the advocate's own code, and `ClaimInvalid` for a contact that is none.
        """

    @abstractmethod
    def find_claim(self, id: str) -> Claim:
        """Return a claim as it stands; raise `UnknownClaim` if there is none of this id.

        Its ``made`` says whether the friend's coupon is good at the shop's checkout yet.
        """

    @abstractmethod
    def confirm(self, claim: str, *, account: str | None = None) -> Claim:
        """Make a bond of a claim, once the friend showed that the contact is theirs.

        ``account``: the shop's own id of the account that they signed up with.  Confirming twice
        changes nothing.  Raises `UnknownClaim` and `ClaimInvalid`.
        """

    @abstractmethod
    def record_order(self, order: Order, *, confirmed: bool = False) -> Outcome:
        """Report an order as it stands now: the whole state, as often as it changes.

        The same state twice is a ``duplicate``; one with an older ``modified`` is ``ignored``.
        ``confirmed``: it was read from the shop itself just now, so it counts even where the
        moment is the same and the facts differ (without it that raises `OrderConflict`), and where
        what is known is of a shop's clock that ran ahead and was set right.  Raises
        `OrderInvalid` naming the field, and `IdentityChanged` for another currency or test flag.
        """

    @abstractmethod
    def record_refund(self, order: str, refund: Refund) -> Outcome:
        """Report a refund alone; it is joined to its order's state, by its id.

        If it comes before its order it is kept, and the result is ``queued``.  Raises
        `OrderInvalid` and `RefundConflict`.
        """

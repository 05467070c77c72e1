"""The wings of `Referrals`: few verbs each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from goodword.model.credit import Verdict
from goodword.model.followup import Thanks
from goodword.model.invitation import Answer, Brought, Enrolled, Vouched
from goodword.model.order import Order
from goodword.model.outcome import (
    Explanation,
    Outcome,
    Paid,
    Referral,
    Replay,
    Reward,
    Standing,
    Trial,
)
from goodword.model.people import Advocate, Code
from goodword.model.program import Program
from goodword.model.proof import Proof


class Programs(ABC):
    """What is promised to whom."""

    @abstractmethod
    def save(self, program: Program, *, over: int | None = None) -> Program:
        """Keep the program as a new version and return it; unchanged, the one that stands.

        Orders placed before keep the version that was live then.  ``over``: the version that was
        changed, 0 where there was none, so that nobody's change is lost: where another one stands
        by now, it raises `ProgramChanged`.  Raises `ProgramInvalid`, naming the field, if it
        contradicts itself or the shop's platform cannot grant its reward.
        """

    @abstractmethod
    def find(self, name: str) -> Program:
        """Return the newest version; raise `UnknownProgram` if there is none of this name."""

    @abstractmethod
    def list(self) -> Sequence[Program]:
        """Return the newest version of every program, by name."""

    @abstractmethod
    def pause(self, name: str) -> Program:
        """Let a program rest: it promises nothing new until it is resumed.  Return it.

        Claims are refused, and neither a click nor a code that is typed meanwhile counts.  Friends'
        coupons that nobody used are switched off at the shop.  What was promised before is kept:
        rewards, orders placed before, and orders by a visit or claim from before.  Pausing twice
        changes nothing.  Raises `UnknownProgram`.
        """

    @abstractmethod
    def resume(self, name: str) -> Program:
        """Let a program that rests go on, and return it.

        Friends' coupons are switched on again, each until the day that it was promised for.
        Resuming twice changes nothing.  Raises `UnknownProgram`.
        """

    @abstractmethod
    def try_out(
        self, order: Order, *, program: Program | None = None, language: str = "en"
    ) -> Trial:
        """Say what an order would come to, and change nothing.

        ``program`` stands in for the saved one of its name, so that a change can be tried before
        it is saved.  Raises `OrderInvalid` and `ProgramInvalid`.
        """


class Advocates(ABC):
    """Who passes codes on."""

    @abstractmethod
    def invite(
        self,
        program: str,
        advocate: Advocate,
        *,
        code: str | None = None,
        coupon: str | None = None,
    ) -> Code:
        """Keep the advocate and return their code in the program.

        Without ``code`` one of eight random signs is drawn.  ``coupon`` is the shared coupon at
        the shop's checkout that stands for this code.  Inviting again updates the person and
        returns the same code.  Raises `UnknownProgram`, `PersonInvalid` also for a relation that
        the program does not take, `CodeInvalid`, `CodeTaken` and `CouponTaken`.
        """

    @abstractmethod
    def enroll(
        self,
        program: str,
        people: Sequence[Vouched],
        *,
        by: str,
        language: str = "en",
        dry_run: bool = False,
    ) -> Sequence[Enrolled]:
        """Invite those whom the shop vouches for, all or nobody; each new one is mailed once.

        ``by`` tells in the mail who gave the address, as ``Lin, Tea House``.  ``dry_run`` changes
        nothing and says of each what would be done, and what is wrong.  Who declined before is
        left out.  ``language``: ``en`` or ``zh-Hant``, for the mail.  1 to 1,000 at a time.
        Raises `UnknownProgram`, `PersonInvalid` for the first that is wrong, and `Invalid`.
        """

    @abstractmethod
    def draw(self, program: str, advocate: str, many: int) -> Sequence[str]:
        """Make many random codes for an advocate and return their texts, sorted.

        For cards on a counter, flyers, a partner's list.  1 to 1,000,000 at a time, all of them
        or none.  `invite` keeps returning the oldest code.  Raises `UnknownProgram`,
        `UnknownAdvocate`, and `Invalid` for another number.
        """

    @abstractmethod
    def find(self, id: str) -> Advocate:
        """Return the advocate; raise `UnknownAdvocate` if nobody has this id."""

    @abstractmethod
    def reached_at(self, email: str) -> Sequence[Advocate]:
        """Return the advocates who are reached at this address, and take part.

        For a link to their page, sent to that address and shown to nobody else.
        """

    @abstractmethod
    def codes(self, id: str) -> Sequence[Code]:
        """Return an advocate's code in each of their programs, by program: as `invite` returns it.

        Only those that still count.  Raises `UnknownAdvocate`.
        """

    @abstractmethod
    def brought(self, id: str) -> Sequence[Brought]:
        """Return what became of an advocate's friends, as the advocate may see it.

        A friend is an initial and a state; raise `UnknownAdvocate`.
        """

    @abstractmethod
    def why(self, id: str, order: str, *, language: str = "en", zone: str | None = None) -> Answer:
        """Say to an advocate why an order did, or did not, earn them something.

        ``order``: its id, or the number by which its friend knows it.  Only of an order that led
        to them in some way: of any other it raises `UnknownOrder`, as of one that was never
        reported.  ``language``: ``en`` or ``zh-Hant``.  ``zone``: as for `messages.say`.  Raises
        `UnknownAdvocate` and `Invalid` too.
        """

    @abstractmethod
    def rotate(self, program: str, advocate: str, *, code: str | None = None) -> Code:
        """Give the advocate a new code in the program, as when the old one leaked.

        The old one counts no more when it is typed, nor does its coupon; links that were shared
        go on.  Raises `UnknownProgram`, `UnknownAdvocate`, `CodeInvalid` and `CodeTaken`.
        """

    @abstractmethod
    def merge(self, gone: str, into: str) -> Advocate:
        """Make one advocate of two that are the same person; return the one that stays.

        Codes are handed on, and what ``gone`` earned and owes is counted with the other's.  Merging
        twice changes nothing.  Raises `UnknownAdvocate` and `MergeRefused`.
        """


class Credit(ABC):
    """Who sent whom, and why we say so."""

    @abstractmethod
    def explain(self, order: str, *, language: str = "en") -> Explanation:
        """Return every candidate for an order, what it lost to, and every entry, also in words.

        ``language``: ``en`` or ``zh-Hant``.  Raises `UnknownOrder`.
        """

    @abstractmethod
    def assign(self, order: str, code: str, *, reason: str, by: str = "owner") -> Outcome:
        """Credit an order to a code by the owner's own word, which is evidence too.

        The last word counts.  The program's terms still decide whether it earns.  Raises
        `UnknownOrder`, `UnknownCode`, and `RulingInvalid` without a reason.
        """

    @abstractmethod
    def replay(self, since: datetime, until: datetime, *, as_placed: bool = False) -> Replay:
        """Decide the orders placed in a period once more, and say where the book differs.

        Nothing is changed.  ``as_placed``: caps, tiers and budgets go to who ordered first, counted
        from the start of the period, instead of who was decided first.  Moments are UTC.  Raises
        `UnknownVersion` where a version that orders were decided by is gone, and `Invalid`.
        """


class Reviews(ABC):
    """Referrals that a person should look at."""

    @abstractmethod
    def open(self, *, after: str | None = None, limit: int | None = None) -> Sequence[Referral]:
        """Return the referrals that wait for a verdict, by order.

        ``after`` and ``limit``: a page of them, as for `Rewards.list`.  Raises `Invalid`.
        """

    @abstractmethod
    def decide(self, order: str, verdict: Verdict, *, reason: str, by: str = "owner") -> Outcome:
        """Say whether a referral counts; the last word stands.

        Raises `UnknownOrder`, `NotInReview`, and `RulingInvalid` without a reason.
        """


class Rewards(ABC):
    """What advocates earned."""

    @abstractmethod
    def list(
        self, advocate: str, *, after: str | None = None, limit: int | None = None
    ) -> Sequence[Reward]:
        """Return an advocate's rewards, one an order, by order.

        ``limit``: no more than so many; None: all.  ``after``: only what comes after a cursor,
        which `goodword.cursor` makes of the last one of the page before; what changes meanwhile
        moves nothing else.  `goodword.each` follows the pages.  Raises `UnknownAdvocate` and
        `Invalid`.
        """

    @abstractmethod
    def balance(self, advocate: str) -> Sequence[Standing]:
        """Return what the advocate has, by unit; raise `UnknownAdvocate`."""

    @abstractmethod
    def mark_paid(
        self, advocate: str, *, reference: str, orders: Collection[str] | None = None
    ) -> Sequence[Paid]:
        """Note that commissions which are due were paid out; return them.

        ``reference`` names the payment, like a transfer's id; told twice it is the same payment.
        ``orders``: only these; None: all that is due.  What is owed back is kept for that first.
        Raises `UnknownAdvocate`, `UnknownOrder`, `NothingDue` and `Invalid`.
        """

    @abstractmethod
    def statement(self, since: datetime, until: datetime, *, advocate: str | None = None) -> str:
        """Return the movements of commissions that were booked in a period as CSV, a line each.

        Amounts are in major units with a point, moments in UTC; no personal data but ids.  Raises
        `UnknownAdvocate` and `Invalid`.
        """


class ThanksGiving(ABC):
    """Promises to thank."""

    @abstractmethod
    def owed(self, *, after: str | None = None, limit: int | None = None) -> Sequence[Thanks]:
        """Return the thanks that are still owed, the most urgent first.

        ``after`` and ``limit``: a page of them, as for `Rewards.list`.  Raises `Invalid`.
        """

    @abstractmethod
    def of(self, advocate: str) -> Sequence[Thanks]:
        """Return the thanks that are owed to an advocate or were said, oldest first.

        Raises `UnknownAdvocate`.
        """

    @abstractmethod
    def keep(self, id: str, *, channel: str = "in_person") -> Thanks:
        """Mark thanks as kept, by whatever channel; keeping twice changes nothing.

        Raises `UnknownThanks`, and `Invalid` for a channel without a name or with too long a one.
        """


class Proofs(ABC):
    """What others say of the shop, for friends to read."""

    @abstractmethod
    def save(self, proof: Proof) -> Proof:
        """Keep a proof, in the place of the one of its id, and return it with its person's name.

        Raises `ProofInvalid`, naming the field, and `UnknownPerson` where nobody goes by the id.
        """

    @abstractmethod
    def list(self) -> Sequence[Proof]:
        """Return all proofs, those agreed to last first."""

    @abstractmethod
    def remove(self, id: str) -> None:
        """Show a proof no more; raise `UnknownProof` if there is none of this id.

        Forgetting a person removes theirs.
        """


class People(ABC):
    """What is kept of people, and forgetting them."""

    @abstractmethod
    def export(self, id: str) -> Mapping[str, Any]:
        """Return all that is kept of an advocate or friend, as plain JSON data.

        ``id``: the advocate's or friend's id, or an e-mail address, phone or account of theirs.
        Raises `UnknownPerson`, and `Invalid` for a phone that several people share.
        """

    @abstractmethod
    def forget(self, id: str) -> None:
        """Forget an advocate or friend: their name and contacts are gone, the sums stay.

        ``id`` as for `export`.  A keyed hash of each contact is kept for twelve months, so that
        nobody claims, is forgotten, and claims again.  An advocate ends, and their codes: nothing
        more is earned, and nothing that was earned is lost.  Raises `UnknownPerson` and `Invalid`.
        """

    @abstractmethod
    def decline(self, id: str) -> None:
        """Keep that somebody does not want to be invited, and forget their address.

        ``id``: an advocate's id, or an e-mail address.  A keyed hash of the address is kept, so
        that no later `enroll` invites or mails them.  Who never earned anything is forgotten
        altogether; whoever did keeps it, without an address.  Declining twice, or by an address
        that nobody has, changes nothing more.  Raises `UnknownPerson` and `Invalid`.
        """

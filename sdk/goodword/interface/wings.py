"""The wings of `Referrals`: few verbs each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from goodword.model.followup import Thanks
from goodword.model.outcome import Explanation, Reward, Standing
from goodword.model.people import Advocate, Code
from goodword.model.program import Program


class Programs(ABC):
    """What is promised to whom."""

    @abstractmethod
    def save(self, program: Program) -> Program:
        """Keep the program as a new version and return it; unchanged, the one that stands.

        Orders placed before keep the version that was live then.  Raises `ProgramInvalid`, naming
        the field, if it contradicts itself or the shop's platform cannot grant its reward.
        """

    @abstractmethod
    def find(self, name: str) -> Program:
        """Return the newest version; raise `UnknownProgram` if there is none of this name."""

    @abstractmethod
    def list(self) -> Sequence[Program]:
        """Return the newest version of every program, by name."""


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
        returns the same code.  Raises `UnknownProgram`, `PersonInvalid`, `CodeInvalid`,
        `CodeTaken` and `CouponTaken`.
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


class Credit(ABC):
    """Who sent whom, and why we say so."""

    @abstractmethod
    def explain(self, order: str, *, language: str = "en") -> Explanation:
        """Return every candidate for an order, what it lost to, and every entry, also in words.

        ``language``: ``en`` or ``zh-Hant``.  Raises `UnknownOrder`.
        """


class Rewards(ABC):
    """What advocates earned."""

    @abstractmethod
    def list(self, advocate: str) -> Sequence[Reward]:
        """Return an advocate's rewards, one an order; raise `UnknownAdvocate`."""

    @abstractmethod
    def balance(self, advocate: str) -> Sequence[Standing]:
        """Return what the advocate has, by unit; raise `UnknownAdvocate`."""


class ThanksGiving(ABC):
    """Promises to thank."""

    @abstractmethod
    def owed(self) -> Sequence[Thanks]:
        """Return the thanks that are still owed, the most urgent first."""

    @abstractmethod
    def keep(self, id: str, *, channel: str = "in_person") -> Thanks:
        """Mark thanks as kept, by whatever channel; keeping twice changes nothing.

        Raises `UnknownThanks`, and `Invalid` for a channel without a name or with too long a one.
        """

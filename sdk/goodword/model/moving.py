"""Moving in from another tool, and out again: what it knew, and what came of bringing it in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from goodword.model.credit import State
from goodword.model.money import Money
from goodword.model.people import Advocate, Claim


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, and where."""

    reason: str
    """For machines; never changes."""
    mend: str
    line: int = 0
    """In the file, from 1; 0: all of it."""
    column: str = ""
    kind: str = ""
    """Of several files, which: ``advocates``, ``codes``, ``referrals``, ``programs``."""

    def __str__(self) -> str:
        where = f"line {self.line}" if self.line else "the file"
        kind = f"{self.kind}, " if self.kind else ""
        return f"{kind}{where}{f', {self.column}' if self.column else ''}: {self.mend}"


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedAdvocate:
    """An advocate who comes along."""

    advocate: Advocate
    account: str | None = None
    """The shop's own id of their account, where it is not the advocate's id."""
    code: str | None = None
    """None: those that come along, else what they have, else one is drawn."""
    coupon: str | None = None
    """The shared coupon that stands for the code."""
    since: datetime | None = None
    """UTC; since when they take part."""
    merged_into: str | None = None
    """Who is the same person, and goes on for them."""
    forgotten: bool = False
    """They asked to be, and stay it: nothing but the id is kept."""
    line: int = 0
    """Where it stands in a file, from 1; told with what is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedCode:
    """A code that comes along."""

    text: str
    advocate: str
    program: str | None = None
    """None: the one that all else comes to."""
    coupon: str | None = None
    made: datetime | None = None
    ended: datetime | None = None
    rotated: datetime | None = None
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PastReferral:
    """An order that another tool credited, and rewarded: history that earns nothing more."""

    order: str
    """The shop's own id of it, as its platform reports it."""
    placed: datetime
    total: Money
    """All that the friend paid."""
    net: Money | None = None
    """The goods, without tax and shipping; None: the total."""
    advocate: str | None = None
    code: str | None = None
    """Which of theirs; one of the two must be given."""
    program: str | None = None
    """None: the one that all else comes to."""
    email: str | None = None
    """The friend's, as are phone and account."""
    phone: str | None = None
    account: str | None = None
    reward: str = ""
    """What was given for it, in words; kept with the order."""
    state: State = State.REWARDED
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedClaim:
    """A claim, and how its friend is reached; it goes along to be looked at."""

    claim: Claim
    email: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many of one kind came, and what became of them."""

    new: int = 0
    changed: int = 0
    stand: int = 0
    """Were here before, just so."""
    left_out: int = 0
    """Asked to be forgotten or not to be invited; of referrals also those not rewarded yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedIn:
    """What came of bringing in what another tool knew."""

    programs: Tally = field(default_factory=Tally)
    advocates: Tally = field(default_factory=Tally)
    codes: Tally = field(default_factory=Tally)
    """Those that were drawn for advocates without one included."""
    referrals: Tally = field(default_factory=Tally)

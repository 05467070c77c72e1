"""What must happen later, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goodword.model.event import Event
from goodword.model.invitation import Invitation
from goodword.model.ledger import Part
from goodword.model.money import Money
from goodword.model.worth import Discount, Worth


class Duty(StrEnum):
    """What is to be done."""

    RELEASE = "release"
    GRANT = "grant"
    OFFER = "offer"
    """Make the coupon of a friend's claim."""
    TAKE_BACK = "take_back"
    EXPIRE = "expire"
    """See whether a reward was used in time."""
    THANK = "thank"
    TELL = "tell"
    """Tell what happened to whoever listens."""
    INVITE = "invite"
    """Mail an advocate for the first time."""
    ADJUST = "adjust"
    """Bring a coupon that stands to what its program says by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A reward, or a friend's own coupon, to be given at a shop's checkout.

    ``text`` is random and written down before the shop is asked, so that a second try finds the
    first one's work.
    """

    id: str
    subject: str
    """The order that earned a reward, or the claim of a friend's coupon."""
    person: str
    """Whose it is: the advocate's id, or the friend's."""
    worth: Worth
    """An amount, or what is given in kind."""
    text: str
    part: Part = Part.REWARD
    email: str | None = None
    phone: str | None = None
    expires: datetime | None = None
    """UTC; from then on it is worth nothing."""
    made: datetime | None = None
    """UTC; when it was written down: nobody used it before.  None: not told."""
    program: str = ""
    """The name of the program that promises it."""
    combines_with: tuple[Discount, ...] | None = None
    """As its program says by now; None: as the shop is set up."""
    paused: bool = False
    """Its program is paused: a friend's coupon is to be switched off meanwhile."""
    rests: bool = False
    """It was, or may have been, switched off by a pause: once that is over it is to be on again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A grant that stands at the shop."""

    grant: str
    """The grant's id."""
    text: str
    remote: str
    """The platform's own id of what it made."""
    used: bool = False
    made: datetime | None = None
    """UTC; when the grant was written down.  None: not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingBack:
    """A granted reward of which part or all is to be taken back."""

    granted: Granted
    left: Money | None
    """What may stay; None or nothing: disable it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """What a shop could still take back."""

    done: bool
    """False: of what was to be taken back something was used before, and stays used."""
    missing: Money | None = None
    """How much of it was used, where the rest came back; None: all of it, unless it is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusting:
    """A coupon that stands, to be brought to what its program says by now."""

    grant: Grant
    remote: str
    """The platform's own id of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """How a coupon stands that was adjusted."""

    rests: bool = False
    """It is switched off by a pause, and by nobody's hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thanks:
    """A promise to thank somebody."""

    id: str
    order: str
    advocate: str
    name: str
    email: str | None
    code: str
    program: str
    owed: datetime
    by: datetime
    """Kept late after this."""
    kept: datetime | None = None
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A deed due at a moment, handed to a carrier.  It names its shop."""

    id: str
    shop: str
    duty: Duty
    subject: str
    """The order, the claim whose coupon is to be made, the event, the invitation, or the grant of
    the coupon that is to be adjusted: a friend's is their claim."""
    due: datetime
    tries: int
    """How often it was taken up, this time included."""
    grant: Grant | None = None
    taking_back: TakingBack | None = None
    thanks: Thanks | None = None
    event: Event | None = None
    invitation: Invitation | None = None
    adjusting: Adjusting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """A deed that was given up: it waits for a person who mends the cause, or knows the answer."""

    id: str
    duty: Duty
    subject: str
    """As in `FollowUp`."""
    due: datetime
    tries: int
    """How often it was tried."""
    why: str
    """What went wrong, the last time."""


class How(StrEnum):
    """How a deed ended."""

    DONE = "done"
    AGAIN = "again"
    NEVER = "never"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What came of a deed.  Made by `done`, `again`, `never`, `unknown`."""

    how: How
    granted: Granted | None = None
    taken_back: TakenBack | None = None
    adjusted: Adjusted | None = None
    after: float | None = None
    """Seconds to wait before the next try; None: as the tries grow."""
    reason: str = ""


def done(
    *,
    granted: Granted | None = None,
    taken_back: TakenBack | None = None,
    adjusted: Adjusted | None = None,
) -> Carried:
    """It happened."""
    return Carried(how=How.DONE, granted=granted, taken_back=taken_back, adjusted=adjusted)


def again(reason: str, *, after: float | None = None) -> Carried:
    """It did not happen and may be tried again, ``after`` seconds."""
    return Carried(how=How.AGAIN, reason=reason, after=after)


def never(reason: str) -> Carried:
    """It will not happen until a person mends the cause."""
    return Carried(how=How.NEVER, reason=reason)


def unknown(reason: str, *, after: float | None = None) -> Carried:
    """It may have happened: the next try looks first, ``after`` seconds."""
    return Carried(how=How.UNKNOWN, reason=reason, after=after)

"""Inviting whom a shop vouches for, and what advocates may see of those they sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from goodword.model.credit import State
from goodword.model.people import Relation


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """Somebody whom the shop knows and vouches for, about to be invited: what `enroll` needs."""

    name: str
    email: str
    """Where the invitation is sent."""
    relation: Relation
    id: str | None = None
    """The shop's own id of them; None: whoever is known by the address, or a new one."""
    phone: str | None = None


class Invited(StrEnum):
    """What an invitation comes to."""

    NEW = "new"
    """Somebody new: a code, and a first mail."""
    JOINS = "joins"
    """Known already, and new to this program: a code, and a first mail."""
    STANDS = "stands"
    """Has a code in this program: nothing is sent."""
    DECLINED = "declined"
    """Said no before: neither invited nor mailed."""
    WRONG = "wrong"
    """Cannot be invited as it is written: ``field`` and ``mend`` say why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What became, or would become, of one who is vouched for."""

    number: int
    """The so-manieth of those who were given, from 1."""
    result: Invited
    advocate: str | None = None
    code: str | None = None
    """As people read it; None where nothing was done."""
    field: str | None = None
    mend: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A first mail to an advocate, who did not ask for it."""

    id: str
    advocate: str
    name: str
    email: str
    relation: Relation
    code: str
    """As people read it."""
    program: str
    title: str
    by: str
    """Who in the shop gave the address, as they call themself."""
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """A link to an advocate's page, for them alone."""

    url: str
    """It opens their page without a password: hand it to nobody else."""
    expires: datetime
    """UTC; from then on it opens nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What became of a friend, as their advocate may see it: no order, no name, no contact."""

    number: int
    """The so-manieth of this advocate's friends who ordered, by the placing, from 1."""
    friend: str
    """An initial, like ``B.``; empty where nothing is known of them."""
    state: State
    code: str
    program: str
    placed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Why an order did, or did not, earn an advocate something: told to the advocate."""

    order: str
    credited: bool
    """False: it led to them, and counts for somebody else, or for nobody."""
    state: State | None = None
    """Where their referral stands; None where it is none of theirs."""
    reasons: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    """One sentence each, in the language that was asked for; nobody else is named."""

"""What a program promises at a moment: its own words, a tier's or a campaign's."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from goodword.model.credit import Reason
from goodword.model.offer import OfferState
from goodword.model.program import Campaign, Program
from goodword.model.worth import Worth


def offer_of(program: Program, placed: datetime) -> Worth:
    """Return what the friend gets for an order of this moment."""
    campaign = _campaign(program, placed)
    return campaign.offer if campaign and campaign.offer else program.offer


def reward_of(program: Program, placed: datetime, number: int) -> Worth:
    """Return what the advocate gets for an order of this moment.

    ``number`` is the so-manieth of their referrals in the program; 0 where nobody counts.
    """
    campaign = _campaign(program, placed)
    if campaign and campaign.reward:
        return campaign.reward
    reached = [tier.reward for tier in program.tiers if tier.start <= number]
    return reached[-1] if reached else program.reward


def tiers_hold(program: Program, at: datetime) -> bool:
    """Whether tiers count for an order of this moment: they rest while a campaign rewards."""
    campaign = _campaign(program, at)
    return campaign is None or campaign.reward is None


def state_of(program: Program, against: Collection[Reason], now: datetime) -> OfferState:
    """Return whether the offer can be taken up, by what speaks against its code."""
    if Reason.PROGRAM_NOT_LIVE in against:
        begun = program.ends is not None and program.ends <= now
        return OfferState.OVER if begun else OfferState.NOT_YET
    if set(against) == {Reason.PROGRAM_PAUSED}:
        return OfferState.PAUSED
    return OfferState.CODE_ENDED if against else OfferState.LIVE


def ends_of(program: Program, now: datetime) -> datetime | None:
    """Return when what is offered now is over: with the campaign that gives it, or the program."""
    campaign = _campaign(program, now)
    if campaign is None or campaign.offer is None:
        return program.ends
    return min(campaign.ends, program.ends or campaign.ends)


def _campaign(program: Program, placed: datetime) -> Campaign | None:
    for campaign in program.campaigns:
        if campaign.starts <= placed < campaign.ends:
            return campaign
    return None

"""How a reward stands, in the words of a shop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from goodword.model.outcome import Reward, RewardState
from goodword.words.messages.values import day, granted
from goodword.words.saying import put


def told(said: Mapping[str, str], reward: Reward, language: str, zone: tzinfo) -> str:
    """Return how a reward stands, as its owner reads it.

    ``said``: the texts of pages that speak of no program.
    """
    waits = reward.state is RewardState.WAITING
    until = day(reward.release, language, zone) if waits and reward.release else ""
    open_end = ".open" if waits and not until else ""
    text = said[f"own.reward.{reward.state}{open_end}"]
    return put(text, amount=granted(reward.worth, language), when=until)

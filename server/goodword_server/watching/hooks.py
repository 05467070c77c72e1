"""A shop's webhooks stand, are on, and sign with our secret; what is wrong there is mended."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from goodword.errors import TillRefused
from goodword.storage.sql import Session
from goodword.watching import Condition
from goodword_server.house import NOTICED, House
from goodword_server.storage import installations, rounds
from goodword_server.watching import signs
from goodword_server.watching.step import Step

ROTATED: Final = "rotated"
AFRESH: Final = "afresh"
UNSIGNED: Final = "unsigned"
"""A delivery came that our secret had not signed: the shop is told the secret once more."""
TOO_LONG: Final = "too_long"
"""One came that was longer than we take: the order is asked for instead."""
# What was sent before the shop learned of a new secret has arrived by then.
_OVERLAP: Final = timedelta(days=2)


def see(step: Step) -> Mapping[str, Any]:
    """See that the shop tells us; after a gap what nobody told of is looked for at once."""
    house, connected, now = step.house, step.connected, step.house.now()
    wanted = step.taken.wanted
    rotated, afresh = wanted == ROTATED, wanted == AFRESH
    mended = step.watch.listen(
        house.hook_url(connected),
        connected.secrets[0],
        rotated=rotated or wanted == UNSIGNED,
        afresh=afresh,
    )
    if afresh:
        mended = (AFRESH,)
    if wanted in (UNSIGNED, TOO_LONG):
        mended = (*mended, wanted)
    before = step.taken.notes
    first = step.taken.done is None
    notes = {
        "mended": list(mended) if mended and not first else before.get("mended", []),
        "mended_at": now.isoformat() if mended and not first else before.get("mended_at"),
        "rotated_at": now.isoformat() if rotated else before.get("rotated_at"),
        **_condition(step),
    }
    _forget_old_secrets(step, notes["rotated_at"])
    if mended and not first:
        step.keep(notes, lambda session: _look_for_the_gap(session, step))
    return notes


def rotate(house: House, session: Session, shop: str, secret: str) -> bool:
    """Give a shop a new secret to sign with; the old one is still taken for a while.

    False if it is not connected.
    """
    while True:
        connected = installations.of(session, house.vault, shop)
        if connected is None:
            return False
        both = (secret, connected.secrets[0])
        if installations.set_secrets(session, house.vault, connected, both):
            break
    rounds.want(session, shop, "hooks", ROTATED, house.now(), after=NOTICED)
    return True


def _condition(step: Step) -> dict[str, Any]:
    try:
        found = step.watch.condition(signs.giving_of(step.house, step.shop))
    except TillRefused:
        # Its keys are good for orders and webhooks: that is enough to go on with.
        found = Condition()
    return {"signs": signs.told(found)}


def _look_for_the_gap(session: Session, step: Step) -> None:
    now = step.house.now()
    for name in ("orders", "gone"):
        rounds.want(session, step.shop, name, "gap", now)


def _forget_old_secrets(step: Step, rotated: str | None) -> None:
    house, kept = step.house, step.connected
    # Where the platform chose the secrets, it alone knows when the old one is over.
    if rotated is None or not house.rotates(kept) or len(kept.secrets) < 2:
        return
    if house.now() - datetime.fromisoformat(rotated) < _OVERLAP:
        return
    # Unless it was joined anew meanwhile, or was given yet another.
    house.database.write(
        lambda session: installations.set_secrets(session, house.vault, kept, kept.secrets[:1])
    )
    house.remember_nothing()

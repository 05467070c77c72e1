"""What carries deeds to a shop's till: grants are made there, taken back, adjusted, looked at."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from goodword.errors import AnswerLost, TillDown, TillRefused
from goodword.model.followup import (
    Carried,
    Duty,
    FollowUp,
    Grant,
    Granted,
    again,
    done,
    never,
    unknown,
)
from goodword.model.trouble import Trouble, trouble_of
from goodword.platforms import Adjusts, Till


class TillCarrier:
    """Carries grants to tills, and takes them back."""

    def __init__(self, open: Callable[[str], Till]) -> None:
        self._open = open

    def carry(self, deed: FollowUp) -> Carried:
        try:
            till = self._open(deed.shop)
            made = self._made_before(till, deed)
        except TillDown as error:
            return again(trouble_of(error))
        except TillRefused as error:
            # A shop that says no to the question says nothing of what an earlier try made there.
            return unknown(trouble_of(error)) if _may_stand(deed) else never(trouble_of(error))
        except AnswerLost as error:
            return unknown(trouble_of(error))
        return self._done(till, deed, made)

    def _made_before(self, till: Till, deed: FollowUp) -> Granted | None:
        """Return what an earlier try made at the shop without our hearing of it."""
        if deed.grant is None or not _may_stand(deed):
            return None
        try:
            return till.look(deed.grant)
        except TillRefused as error:
            if error.facts.get("cause") != "use_unknown":
                raise
            # Nobody was told of it yet, so nobody has used it.
            return None

    def _done(self, till: Till, deed: FollowUp, made: Granted | None) -> Carried:
        try:
            if made is None:
                return self._at(till, deed)
            # The program may have been changed since that try.
            _adjust(till, deed.grant, made)
            return done(granted=made)
        except TillDown as error:
            return again(trouble_of(error))
        except TillRefused as error:
            return never(trouble_of(error))
        except AnswerLost as error:
            return unknown(trouble_of(error), after=error.facts.get("wait"))

    def _at(self, till: Till, deed: FollowUp) -> Carried:
        if deed.grant is not None and deed.duty is Duty.EXPIRE:
            grant = deed.grant
            # What the shop no longer has was not used; where it cannot say that, a person must.
            found = till.look(grant) or Granted(grant=grant.id, text=grant.text, remote="")
            return done(granted=found)
        if deed.grant is not None:
            granted = till.grant(deed.grant)
            if deed.grant.paused:
                _adjust(till, deed.grant, granted)
            return done(granted=granted)
        if deed.taking_back is not None:
            what = deed.taking_back
            return done(taken_back=till.take_back(what.granted, what.left))
        if deed.adjusting is not None and isinstance(till, Adjusts):
            adjusted = till.adjust(deed.adjusting.grant, deed.adjusting.remote)
            return done(adjusted=adjusted)
        why = f"a till cannot carry {deed.duty}"
        return never(Trouble(why, "wrong_carrier", carrier="till", duty=str(deed.duty)))


def _adjust(till: Till, grant: Grant | None, made: Granted) -> None:
    if grant is None or not isinstance(till, Adjusts):
        return
    # A shop that does not let it be changed has made it all the same; whoever looks daily after
    # what stands at the shop tells how it differs.
    with suppress(TillRefused):
        till.adjust(grant, made.remote)


def _may_stand(deed: FollowUp) -> bool:
    """Whether an earlier try may have made what is to be granted."""
    return deed.grant is not None and deed.duty is not Duty.EXPIRE and deed.tries > 1

"""One family of errors.

    GoodwordError
    ├── Invalid                 what was given cannot be used; ``field`` and ``mend`` say why
    │   ├── MoneyInvalid        │ not an amount, surplus digits, an unknown currency
    │   ├── CodeInvalid         │ a vanity code that cannot be a code
    │   ├── ProgramInvalid      │ a program that contradicts itself
    │   ├── PersonInvalid       │ an advocate without an id
    │   ├── VisitInvalid        │ a visit that cannot be kept
    │   └── OrderInvalid        │ an order or refund that contradicts itself
    ├── Unknown                 nothing stands under that name in this shop
    │   ├── UnknownCode, UnknownProgram, UnknownAdvocate, UnknownOrder, UnknownThanks
    ├── Conflict                true before, or true elsewhere, forbids it
    │   ├── CodeTaken, CouponTaken
    │   ├── OrderConflict       │ the same moment, other facts
    │   ├── IdentityChanged     │ another currency or test flag for a known order
    │   └── RefundConflict      │ the same refund, other facts
    ├── NotMigrated             the database lacks our tables, or has older ones
    ├── DeliveryRefused         a delivery that its shop did not sign
    └── TillTrouble             a shop's counter did not do what was asked
        ├── TillDown            │ nothing happened; ask again later
        ├── TillRefused         │ the shop said no; asking again changes nothing
        └── AnswerLost          │ it may or may not have happened: look before any retry

``reason`` is for machines and never changes.  The facts travel with the error.
"""

from __future__ import annotations

from typing import Any, ClassVar


class GoodwordError(Exception):
    """Base of everything that goodword raises on purpose."""

    reason: ClassVar[str] = "error"
    message: ClassVar[str] = "something went wrong"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        super().__init__(self.message.format_map(facts))

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self), self.facts)


def _revive(kind: type[GoodwordError], facts: dict[str, Any]) -> GoodwordError:
    return kind(**facts)


class Invalid(GoodwordError):
    """What was given cannot be used.  Facts: ``field``, ``mend``, and what was found."""

    reason = "invalid"
    message = "{field}: {mend}"

    def __init__(self, *, field: str, mend: str, **facts: Any) -> None:
        super().__init__(field=field, mend=mend, **facts)


class MoneyInvalid(Invalid):
    """Not an amount of money, too many digits for its currency, or a currency ISO 4217 lacks."""

    reason = "money_invalid"


class CodeInvalid(Invalid):
    """A vanity code that cannot be a code."""

    reason = "code_invalid"


class ProgramInvalid(Invalid):
    """A program that contradicts itself, or promises what its shop cannot grant."""

    reason = "program_invalid"


class PersonInvalid(Invalid):
    """An advocate that cannot be kept."""

    reason = "person_invalid"


class VisitInvalid(Invalid):
    """A visit that cannot be kept."""

    reason = "visit_invalid"


class OrderInvalid(Invalid):
    """An order or refund that contradicts itself."""

    reason = "order_invalid"


class Unknown(GoodwordError):
    """Nothing stands under that name in this shop."""

    reason = "unknown"
    message = "nothing is known under {text!r}"


class UnknownCode(Unknown):
    """Nobody holds this code."""

    reason = "unknown_code"
    message = "nobody holds the code {text!r}"


class UnknownProgram(Unknown):
    """The shop has no program of this name."""

    reason = "unknown_program"
    message = "there is no program {name!r}; save it first"


class UnknownAdvocate(Unknown):
    """The shop has no advocate of this id."""

    reason = "unknown_advocate"
    message = "there is no advocate {id!r}; invite them first"


class UnknownOrder(Unknown):
    """The shop has not reported this order."""

    reason = "unknown_order"
    message = "order {id!r} was never reported"


class UnknownThanks(Unknown):
    """No thanks of this id are owed or kept."""

    reason = "unknown_thanks"
    message = "there are no thanks {id!r}"


class Conflict(GoodwordError):
    """Something that is true already forbids it."""

    reason = "conflict"


class CodeTaken(Conflict):
    """Another advocate holds this code."""

    reason = "code_taken"
    message = "the code {text} is taken; choose another"


class CouponTaken(Conflict):
    """The coupon belongs to another code."""

    reason = "coupon_taken"
    message = "the coupon {text} belongs to another code; choose another"


class OrderConflict(Conflict):
    """The same moment with other facts: only the shop can say which ones are true."""

    reason = "order_conflict"
    message = (
        "order {id!r} was reported with other facts for the same moment {modified}; "
        "report it again with a later `modified`"
    )


class IdentityChanged(Conflict):
    """An order keeps its currency and its test flag for life."""

    reason = "identity_changed"
    message = (
        "order {id!r} has {field} {before!r} and cannot become {after!r}; use another order id"
    )


class RefundConflict(Conflict):
    """The same refund was reported with other facts."""

    reason = "refund_conflict"
    message = (
        "refund {id!r} of order {order!r} was reported with other facts; use another refund id"
    )


class NotMigrated(GoodwordError):
    """The database lacks our tables, or has older ones."""

    reason = "not_migrated"
    message = "the database is at {found}, this release needs {wanted}: run `engine.migrate()`"


class DeliveryRefused(GoodwordError):
    """A delivery that its shop did not sign."""

    reason = "delivery_refused"
    message = "the delivery is not signed with a secret of this installation: {why}"


class TillTrouble(GoodwordError):
    """A shop's counter did not do what was asked."""

    reason = "till_trouble"
    message = "{shop}: {what}"

    def __init__(self, *, shop: str, what: str, **facts: Any) -> None:
        super().__init__(shop=shop, what=what, **facts)


class TillDown(TillTrouble):
    """Nothing happened at the shop: it was not reached, or asked us to wait.  Ask again later."""

    reason = "till_down"


class TillRefused(TillTrouble):
    """The shop said no.  Asking again changes nothing until a person mends the cause."""

    reason = "till_refused"


class AnswerLost(TillTrouble):
    """The shop was asked and no answer came: it may have happened.  Look before any retry."""

    reason = "answer_lost"

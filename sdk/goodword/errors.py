"""One family of errors.

    GoodwordError
    ├── Invalid                 what was given cannot be used; ``field`` and ``mend`` say why
    │   ├── MoneyInvalid, CodeInvalid, ProgramInvalid, PersonInvalid, VisitInvalid,
    │   ├── ClaimInvalid, RulingInvalid, TextInvalid, ProofInvalid,
    │   └── OrderInvalid, RowsInvalid
    ├── Unknown                 nothing stands under that name in this shop
    │   ├── UnknownCode, UnknownProgram, UnknownVersion, UnknownAdvocate, UnknownOrder,
    │   ├── UnknownClaim, UnknownPerson, UnknownThanks, UnknownMoment, UnknownProof,
    │   └── UnknownEndpoint
    ├── Conflict                true before, or true elsewhere, forbids it
    │   ├── CodeTaken, CouponTaken, CodeEnded, ProgramPaused, OwnCode, NotInReview,
    │   ├── NothingDue, MergeRefused, ProgramChanged, OrderConflict, IdentityChanged,
    │   └── RefundConflict, TooManyEndpoints
    ├── NotMigrated             the database lacks our tables, or has older ones
    │   └── NewerTables         it has those of a newer release
    ├── ServerDown              a goodword server cannot be reached, or something else answers there
    ├── Refused                 a goodword server lets this key do no such thing, or not now
    ├── DeliveryRefused         a delivery that its shop did not sign
    ├── RequestRefused          a request that does not prove which shop it comes from
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

    request_id: str | None = None
    """Which request it was, where a server told of it."""

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


class ClaimInvalid(Invalid):
    """A claim that cannot be kept."""

    reason = "claim_invalid"


class RowsInvalid(Invalid):
    """Rows that come from elsewhere, of which some cannot be taken; so none was.

    Facts: ``wrong``, the first of them, and ``more``, how many there are beside those.
    """

    reason = "rows_invalid"


class ProofInvalid(Invalid):
    """A proof without words or consent, or with a link that leads nowhere."""

    reason = "proof_invalid"


class RulingInvalid(Invalid):
    """A person's word on an order that cannot be kept."""

    reason = "ruling_invalid"


class TextInvalid(Invalid):
    """A text that loops, calls, reaches for attributes, or names what its moment does not know.

    Facts: ``field``, ``mend``, ``why`` (``not_for_texts``, ``unreadable``, ``unknown_name``,
    ``missing_name``, ``length`` or ``unkeepable``), ``line`` (from 1; 0: nowhere in particular),
    and ``found``.
    """

    reason = "text_invalid"


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


class UnknownVersion(Unknown):
    """A version of a program that an order was decided by is gone."""

    reason = "unknown_version"
    message = (
        "version {version} of program {name!r} is gone, and orders were decided by it; "
        "put its row back from a backup"
    )


class UnknownClaim(Unknown):
    """The shop has no claim of this id."""

    reason = "unknown_claim"
    message = "there is no claim {id!r}"


class UnknownPerson(Unknown):
    """The shop knows nobody by this contact or id."""

    reason = "unknown_person"
    message = "nobody is known by what was given"


class UnknownThanks(Unknown):
    """No thanks of this id are owed or kept."""

    reason = "unknown_thanks"
    message = "there are no thanks {id!r}"


class UnknownEndpoint(Unknown):
    """The shop tells no endpoint of this id."""

    reason = "unknown_endpoint"
    message = "no endpoint {id!r} is known"


class UnknownMoment(Unknown):
    """Nothing is said at this moment on this channel."""

    reason = "unknown_moment"
    message = "nothing is said at {moment!r} on {channel}; `messages.list` names what is"


class UnknownProof(Unknown):
    """The shop shows no proof of this id."""

    reason = "unknown_proof"
    message = "there is no proof {id!r}"


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


class CodeEnded(Conflict):
    """The code, its advocate or its program has ended: nothing new is earned by it."""

    reason = "code_ended"
    message = "the code {text} has ended; ask for a new one"


class ProgramPaused(Conflict):
    """The program promises nothing new until its owner lets it go on."""

    reason = "program_paused"
    message = "the program of the code {text} is paused; try again once it goes on"


class OwnCode(Conflict):
    """Nobody takes up their own offer."""

    reason = "own_code"
    message = "the code {text} is the friend's own; it is for passing on"


class NotInReview(Conflict):
    """Nobody asked for a verdict on this order."""

    reason = "not_in_review"
    message = "order {id!r} is {state}, not in review; use `credit.assign` to change the credit"


class NothingDue(Conflict):
    """There is no commission to be paid."""

    reason = "nothing_due"
    message = "no commission is due to {advocate!r}{where}"


class TooManyEndpoints(Conflict):
    """A shop has as many endpoints as it may have."""

    reason = "too_many_endpoints"
    message = "a shop has at most {most} endpoints: drop one first"


class MergeRefused(Conflict):
    """These two cannot be made one."""

    reason = "merge_refused"
    message = "{gone!r} cannot be merged into {kept!r}: {why}"


class ProgramChanged(Conflict):
    """Another version of the program stands than the one that was changed."""

    reason = "program_changed"
    message = (
        "program {name!r} is at version {version} (0: none) and not at the one that was changed; "
        "read it again, and change that"
    )


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
    message = "order {id!r} has {field} {before!r}, never {after!r}; use another order id"


class RefundConflict(Conflict):
    """The same refund was reported with other facts."""

    reason = "refund_conflict"
    message = "refund {id!r} of order {order!r} had other facts before; use another refund id"


class NotMigrated(GoodwordError):
    """The database lacks our tables, or has older ones."""

    reason = "not_migrated"
    message = "the database is at {found}, this release needs {wanted}: run `engine.migrate()`"


class NewerTables(NotMigrated):
    """The database has tables of a newer release: this one would not know what they hold."""

    reason = "newer_tables"
    message = (
        "the database is at {found}, and this release knows it up to {wanted}: use the release "
        "that made it, or a backup from before"
    )


class DeliveryRefused(GoodwordError):
    """A delivery that its shop did not sign."""

    reason = "delivery_refused"
    message = "the delivery is not signed with a secret of this installation: {why}"


class TillTrouble(GoodwordError):
    """A shop's counter did not do what was asked; ``cause``: one of `goodword.platforms.CAUSES`."""

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
    """The shop was asked and no answer came: it may have happened.  Look before any retry.

    The fact ``wait``, if there is one: for so many seconds it may still happen, unseen.
    """

    reason = "answer_lost"


class ServerDown(GoodwordError):
    """A goodword server cannot be reached, or something else answers at its address."""

    reason = "server_down"
    message = "{url}: {what}"


class Refused(GoodwordError):
    """A goodword server lets this key do no such thing, or not now.

    Facts: ``status``, ``kind`` as the server names it, ``detail``, and ``retry_after`` in seconds
    where the server says when to ask again.
    """

    reason = "refused"
    message = "{detail}"

"""A program as a simple form: what it shows is changed, everything else is left as it is."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from goodword.errors import Invalid, ProgramInvalid
from goodword.model.money import Money, money, written
from goodword.model.people import Relation
from goodword.model.program import Program
from goodword.model.terms import Budget, Cap, ClaimBy, Per, Period, Terms
from goodword.model.worth import POINTS, Discount, Kind, Worth, percent_off

Values = Mapping[str, str]

_SHARE: Final = "share_"
OFFERS: Final = ("percent_off", "amount_off", "free_shipping", "free_product")
"""As what an offer can be given."""
REWARDS: Final = (
    "amount_off",
    "share_amount_off",
    "percent_off",
    "store_credit",
    "share_store_credit",
    "gift_card",
    "share_gift_card",
    "free_shipping",
    "free_product",
    "points",
    "commission",
    "share_commission",
    "thanks",
)
"""As what a reward can be given; ``share_``: a percentage of the referred order."""
CLAIMED_BY: Final = tuple(ClaimBy)
"""What a friend can be asked for."""
_COMBINING: Final[Mapping[str, tuple[Discount, ...] | None]] = {
    "": None,
    "none": (),
    **{
        "_".join(some): some
        for many in (1, 2, 3)
        for some in itertools.combinations(Discount, many)
    },
}
COMBINING: Final = tuple(_COMBINING)
"""With which other discounts coupons can be used; nothing said: as the shop is set up."""
FIELDS: Final = (
    *("name", "title", "relation", "offer_kind", "offer", "reward_kind", "reward", "currency"),
    *("hold_days", "window_days", "minimum", "cap", "budget", "starts", "ends", "claim_by"),
    "combines_with",
)
_IN_MONEY: Final = ("offer", "reward", "minimum", "budget")
# The longest start of an error's field decides.
_SHOWN_AT: Final = {
    "name": "name",
    "title": "title",
    "relations": "relation",
    "offer": "offer",
    "offer.kind": "offer_kind",
    "reward": "reward",
    "reward.kind": "reward_kind",
    "currency": "currency",
    "terms.hold_days": "hold_days",
    "terms.window_days": "window_days",
    "terms.minimum": "minimum",
    "terms.caps": "cap",
    "terms.budget": "budget",
    "terms.claim_by": "claim_by",
    "combines_with": "combines_with",
    "starts": "starts",
    "ends": "ends",
}
NOWHERE: Final = "form"
"""Where an error is shown whose field the form does not have."""
_EMPTY: Final = Program(
    name="", title="", offer=percent_off(10), reward=percent_off(10), terms=Terms()
)


SEVERAL: Final = ("", "several")
"""What stands for all relations, and for more of them than the form can say."""
# An employee is thanked and not paid: money for a good word makes it less of one.
_REWARD_FOR: Final[Mapping[Relation, tuple[str, str]]] = {
    Relation.EMPLOYEE: ("thanks", ""),
    Relation.SUPPLIER: ("thanks", ""),
    Relation.PARTNER: ("share_commission", "10"),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong, and in which field of the form."""

    field: str
    mend: str
    said: str = ""
    """By which sentence, where it is another than the field's own."""


def filled(program: Program | None, zone: tzinfo = UTC) -> dict[str, str]:
    """Return the form as a program fills it in; ``zone``: where its days are counted."""
    one = program or _EMPTY
    terms = one.terms
    offer_kind, offer = _of_worth(one.offer)
    reward_kind, reward = _of_worth(one.reward)
    cap = _plain_cap(terms)
    return {
        "name": one.name,
        "title": one.title,
        "relation": one.relations[0] if len(one.relations) == 1 else SEVERAL[bool(one.relations)],
        "offer_kind": offer_kind,
        "offer": offer,
        "reward_kind": reward_kind,
        "reward": reward,
        "currency": next(_currencies(one), "" if program else "TWD"),
        "hold_days": str(terms.hold_days),
        "window_days": str(terms.window_days),
        "minimum": written(terms.minimum) if terms.minimum else "",
        "cap": str(cap.most) if cap else "",
        "budget": written(terms.budget.most) if terms.budget else "",
        "starts": _date(one.starts, zone),
        "ends": _date(one.ends, zone),
        "claim_by": terms.claim_by,
        "combines_with": _of_combining(one),
    }


def begun(relation: str) -> dict[str, str]:
    """Return the form of a new program for a relation, with what fits them."""
    form = filled(None)
    if relation in set(Relation):
        form["relation"] = relation
        kind, worth = _REWARD_FOR.get(Relation(relation), (form["reward_kind"], form["reward"]))
        form |= {"reward_kind": kind, "reward": worth}
    return form


def read(values: Values, before: Program | None, zone: tzinfo = UTC) -> Program:
    """Return the program that a form describes; raise `Invalid` with the program's own field.

    A field that was left as it was changes nothing, so that what the form cannot say, like the
    hour of a date or a cap of another kind, stays.  ``zone``: where its days are counted.
    """
    was = filled(before, zone)
    now = {name: values.get(name, was[name]).strip() for name in FIELDS}
    if before is not None:
        now["name"] = before.name
    changed = {name for name in FIELDS if before is None or now[name] != was[name]}
    if "currency" in changed:
        changed |= set(_IN_MONEY)
    return _changed(before or _EMPTY, now, changed, zone)


def shown(error: Invalid) -> Wrong:
    """Return where the form shows an error."""
    field = str(error.facts["field"])
    starts = [
        start
        for start in _SHOWN_AT
        if field == start or field.startswith((f"{start}.", f"{start}["))
    ]
    at = _SHOWN_AT[max(starts, key=len)] if starts else NOWHERE
    return Wrong(at, str(error.facts["mend"]))


def has_more(program: Program, zone: tzinfo = UTC) -> bool:
    """Whether a program says more than the form shows."""
    simple = _changed(
        replace(_EMPTY, version=program.version, saved=program.saved),
        filled(program, zone),
        set(FIELDS),
        zone,
    )
    return simple != replace(program, paused=None)


def _changed(base: Program, now: Values, changed: set[str], zone: tzinfo) -> Program:
    made: dict[str, Any] = {name: now[name] for name in ("name", "title") if name in changed}
    if "relation" in changed:
        made["relations"] = _relations(now["relation"])
    for part in ("offer", "reward"):
        if {part, f"{part}_kind"} & changed:
            made[part] = _worth(part, now[f"{part}_kind"], now[part], now["currency"])
    if "combines_with" in changed:
        made["combines_with"] = _combining(now["combines_with"])
    for name in ("starts", "ends"):
        if name in changed:
            made[name] = _moment(name, now[name], zone)
    return replace(base, **made, terms=_terms(base.terms, now, changed))


def _relations(choice: str) -> tuple[Relation, ...]:
    if choice in SEVERAL:
        return ()
    if choice not in set(Relation):
        raise ProgramInvalid(field="relations", mend="choose one of the list")
    return (Relation(choice),)


def _of_combining(program: Program) -> str:
    beside = program.combines_with
    if not beside:
        return "" if beside is None else "none"
    return "_".join(one for one in Discount if one in beside)


def _combining(choice: str) -> tuple[Discount, ...] | None:
    if choice not in _COMBINING:
        raise ProgramInvalid(field="combines_with", mend="choose one of the list")
    return _COMBINING[choice]


def _terms(terms: Terms, now: Values, changed: set[str]) -> Terms:
    made: dict[str, Any] = {
        name: _whole(f"terms.{name}", now[name])
        for name in ("hold_days", "window_days")
        if name in changed
    }
    if "claim_by" in changed:
        made["claim_by"] = _claim_by(now["claim_by"])
    if "minimum" in changed:
        made["minimum"] = _amount("terms.minimum", now["minimum"], now["currency"])
    if "cap" in changed:
        made["caps"] = _caps(terms, now["cap"])
    if "budget" in changed:
        unit = POINTS if now["reward_kind"] == Kind.POINTS else now["currency"]
        most = _amount("terms.budget", now["budget"], unit)
        every = terms.budget.every if terms.budget else Period.EVER
        made["budget"] = Budget(most=most, every=every) if most else None
    return replace(terms, **made)


def _claim_by(text: str) -> ClaimBy:
    if text not in CLAIMED_BY:
        raise ProgramInvalid(field="terms.claim_by", mend="choose one of the list")
    return ClaimBy(text)


def _caps(terms: Terms, text: str) -> tuple[Cap, ...]:
    others = tuple(cap for cap in terms.caps if cap != _plain_cap(terms))
    return (Cap(most=_whole("terms.caps", text)), *others) if text else others


def _plain_cap(terms: Terms) -> Cap | None:
    """Return the cap that the form shows: so many orders of one advocate, for ever."""
    plain = (cap for cap in terms.caps if cap.per is Per.ADVOCATE and cap.every is Period.EVER)
    return next(plain, None)


def _of_worth(worth: Worth) -> tuple[str, str]:
    kind = f"{_SHARE}{worth.kind}" if worth.of_order else str(worth.kind)
    if worth.amount is not None:
        return kind, written(worth.amount)
    if worth.percent is not None:
        return kind, f"{worth.percent:f}"
    return kind, worth.product or ""


def _worth(field: str, choice: str, text: str, currency: str) -> Worth:
    kind = Kind(choice.removeprefix(_SHARE)) if choice in {*OFFERS, *REWARDS} else None
    if kind is None:
        raise ProgramInvalid(field=f"{field}.kind", mend="choose one of the list")
    if choice.startswith(_SHARE):
        return _with_percent(field, text, kind, of_order=True)
    if kind is Kind.PERCENT_OFF:
        return _with_percent(field, text, kind, of_order=False)
    if kind in (Kind.FREE_SHIPPING, Kind.THANKS):
        return Worth(kind)
    if kind is Kind.FREE_PRODUCT:
        return Worth(kind, product=text)
    unit = POINTS if kind is Kind.POINTS else currency
    return Worth(kind, amount=_amount(f"{field}.amount", text, unit) or Money(0, unit))


def _with_percent(field: str, text: str, kind: Kind, *, of_order: bool) -> Worth:
    try:
        percent = percent_off(text).percent
    except ProgramInvalid as error:
        raise ProgramInvalid(field=f"{field}.percent", mend=error.facts["mend"]) from None
    return Worth(kind, percent=percent, of_order=of_order)


def _amount(field: str, text: str, unit: str) -> Money | None:
    if not text:
        return None
    if unit == POINTS:
        return Money(_whole(field, text), unit)
    try:
        return money(text, unit.upper())
    except Invalid as error:
        wrong = "currency" if error.facts["field"] == "currency" else field
        raise ProgramInvalid(field=wrong, mend=error.facts["mend"]) from None


def _whole(field: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise ProgramInvalid(field=field, mend="give a whole number")
    return int(text)


def _date(moment: datetime | None, zone: tzinfo) -> str:
    return "" if moment is None else moment.astimezone(zone).date().isoformat()


def _moment(field: str, text: str, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ProgramInvalid(field=field, mend="give a date, like 2026-12-31") from None


def _currencies(program: Program) -> Iterator[str]:
    """Yield the currencies that a program names."""
    terms = program.terms
    amounts = [program.reward.amount, program.offer.amount, terms.minimum]
    amounts += [terms.budget.most] if terms.budget else []
    yield from (one.unit for one in amounts if one is not None and one.unit != POINTS)

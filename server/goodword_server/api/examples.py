"""One example of every route, told as the verb is called; its answer was recorded from a real app.

A test plays all of them, in this sequence, and holds each answer against the recorded one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Final

from goodword import wire
from goodword.interface.routes import (
    BY_VERB,
    Route,
    beside_path,
    has_query,
    in_path,
    left_out,
)
from goodword.model.credit import Verdict, Visiting
from goodword.model.invitation import Vouched
from goodword.model.message import Channel
from goodword.model.money import money
from goodword.model.order import Order, Refund
from goodword.model.people import Advocate, Claiming, Relation
from goodword.model.program import Program
from goodword.model.proof import Proof, ProofKind
from goodword.model.terms import Terms
from goodword.model.worth import amount_off, percent_off

RECORDED: Final = Path(__file__).with_name("answers.json")
START: Final = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
PLACED: Final = START + timedelta(minutes=5)
_PERIOD: Final = {
    "since": datetime(2026, 11, 1, tzinfo=UTC),
    "until": datetime(2026, 12, 1, tzinfo=UTC),
}


@cache
def answers() -> Mapping[str, Any]:
    """Return the recorded answers, by verb."""
    found: Mapping[str, Any] = json.loads(RECORDED.read_text(encoding="utf-8"))
    return found


def _visit() -> str:
    return str(answers()["record_visit"]["id"])


def _claim() -> str:
    return str(answers()["claim"]["id"])


def _webhook() -> str:
    return str(answers()["webhooks.add"]["webhook"]["id"])


def _thanks() -> str:
    return str(answers()["thanks.owed"]["items"][0]["id"])


PROGRAM: Final = Program(
    name="friends",
    title="Give 10%, get NT$100",
    offer=percent_off(10),
    reward=amount_off("100", "TWD"),
    terms=Terms(window_days=30, hold_days=14),
)
MEI: Final = Advocate(id="c-17", name="Mei", email="mei@example.com", phone="+886 912 345 678")

PROOF: Final = Proof(
    id="mei-2026",
    kind=ProofKind.TESTIMONIAL,
    text="The oolong is the best that I ever had, and it came the next day.",
    consented=PLACED,
    person="c-17",
)


LIN: Final = Vouched(name="Lin", email="lin@example.com", relation=Relation.EMPLOYEE)


@cache
def order() -> Order:
    """Return the order that a friend placed after they followed Mei's link."""
    return Order(
        id="1001",
        placed=PLACED,
        modified=PLACED,
        paid=PLACED,
        net=money("1200.00", "TWD"),
        gross=money("1260.00", "TWD"),
        visit=_visit(),
        customer="u-9",
        email="bo@example.com",
    )


def _tried() -> Order:
    return replace(
        order(), id="2001", visit=None, customer=None, code="MEI2026", email="ann@example.com"
    )


def _refund() -> Refund:
    return Refund(id="r-1", gross=money("300.00", "TWD"), at=PLACED + timedelta(days=2))


def _words() -> Mapping[str, Any]:
    """Return which text of a shop's own is meant."""
    return {
        "program": PROGRAM.name,
        "moment": "friend.title",
        "channel": Channel.PAGE,
        "language": "en",
    }


@cache
def told() -> Mapping[str, Mapping[str, Any]]:
    """Return the arguments of each verb's example, in the sequence in which they can be sent."""
    mei, friends = MEI.id, PROGRAM.name
    return {
        "programs.save": {"program": PROGRAM},
        "programs.find": {"name": friends},
        "programs.list": {},
        "advocates.invite": {
            "program": friends,
            "advocate": MEI,
            "code": "MEI-2026",
            "coupon": "mei-tea",
        },
        "advocates.find": {"id": mei},
        "advocates.reached_at": {"email": "mei@example.com"},
        "advocates.codes": {"id": mei},
        "find_code": {"text": "mei-2026"},
        "find_offer": {"text": "mei-2026"},
        "ask_name": {"name": "Mei", "hint": "MEI2026"},
        "record_visit": {"visiting": Visiting(code="MEI2026", landing="/oolong", via="line")},
        "claim": {"claiming": Claiming(code="MEI2026", email="bo@example.com", visit=_visit())},
        "find_claim": {"id": _claim()},
        "confirm": {"claim": _claim(), "account": "u-9"},
        "programs.try_out": {"order": _tried()},
        "record_order": {"order": order()},
        "credit.explain": {"order": "1001", "language": "en"},
        "thanks.owed": {"limit": 50},
        "thanks.keep": {"id": _thanks(), "channel": "line"},
        "thanks.of": {"advocate": mei},
        "advocates.brought": {"id": mei},
        "advocates.why": {"id": mei, "order": "1001", "language": "en"},
        "rewards.list": {"advocate": mei},
        "rewards.balance": {"advocate": mei},
        "record_refund": {"order": "1001", "refund": _refund()},
        "reviews.open": {},
        "reviews.decide": {
            "order": "1003",
            "verdict": Verdict.APPROVED,
            "reason": "they share a flat, not a purse",
            "by": "owner",
        },
        "credit.assign": {
            "order": "1004",
            "code": "MEI2026",
            "reason": "she named Mei on the phone",
        },
        "credit.replay": {**_PERIOD, "as_placed": True},
        "rewards.mark_paid": {"advocate": "p-1", "reference": "transfer 2026-11"},
        "rewards.statement": {**_PERIOD, "advocate": "p-1"},
        "advocates.draw": {"program": friends, "advocate": mei, "many": 3},
        "advocates.rotate": {"program": friends, "advocate": mei, "code": "MEI-2027"},
        "programs.pause": {"name": friends},
        "programs.resume": {"name": friends},
        "advocates.merge": {"gone": "c-18", "into": mei},
        "proofs.save": {"proof": PROOF},
        "proofs.list": {},
        "proofs.remove": {"id": PROOF.id},
        "messages.say": {
            "program": friends,
            "channel": Channel.SHARE,
            "language": "en",
            "code": "MEI2027",
            "shop": "Tea House",
        },
        "messages.preview": {**_words(), "text": "15% off, from {{ advocate }}"},
        "messages.edit": {**_words(), "text": "15% off, from {{ advocate }}"},
        "messages.list": {"program": friends, "language": "en", "limit": 1},
        "messages.check": {"program": friends, "language": "en"},
        "advocates.enroll": {
            "program": friends,
            "people": [LIN],
            "by": "Chen, Tea House",
            "language": "en",
            "dry_run": True,
        },
        "people.decline": {"id": "lin@example.com"},
        "pages.open": {"id": mei},
        "pages.close": {"id": mei},
        "people.export": {"id": "bo@example.com"},
        "people.forget": {"id": "bo@example.com"},
        "webhooks.add": {
            "url": "https://tea.example/hooks",
            "types": ("reward.due", "thanks.owed"),
            "contact": "owner@tea.example",
        },
        "webhooks.list": {},
        "webhooks.find": {"id": _webhook()},
        "webhooks.rotate": {"id": _webhook()},
        "webhooks.remove": {"id": _webhook()},
    }


@dataclass(frozen=True, slots=True)
class Sent:
    """An example as it travels."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    """None: there is none."""


@cache
def sent(verb: str) -> Sent:
    """Return the example of a verb as it travels."""
    route, given = BY_VERB[verb], told()[verb]
    known = dict(given)
    if route.body is not None and route.body_in_path is not None:
        known[route.body_in_path] = getattr(given[route.body], route.body_in_path)
    beside = {one.name for one in beside_path(route)} | {"limit", "cursor"}
    query = {name: _spelled(given[name]) for name in given if name in beside}
    return Sent(
        path={name: str(known[name]) for name in in_path(route.path)},
        query=query if has_query(route) else {},
        body=_body(route, given),
    )


def _body(route: Route, given: Mapping[str, Any]) -> Any:
    if route.body is not None:
        packed = wire.plain(given[route.body])
        return {name: value for name, value in packed.items() if name not in left_out(route)}
    if has_query(route) or not beside_path(route):
        return None
    beside = [one.name for one in beside_path(route)]
    return {name: wire.plain(given[name]) for name in beside if name in given}


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else str(value)

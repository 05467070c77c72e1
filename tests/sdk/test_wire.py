"""All JSON of ours: what goes out comes back, and what strangers send is checked."""

from __future__ import annotations

import dataclasses
import importlib
import json
import pkgutil
import types
import typing
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import ValidationError

from goodword import (
    CodeVia,
    Landing,
    Line,
    Money,
    Order,
    Program,
    Refund,
    RefundedLine,
    Rung,
    Terms,
    Worth,
    amount_off,
    model,
    percent_off,
    share_of_order,
    wire,
)
from goodword.model.credit import Candidate
from tests.sdk.builders import PLACED, START, a_program, an_order, gbp, later


def values() -> list[type]:
    """Every value of the model."""
    found: list[type] = []
    for module in pkgutil.iter_modules(model.__path__):
        inside = vars(importlib.import_module(f"{model.__name__}.{module.name}"))
        found += [
            one
            for one in inside.values()
            if dataclasses.is_dataclass(one)
            and isinstance(one, type)
            and one.__module__.endswith(module.name)
        ]
    return found


VALUES = values()
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: st.text(max_size=8),
    int: st.integers(),
    bool: st.booleans(),
    float: st.floats(allow_nan=False),
    datetime: st.datetimes(timezones=st.just(UTC)),
    Decimal: st.decimals(allow_nan=False, allow_infinity=False),
}


def any_of(kind: Any) -> st.SearchStrategy[Any]:
    """A strategy for an annotation, as our values use them."""
    if isinstance(kind, types.UnionType):
        return st.one_of([any_of(part) for part in typing.get_args(kind)])
    if kind is type(None):
        return st.none()
    if typing.get_origin(kind) is tuple:
        return st.lists(any_of(typing.get_args(kind)[0]), max_size=2).map(tuple)
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        fields = {name: st.deferred(lambda name=name: any_of(hints[name])) for name in hints}  # type: ignore[misc]
        return st.builds(kind, **fields)  # type: ignore[arg-type]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if typing.get_origin(kind) is Mapping:
        return st.dictionaries(st.text(max_size=8), st.text(max_size=8) | st.integers(), max_size=2)
    return PLAIN[kind]


def test_the_model_holds_values() -> None:
    assert {Order, Money, Candidate, Terms} <= set(VALUES)
    assert len(VALUES) > 25


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALUES)
@settings(max_examples=15)
@given(data=st.data())
def test_what_is_packed_is_unpacked(kind: type, data: st.DataObject) -> None:
    value = data.draw(any_of(kind))
    packed = wire.pack(value)
    assert wire.unpack(kind, packed) == value
    assert json.loads(packed) == wire.plain(value)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [Order, Refund, Program, Candidate])
@settings(max_examples=25)
@given(data=st.data())
def test_what_we_write_strangers_may_send(kind: type, data: st.DataObject) -> None:
    value = data.draw(any_of(kind))
    assert wire.schema(kind)().load(json.loads(json.dumps(wire.plain(value)))) == value


def test_what_is_empty_is_left_out_but_never_a_term_that_may_change() -> None:
    assert wire.plain(Landing(code="x")) == {"code": "x"}
    assert wire.plain(a_program()) == {
        "name": "friends",
        "title": "Give 10%, get 10%",
        "offer": {"kind": "percent_off", "percent": "10"},
        "reward": {"kind": "amount_off", "percent": "10", "of_order": True},
        "terms": {
            "window_days": 30,
            "grace_days": 3,
            "hold_days": 14,
            "hold_from": "paid",
            "claim_days": 30,
            "claim_by": "email",
            "within_rung": "last",
        },
    }


def test_texts_are_kept_readable() -> None:
    assert wire.pack(Landing(code="茶")) == '{"code":"茶"}'


# Facts.


def test_equal_facts_have_one_fingerprint() -> None:
    assert wire.fingerprint(an_order()) == wire.fingerprint(an_order())
    elsewhere = PLACED.replace(tzinfo=timezone(timedelta(0), "GMT"))
    assert wire.fingerprint(an_order(placed=elsewhere)) == wire.fingerprint(an_order())


OTHER: dict[str, Any] = {
    "id": "18",
    "placed": START,
    "number": "1001",
    "modified": START,
    "net": gbp("1"),
    "gross": gbp("1"),
    "paid": None,
    "cancelled": PLACED,
    "refunded": True,
    "test": True,
    "doubted": True,
    "lines": (Line(id="4", net=gbp("1")),),
    "coupons": (),
    "code": "X",
    "code_via": CodeVia.LINK,
    "visit": "v",
    "landing": Landing(code="X"),
    "customer": "c-9",
    "email": None,
    "refunds": (Refund(id="18", gross=gbp("1")),),
    "first_order": False,
    "fulfilled": PLACED,
    "disputed": PLACED,
    "phone": "0912345678",
    "home": "TW\n106\n和平東路2段12號",
    "named": "Alice",
    "named_hint": "ALICE10",
    "country": "TW",
    "kind": "pos",
    "customer_since": START,
}


def test_every_fact_of_an_order_counts() -> None:
    assert OTHER.keys() == {field.name for field in dataclasses.fields(Order)}
    changed = [wire.fingerprint(an_order(**{name: value})) for name, value in OTHER.items()]
    assert len({wire.fingerprint(an_order()), *changed}) == len(changed) + 1


@pytest.mark.slow
@settings(max_examples=50)
@given(one=any_of(Refund), other=any_of(Refund))
def test_other_facts_have_another_fingerprint(one: Refund, other: Refund) -> None:
    assert (wire.fingerprint(one) == wire.fingerprint(other)) == (one == other)


@pytest.mark.parametrize("lines", [None, (), (RefundedLine(line="4", net=gbp("0")),)])
def test_no_lines_and_unknown_lines_are_other_facts(lines: Any) -> None:
    packed = wire.unpack(Refund, wire.pack(Refund(id="1", gross=gbp("1"), lines=lines)))
    assert packed.lines == lines


# What strangers send.

SENT_ORDER: dict[str, Any] = {
    "id": "17",
    "placed": "2026-11-22T09:25:23+00:00",
    "net": {"minor": 7200, "unit": "GBP"},
    "gross": {"minor": 7200, "unit": "GBP"},
}


def test_a_stranger_may_send_the_least() -> None:
    order = wire.schema(Order)().load(SENT_ORDER)
    assert order == Order(id="17", placed=PLACED, net=gbp("72.00"), gross=gbp("72.00"))


@pytest.mark.parametrize("minor", [7200, 7200.0])
def test_a_whole_number_is_one_however_json_writes_it(minor: float) -> None:
    order = wire.schema(Order)().load({**SENT_ORDER, "net": {"minor": minor, "unit": "GBP"}})
    assert order.net == gbp("72.00")
    assert type(order.net.minor) is int


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("net.minor", {"net": {"minor": 72.5, "unit": "GBP"}}),
        ("net.minor", {"net": {"minor": "7200", "unit": "GBP"}}),
        ("net.minor", {"net": {"minor": True, "unit": "GBP"}}),
        ("net.minor", {"net": {"minor": float("inf"), "unit": "GBP"}}),
        ("net.minor", {"net": {"minor": float("nan"), "unit": "GBP"}}),
        ("net.minor", {"net": {"minor": None, "unit": "GBP"}}),
        ("net.unit", {"net": {"minor": 7200}}),
        ("net.cents", {"net": {"minor": 7200, "unit": "GBP", "cents": 0}}),
        ("net", {"net": None}),
        ("net", {"net": 72}),
        ("id", {"id": 17}),
        ("id", {"id": None}),
        ("placed", {"placed": "2026-11-22T09:25:23"}),
        ("placed", {"placed": "2026-11-22"}),
        ("placed", {"placed": "yesterday"}),
        ("placed", {"placed": 1_800_000_000}),
        ("placed", {"placed": "0001-01-01T00:00:00+14:00"}),
        ("placed", {"placed": "9999-12-31T23:59:59-12:00"}),
        ("paid", {"paid": "2026-11-22T09:25:23"}),
        ("status", {"status": "completed"}),
        ("code_via", {"code_via": "guessed"}),
        ("test", {"test": "perhaps"}),
        ("test", {"test": "true"}),
        ("test", {"test": 1}),
        ("lines", {"lines": None}),
        ("lines.0.net", {"lines": [{"id": "4"}]}),
        ("coupons.0.discount.minor", {"coupons": [{"text": "x", "discount": {}}]}),
        ("refunds.0.lines.0.net", {"refunds": [{"id": "1", "lines": [{"line": "4"}]}]}),
    ],
)
def test_what_cannot_be_read_is_named(path: str, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        wire.schema(Order)().load({**SENT_ORDER, **change})
    problem: Any = caught.value.messages
    for step in path.split("."):
        problem = problem[int(step) if step.isdigit() else step]
    assert problem


@pytest.mark.parametrize("missing", SENT_ORDER)
def test_what_is_missing_is_named(missing: str) -> None:
    sent = {name: value for name, value in SENT_ORDER.items() if name != missing}
    with pytest.raises(ValidationError) as caught:
        wire.schema(Order)().load(sent)
    assert caught.value.messages == {missing: ["is missing"]}


def test_a_moment_from_elsewhere_is_kept_in_utc() -> None:
    order = wire.schema(Order)().load({**SENT_ORDER, "placed": "2026-11-22T17:25:23+08:00"})
    assert order.placed == PLACED
    assert order.placed.utcoffset() == timedelta(0)


PROGRAM = wire.plain(a_program())


@pytest.mark.parametrize("percent", [12.5, "a tenth", "NaN", "Infinity", " 10", "1_0", True])
def test_a_percentage_is_a_text(percent: Any) -> None:
    sent = {**PROGRAM, "reward": {"kind": "percent_off", "percent": percent}}
    with pytest.raises(ValidationError) as caught:
        wire.schema(Program)().load(sent)
    assert caught.value.messages_dict["reward"]["percent"]


@pytest.mark.parametrize(
    "worth", [percent_off("12.5"), share_of_order(10), amount_off("100", "TWD")]
)
def test_a_worth_comes_back_as_it_was(worth: Worth) -> None:
    program = a_program(worth, terms=Terms(minimum=gbp("20")))
    assert wire.schema(Program)().load(wire.plain(program)) == program


def test_what_a_caller_cannot_set_is_left_out() -> None:
    schema = wire.schema(Program, leave_out=("version", "saved"))()
    assert Program(**schema.load(PROGRAM)) == a_program()
    with pytest.raises(ValidationError) as caught:
        schema.load({**PROGRAM, "version": 3})
    assert caught.value.messages == {"version": ["is not known here: look at its spelling"]}


def test_a_rung_is_sent_as_its_number() -> None:
    candidate = Candidate(
        rung=Rung.VISIT, source="visit:1", code="A", advocate="c", program="p", version=1
    )
    assert wire.plain(candidate)["rung"] == 4
    assert wire.schema(Candidate)().load(wire.plain(candidate)) == candidate


def test_a_schema_is_made_once() -> None:
    assert wire.schema(Order) is wire.schema(Order)


def test_later_states_differ_in_their_moment_alone() -> None:
    order = an_order()
    assert wire.plain(later(order)) == {
        **wire.plain(order),
        "modified": "2026-11-22T09:25:24+00:00",
    }

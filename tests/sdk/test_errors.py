"""Errors are a family and carry facts."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from copy import copy
from string import Formatter

import pytest

import goodword
from goodword import errors
from goodword.errors import (
    CodeTaken,
    Conflict,
    GoodwordError,
    Invalid,
    OrderInvalid,
    TillDown,
    TillTrouble,
    Unknown,
    UnknownCode,
)


def family(root: type[GoodwordError] = GoodwordError) -> Iterator[type[GoodwordError]]:
    yield root
    for child in root.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from family(child)


FAMILY = list(family())


def made(kind: type[GoodwordError]) -> GoodwordError:
    """An error with a fact for each value that its message names."""
    names = {name for _, name, _, _ in Formatter().parse(kind.message) if name}
    return kind(**{name: f"the {name}" for name in names})


def test_every_reason_is_one_errors_own() -> None:
    reasons = [kind.__dict__.get("reason") for kind in FAMILY]
    assert len(set(reasons)) == len(reasons)
    assert all(reason and reason.isidentifier() and reason.islower() for reason in reasons)


@pytest.mark.parametrize("kind", FAMILY)
def test_every_error_is_public_and_says_what_happened(kind: type[GoodwordError]) -> None:
    assert kind.__doc__
    assert getattr(goodword, kind.__name__) is kind
    assert kind.__name__ in goodword.__all__


@pytest.mark.parametrize("kind", FAMILY)
def test_every_message_is_filled_with_its_facts(kind: type[GoodwordError]) -> None:
    error = made(kind)
    assert all(str(fact) in str(error) for fact in error.facts.values())
    assert "{" not in str(error)


@pytest.mark.parametrize("kind", FAMILY)
@pytest.mark.parametrize("copied", [lambda error: pickle.loads(pickle.dumps(error)), copy])
def test_every_error_travels_between_processes(kind: type[GoodwordError], copied: object) -> None:
    assert callable(copied)
    error = made(kind)
    arrived = copied(error)
    assert type(arrived) is kind
    assert arrived.facts == error.facts
    assert str(arrived) == str(error)


def test_what_cannot_be_used_names_its_field_and_mend() -> None:
    error = OrderInvalid(field="net", mend="report it in GBP", found="EUR")
    assert str(error) == "net: report it in GBP"
    assert error.facts == {"field": "net", "mend": "report it in GBP", "found": "EUR"}


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        (OrderInvalid, {Invalid}),
        (UnknownCode, {Unknown}),
        (CodeTaken, {Conflict}),
        (TillDown, {TillTrouble}),
    ],
)
def test_the_narrow_is_caught_with_the_wide(
    kind: type[GoodwordError], parents: set[type[GoodwordError]]
) -> None:
    assert all(issubclass(kind, parent) for parent in parents | {GoodwordError})


def test_braces_in_a_fact_are_only_a_fact() -> None:
    assert "{text}" in str(UnknownCode(text="{text}"))


def test_the_tree_at_the_top_of_the_file_is_the_truth() -> None:
    assert errors.__doc__
    drawn = set(errors.__doc__.replace(",", " ").split())
    assert {kind.__name__ for kind in FAMILY} <= drawn

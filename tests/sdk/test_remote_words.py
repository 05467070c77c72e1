"""A remote verb takes what the interface says, and says what it says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any, assert_type

import pytest

from goodword.interface.routes import BY_VERB, documented
from goodword.interface.wings import Programs
from goodword.remote import Connection, RemoteReferrals


class Noting(Connection):
    """A connection that notes what it is asked, and asks nobody."""

    def __init__(self) -> None:
        super().__init__("https://thanks.example", "gw_key")
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    def call(self, verb: str, told: Mapping[str, Any]) -> Any:
        self.asked.append((verb, told))


@pytest.fixture
def referrals() -> Iterator[RemoteReferrals]:
    with closing(RemoteReferrals.over(Noting())) as referrals:
        yield referrals


def asked_of(referrals: RemoteReferrals) -> list[tuple[str, Mapping[str, Any]]]:
    assert isinstance(referrals.connection, Noting)
    return referrals.connection.asked


def method(referrals: RemoteReferrals, verb: str) -> Callable[..., Any]:
    wing, _, name = verb.rpartition(".")
    found: Callable[..., Any] = getattr(getattr(referrals, wing) if wing else referrals, name)
    return found


@pytest.mark.parametrize("verb", BY_VERB)
def test_a_verb_explains_itself_as_the_interface_does(
    referrals: RemoteReferrals, verb: str
) -> None:
    asks, explained = method(referrals, verb), documented(verb)
    assert asks.__doc__ == explained.__doc__
    of_a_class = list(inspect.signature(explained).parameters.values())
    assert list(inspect.signature(asks).parameters.values()) == of_a_class[1:]


def test_a_type_checker_knows_what_a_wing_takes(referrals: RemoteReferrals) -> None:
    # What it is told here, mypy holds against the truth.
    assert_type(referrals.programs, Programs)
    assert isinstance(referrals.programs, Programs)


def test_arguments_travel_by_name_however_they_were_given(referrals: RemoteReferrals) -> None:
    referrals.credit.assign("17", "ANN10", reason="told us")
    referrals.credit.assign(order="17", code="ANN10", reason="told us")
    told = {"order": "17", "code": "ANN10", "reason": "told us"}
    assert asked_of(referrals) == [("credit.assign", told)] * 2


@pytest.mark.parametrize(
    ("verb", "given", "named", "why"),
    [
        ("advocates.invite", ("friends", None), {"cuopon": "ten"}, "unexpected keyword.*cuopon"),
        ("find_code", ("ANN10", "BOB10"), {}, "too many positional"),
        ("record_order", (None, True), {}, "too many positional"),
        ("credit.assign", ("17",), {"reason": "told us"}, "missing.*code"),
    ],
)
def test_what_is_mistyped_too_much_or_missing_is_told(
    referrals: RemoteReferrals, verb: str, given: Any, named: Any, why: str
) -> None:
    with pytest.raises(TypeError, match=rf"{verb}\(\): .*{why}"):
        method(referrals, verb)(*given, **named)
    assert asked_of(referrals) == []

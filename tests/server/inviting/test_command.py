"""`goodword invite-csv`: a list is looked at, and all of it is done or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from goodword import Invited, Relation, Vouched
from tests.server.builders import Place
from tests.server.test_cli import Run, complained, run, said  # noqa: F401

pytestmark = pytest.mark.slow

LIN = Vouched(name="Lin", email="lin@tea.example", relation=Relation.EMPLOYEE)


def result(place: Place) -> Invited:
    (told,) = place.referrals.advocates.enroll("friends", [LIN], by="x", dry_run=True)
    return told.result


def a_list(folder: Path, text: str) -> str:
    path = folder / "staff.csv"
    path.write_text(text, encoding="utf-8-sig")
    return str(path)


def test_a_dry_run_says_what_would_be_done(run: Run, place: Place, tmp_path: Path) -> None:  # noqa: F811
    path = a_list(tmp_path, "name;email\nLin;lin@tea.example\n")
    asked = ("invite-csv", "tea-house", "friends", path, "--by", "Chen")
    told = said(run(*asked, "--relation", "employee", "--dry-run"))
    assert "line 2: Lin will be invited" in told
    assert "1 would be mailed." in told
    assert result(place) is Invited.NEW
    told = said(run(*asked, "--relation", "employee"))
    assert "line 2: Lin is invited (" in told
    assert "1 to be mailed." in told
    assert result(place) is Invited.STANDS


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name,email\nLin,lin at tea\n", "line 2, email: is no e-mail address"),
        ("name,email\nLin,lin@tea.example\n,x@tea.example\n", "line 3, name: say in one line"),
        ("name,mial\nLin,lin@tea.example\n", "line 1, mial: is not known"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_nobody_is_invited(
    run: Run,  # noqa: F811
    place: Place,
    tmp_path: Path,
    text: str,
    told: str,
) -> None:
    asked = ("invite-csv", "tea-house", "friends", a_list(tmp_path, text), "--by", "Chen")
    answer = run(*asked, "--relation", "employee")
    assert answer.exit_code == 1
    assert told in answer.output
    assert result(place) is Invited.NEW


def test_a_list_without_relations_needs_one(run: Run, place: Place, tmp_path: Path) -> None:  # noqa: F811
    path = a_list(tmp_path, "name,email\nLin,lin@tea.example\n")
    told = complained(run("invite-csv", "tea-house", "friends", path, "--by", "Chen"))
    assert "line 2, relation: say how they stand" in told

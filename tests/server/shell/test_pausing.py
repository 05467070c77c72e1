"""A program is paused on its page, and goes on there: by its owner, and noted in the log."""

from __future__ import annotations

import pytest

from goodword_server.house import House
from goodword_server.shell.roles import Role
from tests.server.builders import Place
from tests.server.shell.browser import AT, CHINESE, somebody

pytestmark = pytest.mark.slow

PROGRAM = f"{AT}/programs/friends"


@pytest.mark.parametrize(
    ("language", "says", "marked", "goes_on", "did"),
    [
        ("en", "Pause the program", "paused", "Let it go on", "paused a program"),
        (CHINESE, "暫停推薦計畫", "暫停中", "恢復推薦計畫", "暫停推薦計畫"),
    ],
)
def test_a_program_is_paused_and_goes_on(
    house: House, place: Place, language: str, says: str, marked: str, goes_on: str, did: str
) -> None:
    browser = somebody(house, Role.OWNER, language=language)
    page = browser.read(PROGRAM)
    assert says in page.text
    assert goes_on not in page.text
    for _ in range(2):
        assert browser.post(f"{PROGRAM}/pause").location == f"{AT}/programs"
    assert place.referrals.programs.find("friends").paused is not None
    assert marked in browser.read(f"{AT}/programs").text
    page = browser.read(PROGRAM)
    assert [form["action"] for form in page.forms if "action" in form][-1] == (
        f"{PROGRAM}/resumption"
    )
    assert goes_on in page.text
    assert did in browser.read(f"{AT}/log").text
    # Saving the form neither ends the pause nor counts it as a change.
    version = next(told["value"] for told in page.all("input") if told.get("name") == "version")
    browser.post(PROGRAM, version=version)
    found = place.referrals.programs.find("friends")
    assert (found.version, found.paused is None) == (1, False)
    browser.post(f"{PROGRAM}/resumption")
    assert place.referrals.programs.find("friends").paused is None


@pytest.mark.parametrize("role", [Role.READONLY, Role.STAFF])
def test_only_its_owner_pauses_it(house: House, place: Place, role: Role) -> None:
    browser = somebody(house, role)
    assert "Pause the program" not in browser.read(PROGRAM).text
    for verb in ("pause", "resumption"):
        assert browser.post(f"{PROGRAM}/{verb}").status_code == 403
    assert place.referrals.programs.find("friends").paused is None


def test_a_program_that_is_not_here_cannot_be_paused(house: House, place: Place) -> None:
    browser = somebody(house, Role.OWNER)
    for verb in ("pause", "resumption"):
        assert browser.post(f"{AT}/programs/nothing/{verb}").status_code == 404

"""The doctor: what is wrong is said in plain words, with what to do; what is well is not blamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from goodword.model.trouble import Trouble
from goodword_server.doctor import Finding, Grade, examine
from goodword_server.house import House
from goodword_server.storage import endpoints, inbox, signs
from goodword_server.telling.endpoints import Endpoints
from tests.sdk.builders import Clock
from tests.server.builders import NEXT_SECRET, PAID, SHOP, Place, a_house, client_of, connect
from tests.server.test_cli import Run, run, run_fresh  # noqa: F401

WELL = {"proxies": 1}


@pytest.fixture
def place(url: str, clock: Clock, tmp_path: Path) -> Iterator[Place]:
    """A server that lacks nothing, and its shop."""
    with a_house(url, clock, **WELL) as house:
        connected = connect(house)
        house.database.write(lambda session: signs.beat(session, clock()))
        yield Place(house, connected, client_of(house))


def wrong(house: House, grade: Grade = Grade.WRONG) -> dict[str, str]:
    """What is found to be wrong, and what to do."""
    return {one.what: one.mend for one in examine(house) if one.grade is grade}


def about(found: dict[str, str], word: str) -> tuple[str, str]:
    ((what, mend),) = [pair for pair in found.items() if word in pair[0]]
    return what, mend


def test_a_server_that_lacks_nothing_is_told_so(place: Place) -> None:
    assert wrong(place.house) == {}
    # Nobody is mailed, which is no fault.
    ((what, mend),) = wrong(place.house, Grade.LOOK).items()
    assert ("nobody is mailed" in what, mend) == (True, "set GOODWORD_MAIL")
    assert f"nothing of {SHOP} is stuck" in wrong(place.house, Grade.FINE)


def test_what_is_wrong_has_a_mend_and_what_is_fine_has_none(place: Place) -> None:
    place.house.database.write(lambda s: signs.note_till(s, SHOP, "it is down", place.house.now()))
    for one in examine(place.house):
        assert bool(one.mend) is (one.grade is not Grade.FINE), one


def test_without_tables_one_command_is_named(run_fresh: Run) -> None:  # noqa: F811
    result = run_fresh("doctor")
    assert result.exit_code == 1
    assert "wrong the tables are missing" in result.output
    assert "→ run `goodword migrate`" in result.output
    assert "worker" not in result.output


def test_a_database_that_is_away_is_said_without_its_password(run: Run) -> None:  # noqa: F811
    away = "postgresql://mei:tea-and-secrets@127.0.0.1:9/nowhere"
    result = run("doctor", GOODWORD_DATABASE_URL=away)
    assert result.exit_code == 1
    assert "the database cannot be used" in result.output
    assert "GOODWORD_DATABASE_URL" in result.output
    assert "tea-and-secrets" not in result.output


def test_a_command_of_a_healthy_server_ends_well(place: Place, run: Run) -> None:  # noqa: F811
    place.house.database.write(lambda s: signs.beat(s, place.house.now() + timedelta(days=36500)))
    result = run("doctor", GOODWORD_PROXIES="1")
    assert (result.exit_code, "wrong" in result.output) == (0, False), result.output


@pytest.mark.parametrize(
    ("changes", "grade", "said", "todo"),
    [
        ({"public_url": "http://thanks.example"}, Grade.WRONG, "in the clear", "TLS"),
        ({"public_url": "http://127.0.0.1:8000"}, Grade.LOOK, "this machine alone", "in the world"),
        ({"proxies": 0}, Grade.LOOK, "locks all others out", "GOODWORD_PROXIES"),
        ({"mail": "folder:/dev/null/mails"}, Grade.WRONG, "no mail can be written", "choose"),
        ({"mail": "smtp://127.0.0.1:9"}, Grade.WRONG, "does not let us in", "host and port"),
    ],
)
def test_settings_that_lead_astray_are_told(
    place: Place, changes: dict[str, object], grade: Grade, said: str, todo: str
) -> None:
    place.house.settings = replace(place.house.settings, **changes)  # type: ignore[arg-type]
    what, mend = about(wrong(place.house, grade), said)
    assert todo in mend, what


@pytest.mark.parametrize("later", [timedelta(minutes=4), timedelta(days=2)])
def test_a_worker_that_is_not_at_work_is_told(place: Place, clock: Clock, later: timedelta) -> None:
    clock.on(seconds=later.total_seconds())
    assert "goodword work" in about(wrong(place.house), "a worker was last at work")[1]


def test_a_delivery_that_waits_is_told(place: Place, clock: Clock) -> None:
    place.deliver(PAID)
    assert wrong(place.house) == {}
    clock.on(seconds=600)
    about(wrong(place.house), f"a delivery of {SHOP} has waited since")


def test_a_till_that_does_not_answer_is_told(place: Place) -> None:
    trouble = Trouble("its certificate cannot be trusted", "distrusted")
    place.house.database.write(lambda s: signs.note_till(s, SHOP, trouble, place.house.now()))
    what, mend = about(wrong(place.house), "does not answer at its till")
    assert "its certificate cannot be trusted" in what
    assert f"/owner/shops/{SHOP}/" in mend


def test_what_is_stuck_is_counted_and_leads_to_its_page(place: Place) -> None:
    place.deliver(PAID)

    def bury(session: object) -> None:
        house, now = place.house, place.house.now()
        for kept in inbox.claim(session, house.vault, SHOP, now, timedelta(minutes=1), 9):  # type: ignore[arg-type]
            inbox.bury(session, SHOP, kept, "unreadable")  # type: ignore[arg-type]

    place.house.database.write(bury)
    what, mend = about(wrong(place.house), "stuck")
    assert what == f"1 deliveries of {SHOP} stuck"
    assert mend.endswith(f"/owner/shops/{SHOP}/stuck")
    assert place.client.get(mend.partition("example")[2]).status_code == 302


def test_secrets_that_nobody_opens_are_told(place: Place, url: str, clock: Clock) -> None:
    added = Endpoints(place.house, SHOP).add("https://tea.example/hooks")
    with a_house(url, clock, secrets=(NEXT_SECRET,), **WELL) as other:
        found = wrong(other)
    assert "GOODWORD_SECRETS" in about(found, f"what {SHOP} entrusted")[1]
    id = added.endpoint.id
    assert about(found, "secrets of webhook")[1] == f"`goodword rotate-hook-secret {SHOP} {id}`"


@pytest.mark.parametrize(("why", "told"), [("failing", True), ("gone", True), ("owner", False)])
def test_a_webhook_that_paused_itself_is_told(place: Place, why: str, told: bool) -> None:
    id = Endpoints(place.house, SHOP).add("https://tea.example/hooks").endpoint.id
    pause: Callable[..., bool] = endpoints.pause
    now = place.house.now()
    place.house.database.write(lambda s: pause(s, SHOP, id, why, now, say=False))
    found = wrong(place.house)
    assert bool(found) is told
    assert all(f"`goodword resume-hook {SHOP} {id}`" in mend for mend in found.values())


def test_a_platform_that_is_not_installed_is_told(place: Place) -> None:
    place.house.platforms = {}
    what, mend = about(wrong(place.house), "is not installed")
    assert what == f"{SHOP} is not served: its platform woocommerce is not installed"
    assert mend.startswith("install it")


def test_a_server_without_a_shop_is_told_how_to_get_one(url: str, clock: Clock) -> None:
    with a_house(url, clock, **WELL) as house:
        what, mend = about(wrong(house, Grade.LOOK), "no shop yet")
        assert "goodword connect" in mend
        house.new_key("tea-house")
        assert what not in wrong(house, Grade.LOOK)
        assert Finding(Grade.FINE, "nothing of tea-house is stuck") in list(examine(house))

"""What an owner does with endpoints, by hand and on the command line."""

from __future__ import annotations

import re

import pytest
from click.testing import CliRunner, Result

from goodword.errors import Invalid, TooManyEndpoints, UnknownEndpoint
from goodword_server.cli import main
from goodword_server.house import House
from goodword_server.storage import dispatches, endpoints
from goodword_server.storage.tables import metadata
from goodword_server.telling.endpoints import (
    Endpoints,
    UnknownDispatch,
)
from tests.plans import statements_in, whole_shops_read
from tests.sdk.builders import at_once
from tests.server.builders import SHOP, rows
from tests.server.telling.telling import Telling
from tests.server.telling.test_sending import environment

pytestmark = pytest.mark.slow

URL = "https://tea.example/hooks"
# A shop has few endpoints, and what is swept out is looked for once in a while.
EXCEPTED = {
    "endpoints._OF_SHOP",
    "endpoints._LOCKED",
    "endpoints._FORGET_CONTACTS",
    "dispatches._SWEEP",
}


def test_an_endpoint_is_found_as_it_was_added(house: House) -> None:
    here = Endpoints(house, SHOP)
    added = here.add(URL, ["reward.due", "reward.due"], "owner@tea.example")
    (found,) = here.list()
    assert found == added.endpoint
    assert (found.types, found.contact) == (("reward.due",), "owner@tea.example")
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", added.secret.text)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"url": "http://10.0.0.1/"}, "url"),
        ({"types": ["reward.lost"]}, "types"),
        ({"contact": "nobody"}, "contact"),
        ({"contact": "a@b.example\r\nBcc: all@x.example"}, "contact"),
    ],
)
def test_what_cannot_be_one_is_a_clear_error(
    house: House, given: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        Endpoints(house, SHOP).add(**{"url": URL, **given})  # type: ignore[arg-type]
    assert refused.value.facts["field"] == field
    assert Endpoints(house, SHOP).list() == []


def test_a_shop_of_an_impossible_name_has_none(house: House) -> None:
    with pytest.raises(Invalid, match="shop: "):
        Endpoints(house, "tea house")


def test_a_shop_has_ten_at_most_however_many_are_added_at_once(house: House) -> None:
    here = Endpoints(house, SHOP)
    for _ in range(8):
        here.add(URL)
    came = at_once(*[lambda: here.add(URL)] * 4)
    assert len(here.list()) == 10
    assert sum(isinstance(one, TooManyEndpoints) for one in came) == 2


def test_another_shops_endpoints_are_not_known(telling: Telling) -> None:
    telling.happens()
    telling.fail(500)
    other = Endpoints(telling.house, "book-shop")
    (dead,) = telling.endpoints.dead()
    assert (other.list(), other.dead()) == ([], [])
    for verb in (other.find, other.pause, other.resume, other.rotate, other.drop):
        with pytest.raises(UnknownEndpoint):
            verb(telling.id)
    with pytest.raises(UnknownDispatch):
        other.replay(dead.id)


def test_dropped_it_is_told_nothing_and_the_last_one_ends_the_listening(telling: Telling) -> None:
    second = telling.add()
    telling.happens()
    telling.endpoints.drop(telling.id)
    assert telling.send() == 1
    telling.endpoints.drop(second.endpoint.id)
    telling.happens()
    assert telling.dispatches() == []
    with telling.house.database.connect() as connection:
        told = connection.exec_driver_sql("SELECT count(*) FROM goodword_events").scalar()
    assert told == 0


def test_paused_ones_are_told_what_is_replayed_once_they_are_resumed(telling: Telling) -> None:
    telling.happens()
    telling.fail(500)
    telling.endpoints.pause(telling.id)
    (dead,) = telling.endpoints.dead()
    telling.endpoints.replay(dead.id)
    assert telling.states() == ["held"]


# The command line.


def run(url: str, *words: str, **changes: str | None) -> Result:
    return CliRunner().invoke(main, words, env={**environment(url), **changes})


def said(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_whole_life_of_one_on_the_command_line(url: str, house: House) -> None:
    assert "tells nobody" in said(run(url, "hooks", SHOP))
    words = ("--event", "reward.due", "--contact", "owner@tea.example")
    added = said(run(url, "add-hook", SHOP, URL, *words))
    id, secret = added.split()[0], added.split()[-1]
    assert secret.startswith("whsec_")
    listed = said(run(url, "hooks", SHOP))
    assert listed == f"{id}  {URL}  reward.due  open\n"
    assert "paused (owner)" in said(run(url, "pause-hook", SHOP, id))
    assert said(run(url, "resume-hook", SHOP, id)) == listed
    rotated = said(run(url, "rotate-hook-secret", SHOP, id)).split()[-1]
    assert rotated.startswith("whsec_")
    assert rotated != secret
    assert said(run(url, "dead-hooks", SHOP)) == ""
    assert said(run(url, "drop-hook", SHOP, id)) == "Dropped.\n"
    assert "tells nobody" in said(run(url, "hooks", SHOP))


def test_a_dead_one_on_the_command_line(telling: Telling, url: str) -> None:
    telling.happens()
    telling.fail(500)
    listed = said(run(url, "dead-hooks", SHOP))
    assert "referral.created" in listed
    assert "it answered 500" in listed
    assert said(run(url, "replay-hook", SHOP, listed.split()[0])) == "It will be sent again.\n"
    assert said(run(url, "dead-hooks", SHOP)) == ""


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add-hook", SHOP, "http://tea.example"), "url: must begin with https://"),
        (("add-hook", SHOP, "https://10.0.0.1/"), "url: 10.0.0.1 is no address of the open"),
        (("add-hook", SHOP, URL, "--event", "x"), "types: 'x' never happens"),
        (("pause-hook", SHOP, "x"), "no endpoint 'x' is known"),
        (("replay-hook", SHOP, "x"), "nothing dead is known by 'x'"),
        (("hooks", "tea house"), "shop: use 1 to 64 letters"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(url: str, words: tuple[str, ...], told: str) -> None:
    came = run(url, *words, GOODWORD_HOOKS_LOCAL=None)
    assert came.exit_code == 1
    assert came.stderr.startswith(f"Error: {told}")


# The tables.

STATEMENTS = statements_in(dispatches, endpoints)


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - EXCEPTED))
def test_no_statement_reads_a_whole_shop_on_sqlite(name: str, on_sqlite: str) -> None:
    assert whole_shops_read(on_sqlite, metadata, STATEMENTS[name]) == []


def test_a_notice_stands_with_the_endpoint(telling: Telling) -> None:
    telling.happens()
    telling.receiver.answers = [410]
    telling.send()
    (row,) = rows(telling.house, metadata.tables["goodword_server_endpoints"])
    assert (row["state"], row["why"]) == ("paused", "gone")
    assert row["paused"] is not None

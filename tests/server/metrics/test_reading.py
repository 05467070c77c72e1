"""Metrics in one process: who may read them, what is counted, how things stand."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import text

from goodword import TillDown, TillRefused
from goodword.model.followup import Carried, Duty, FollowUp, again
from goodword.storage.tables import metadata as library
from goodword_server.house import House
from goodword_server.metrics.deeds import Counted
from goodword_server.storage import gauges
from goodword_server.storage.keys import KeyScope
from goodword_server.storage.tables import metadata
from goodword_server.worker import Worker
from goodword_woocommerce.standin import SECRET, StandIn
from tests.plans import statements_in, whole_shops_read
from tests.sdk.builders import START, Clock, Obedient
from tests.server.builders import FIRST_SECRET, PAID, SHOP, Place, a_house, a_place
from tests.server.metrics.reading import BEARER, TOKEN, read, value


@pytest.fixture
def house(url: str, clock: Clock) -> Iterator[House]:
    with a_house(url, clock, metrics=TOKEN) as house:
        yield house


def told(place: Place) -> str:
    answer = place.client.get("/metrics", headers=BEARER)
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_data(as_text=True)


# Who may.


@pytest.mark.parametrize(
    "wrong",
    [{}, {"Authorization": "Bearer"}, {"Authorization": f"Basic {TOKEN}"}]
    + [{"Authorization": f"Bearer {one}"} for one in (TOKEN[:-1], f"{TOKEN}x", "é", FIRST_SECRET)],
    ids=str,
)
def test_nobody_reads_them_without_the_token(place: Place, wrong: dict[str, str]) -> None:
    answer = place.client.get("/metrics", headers=wrong)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].lower().startswith("bearer")
    assert "goodword_" not in answer.get_data(as_text=True)


def test_a_key_of_a_shop_opens_none(place: Place) -> None:
    for scope in KeyScope:
        bearer = {"Authorization": f"Bearer {place.house.new_key(SHOP, scope)}"}
        assert place.client.get("/metrics", headers=bearer).status_code == 401


def test_where_nobody_asked_for_them_there_are_none(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock) as house:
        place = a_place(house)
        assert place.client.get("/metrics", headers=BEARER).status_code == 404


SILENT = """
import sys
from goodword_server.app import create_app
from goodword_server.house import House
from goodword_server.settings import Settings
from goodword_server.worker import Worker
house = House(Settings(database_url=sys.argv[1], secrets=("x" * 32,), public_url="http://x"))
app = create_app(house=house)
app.test_client().get("/healthz")
app.test_client().get("/owner/")
Worker(house)
assert [name for name in sys.modules if name.startswith("prometheus_client")] == []
hooks = [*app.before_request_funcs[None], *app.after_request_funcs[None]]
assert [one for one in hooks if "metrics" in one.__module__] == []
"""


@pytest.mark.slow
def test_where_nobody_asked_for_them_nothing_is_spent(on_sqlite: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", SILENT, on_sqlite], check=True)


# Requests.


def test_requests_are_counted_by_rule_method_and_class_of_status(place: Place) -> None:
    for _ in range(3):
        place.click()
    place.client.get(f"/{SHOP}/r/nobodys", headers={"User-Agent": "Mozilla/5.0"})
    place.client.head("/healthz")
    place.client.post("/healthz")
    place.client.open("/healthz", method="PROPFIND")
    place.client.get("/alice@shop.example/wp-login.php")
    said = told(place)
    assert read(said)["goodword_requests_total"] == {
        frozenset(("/{shop}/r/{code}", "GET", "3xx")): 4,
        frozenset(("/healthz", "HEAD", "2xx")): 1,
        frozenset(("unknown", "POST", "4xx")): 1,
        frozenset(("unknown", "other", "4xx")): 1,
        frozenset(("unknown", "GET", "4xx")): 1,
    }
    assert value(said, "goodword_request_seconds_count", "/{shop}/r/{code}") == 4
    assert value(said, "goodword_request_seconds_bucket", "/{shop}/r/{code}", "+Inf") == 4
    assert 0 < value(said, "goodword_request_seconds_sum", "/{shop}/r/{code}") < 60
    # Asked once more it tells of itself.
    assert value(told(place), "goodword_requests_total", "/metrics", "GET", "2xx") == 1


def test_the_owners_pages_are_counted_too(place: Place) -> None:
    assert place.client.get("/owner/sign-in").status_code == 200
    assert place.client.get("/owner/nothing").status_code == 404
    said = told(place)
    assert value(said, "goodword_requests_total", "/owner/sign-in", "GET", "2xx") == 1
    assert value(said, "goodword_requests_total", "unknown", "GET", "4xx") == 1


def test_what_breaks_is_counted(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(House, "referrals", fail)
    bearer = {"Authorization": f"Bearer {place.house.new_key(SHOP)}"}
    assert place.client.get("/v1/programs", headers=bearer).status_code == 500
    assert value(told(place), "goodword_requests_total", "/v1/programs", "GET", "5xx") == 1


# What is done beside.


def test_questions_at_tills_are_counted_by_what_came_of_them(place: Place) -> None:
    class Till(Obedient):
        trouble: Exception | None = None

        def order(self, id: str) -> None:
            if self.trouble is not None:
                raise self.trouble

    till = Till()
    noticed = place.house.noticed(SHOP, till, "woocommerce")  # type: ignore[arg-type]
    noticed.order("17")
    for trouble in (TillDown(shop=SHOP, what="gone"), TillRefused(shop=SHOP, what="no")):
        till.trouble = trouble
        with pytest.raises(type(trouble)):
            noticed.order("17")
    assert read(told(place))["goodword_till_answers_total"] == {
        frozenset(("woocommerce", "answered")): 1,
        frozenset(("woocommerce", "till_down")): 1,
        frozenset(("woocommerce", "till_refused")): 1,
    }


def test_a_list_of_orders_is_one_question(house: House, standin: StandIn, clock: Clock) -> None:
    place = a_place(house, url=standin.url)
    list(house.till(SHOP).orders_since(clock.at - timedelta(days=900)))
    assert value(told(place), "goodword_till_answers_total", "woocommerce", "answered") == 1


def test_deeds_are_counted_by_what_came_of_them(place: Place) -> None:
    class Later:
        def carry(self, deed: object) -> Carried:
            if deed is None:
                raise RuntimeError("broken")
            return again("later")

    carrier = Counted(Later(), partial(place.house.counts.deed, "mail"))
    carrier.carry(a_deed())
    with pytest.raises(RuntimeError):
        carrier.carry(None)  # type: ignore[arg-type]
    assert read(told(place))["goodword_deeds_carried_total"] == {
        frozenset(("mail", "again")): 1,
        frozenset(("mail", "failed")): 1,
    }


def a_deed() -> FollowUp:
    return FollowUp(shop=SHOP, id="d-1", duty=Duty.THANK, subject="17", due=START, tries=1)


# How things stand.


def test_how_things_stand_is_read_when_it_is_asked_for(place: Place, clock: Clock) -> None:
    assert value(told(place), "goodword_inbox_waiting") == 0
    place.deliver(PAID)
    place.deliver(PAID)
    clock.to(clock.at + timedelta(minutes=5))
    said = told(place)
    assert value(said, "goodword_database_up") == 1
    assert value(said, "goodword_inbox_waiting") == 2
    assert value(said, "goodword_inbox_oldest_seconds") == 300
    assert "goodword_worker_seen_seconds" not in read(said)
    # It has the mail of nobody, so that its thanks stay owed.
    Worker(place.house).once()
    clock.to(clock.at + timedelta(days=30))
    said = told(place)
    assert (
        value(said, "goodword_inbox_waiting") == value(said, "goodword_inbox_oldest_seconds") == 0
    )
    assert value(said, "goodword_worker_seen_seconds") == timedelta(days=30).total_seconds()
    assert value(said, "goodword_thanks_owed") == 1
    assert value(said, "goodword_thanks_late_seconds") > timedelta(days=20).total_seconds()
    due = read(said)["goodword_deeds_due"]
    assert {frozenset((duty.value,)) for duty in Duty} == due.keys()
    assert due[frozenset(("release",))] == 1
    assert value(said, "goodword_deeds_oldest_seconds") > timedelta(days=10).total_seconds()


def test_what_waits_for_a_person_is_told(place: Place) -> None:
    place.deliver(PAID)
    Worker(place.house).once()
    with place.house.database.connect() as connection:
        for change in (
            "goodword_server_inbox SET state = 'dead'",
            "goodword_followups SET state = 'never' WHERE duty = 'release'",
            f"goodword_server_tills SET trouble = 'gone' WHERE shop = '{SHOP}'",
        ):
            connection.execute(text(f"UPDATE {change}"))
        connection.commit()
    place.house.noting.till(SHOP, "gone")
    said = told(place)
    assert value(said, "goodword_inbox_dead") == 1
    assert value(said, "goodword_deeds_dead") == 1
    assert value(said, "goodword_tills_in_trouble") == 1
    assert value(said, "goodword_webhooks_dead") == value(said, "goodword_webhooks_waiting") == 0


def test_without_a_database_what_was_counted_is_told(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.client.get("/healthz")

    def gone(*_: object) -> None:
        raise OSError("no such host")

    monkeypatch.setattr(place.house.database, "read", gone)
    said = told(place)
    assert value(said, "goodword_database_up") == 0
    assert "goodword_inbox_waiting" not in read(said)
    assert value(said, "goodword_requests_total", "/healthz", "GET", "2xx") == 1


STATEMENTS = statements_in(gauges)


@pytest.mark.parametrize("name", sorted(STATEMENTS.keys() - {"gauges._TILLS"}))
def test_how_much_waits_is_found_among_what_waits_alone(name: str, on_sqlite: str) -> None:
    found = [whole_shops_read(on_sqlite, one, STATEMENTS[name]) for one in (library, metadata)]
    # Each knows the indexes of its own tables.
    assert [step for step in found[0] if step in found[1]] == []


# Nobody is named.


def test_they_name_nobody_no_shop_and_no_secret(place: Place) -> None:
    key = place.house.new_key(SHOP)
    bearer = {"Authorization": f"Bearer {key}"}
    claim = {"code": "ALICE10", "email": "bob@friend.example", "phone": "0912 345 678"}
    place.client.post("/v1/claims", json=claim, headers=bearer)
    place.client.get("/v1/advocates/alice@shop.example", headers=bearer)
    place.client.get(f"/{SHOP}/c/ALICE10?email=bob@friend.example")
    place.client.post("/owner/sign-in", data={"email": "mei@tea.example", "password": "hush"})
    place.client.get("/bob@friend.example")
    place.client.open(f"/{SHOP}", method="BOB")
    place.click()
    place.deliver(PAID)
    Worker(place.house).once()
    said = told(place)
    assert len(read(said)["goodword_requests_total"]) >= 8
    # The whole number, however it is written: four digits stand in many a count of seconds.
    hidden = ["bob", "912345678", "345 678", "alice", "mei@", "hush"]
    hidden += [SHOP, SECRET, FIRST_SECRET, TOKEN, key]
    assert [one for one in hidden if one.lower() in said.lower()] == []


def test_the_token_stands_in_no_settings_that_are_shown(house: House) -> None:
    assert TOKEN not in repr(house.settings)

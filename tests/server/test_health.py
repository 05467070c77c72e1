"""Whether a server is there, and whether it can work."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from goodword_server import reading
from goodword_server.house import House
from goodword_woocommerce.standin import Fault, StandIn
from tests.postgres import Server
from tests.sdk.builders import Clock
from tests.server.builders import REFUND_18, Place, a_house, client_of


def ready(house: House) -> tuple[int, dict[str, object]]:
    answer = client_of(house).get("/readyz")
    return answer.status_code, answer.get_json()


def test_a_server_that_answers_is_there(house: House) -> None:
    answer = client_of(house).get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok"})


def test_with_its_tables_it_is_ready(house: House) -> None:
    assert ready(house) == (200, {"status": "ok", "oldest_unread_seconds": 0})


def test_it_tells_how_long_the_oldest_delivery_has_waited(place: Place, clock: Clock) -> None:
    place.deliver("order-updated-completed")
    clock.on(seconds=90)
    place.deliver("order-updated-completed")
    assert ready(place.house)[1]["oldest_unread_seconds"] == 90
    reading.read_all(place.house)
    assert ready(place.house)[1]["oldest_unread_seconds"] == 0


def test_what_waits_for_the_shop_is_nobodys_delay(
    shop: Place, standin: StandIn, clock: Clock
) -> None:
    standin.fail(Fault.DOWN)
    shop.deliver(REFUND_18)
    reading.read_all(shop.house)
    assert ready(shop.house)[1]["oldest_unread_seconds"] == 0
    clock.on(minutes=5)
    assert ready(shop.house)[1]["oldest_unread_seconds"] == 300


NOT_MIGRATED = (503, {"status": "not migrated", "mend": "run `goodword migrate`"})


def test_without_tables_it_is_not_ready_and_says_what_to_do(sqlite_url: str) -> None:
    with a_house(sqlite_url, Clock()) as house:
        assert ready(house) == NOT_MIGRATED
        assert client_of(house).get("/healthz").status_code == 200


def test_without_its_own_tables_neither(sqlite_url: str) -> None:
    with a_house(sqlite_url, Clock()) as house:
        house.engine.migrate()
        assert ready(house) == NOT_MIGRATED


@pytest.mark.parametrize("table", ["goodword_version", "goodword_server_version"])
def test_nor_with_those_of_another_release(house: House, table: str) -> None:
    with house.database.connect() as connection:
        connection.execute(text(f"UPDATE {table} SET version_num = '0000'"))
        connection.commit()
    assert ready(house) == NOT_MIGRATED


@pytest.mark.parametrize("table", ["goodword_version", "goodword_server_version"])
def test_those_of_a_newer_release_are_not_to_be_migrated(house: House, table: str) -> None:
    with house.database.connect() as connection:
        connection.execute(text(f"UPDATE {table} SET version_num = '9999'"))
        connection.commit()
    told = {"status": "newer tables", "mend": "use the release that made the tables"}
    assert ready(house) == (503, told)


def test_when_the_file_is_gone_it_is_not_ready(migrated_sqlite: Path, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    with a_house(f"sqlite:///{shutil.copy(migrated_sqlite, folder)}", Clock()) as house:
        assert ready(house)[0] == 200
        shutil.rmtree(folder)
        assert ready(house) == (503, {"status": "no database", "trouble": "OperationalError"})
        assert client_of(house).get("/healthz").status_code == 200


def test_when_the_file_is_no_database_it_is_not_ready(tmp_path: Path) -> None:
    file = tmp_path / "goodword.db"
    file.write_bytes(b"once upon a time" * 100)
    with a_house(f"sqlite:///{file}", Clock()) as house:
        status, told = ready(house)
    assert (status, told["status"]) == (503, "no database")


def test_when_the_database_server_is_gone_it_is_not_ready(
    postgresql: Server, migrated_postgresql: str
) -> None:
    url = postgresql.like(migrated_postgresql)
    with a_house(url, Clock()) as house:
        assert ready(house)[0] == 200
        postgresql.drop(url)
        status, told = ready(house)
        assert (status, told["status"]) == (503, "no database")
        # Nothing is told of where it was.
        assert set(told) == {"status", "trouble"}


def test_a_database_that_comes_back_is_found_again(
    postgresql: Server, migrated_postgresql: str, url: str
) -> None:
    with a_house(url, Clock()) as house:
        assert ready(house)[0] == 200
        if house.database.dialect == "postgresql":
            with house.database.connect() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )
        assert ready(house)[0] == 200


def test_time_is_the_houses_own(place: Place, clock: Clock) -> None:
    place.deliver("order-updated-completed")
    clock.to(clock.at + timedelta(days=2))
    assert ready(place.house)[1]["oldest_unread_seconds"] == 2 * 24 * 3600

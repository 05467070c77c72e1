"""PostgreSQL as the engine has it, and what an administrator does behind our back."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from goodword.embedded.engine import Engine
from goodword.storage.postgresql import PostgreSQL
from tests.postgres import Server, name_in


@pytest.fixture
def database(engine: Engine) -> PostgreSQL:
    assert isinstance(engine.database, PostgreSQL)
    return engine.database


@pytest.fixture
def set_for_all(postgresql: Server, on_postgresql: str) -> Callable[[str, str], None]:
    """Set an option of the database, for every connection that is made from now on."""

    def set_option(name: str, value: str) -> None:
        with psycopg.connect(postgresql.url, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {name_in(on_postgresql)} SET {name} = '{value}'")

    return set_option


@pytest.fixture
def cut(postgresql: Server, on_postgresql: str) -> Callable[[], None]:
    """End every connection to the database, as a restart of the server does."""

    def cut_all() -> None:
        with psycopg.connect(postgresql.url, autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                (name_in(on_postgresql),),
            )

    return cut_all


@pytest.fixture
def postgresql_waits(postgresql: Server, on_postgresql: str) -> Callable[[], bool]:
    """Whether anybody waits for a lock."""

    def waits() -> bool:
        with psycopg.connect(postgresql.url) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'",
                (name_in(on_postgresql),),
            )
            return found.fetchone() is not None

    return waits


@pytest.fixture
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody pause between two tries."""
    monkeypatch.setattr("random.uniform", lambda *_: 0.0)

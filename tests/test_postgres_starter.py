from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from tests.postgres import Server

if sys.platform != "win32":
    from tests.postgres_keeper import ask, open_session, wait_until

ROOT = Path(__file__).parents[1]
A_SESSION = """
import time
from tests.postgres_keeper import ask, open_session

with open_session() as folder:
    ask(folder)
    print(folder, flush=True)
    time.sleep(600)
"""

starts_its_own = pytest.mark.skipif(sys.platform == "win32", reason="on Windows none is started")


def test_the_server_lives_and_is_new_enough(postgresql: Server) -> None:
    assert postgresql.version() >= 14


def test_a_fresh_database_is_empty_and_speaks_unicode(postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as connection:
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        assert connection.execute(tables).fetchone() == (0,)
        assert connection.execute("SELECT '推薦'").fetchone() == ("推薦",)


def test_a_database_can_be_a_copy_of_another(postgresql: Server, postgresql_url: str) -> None:
    with psycopg.connect(postgresql_url) as connection:
        connection.execute("CREATE TABLE codes (text text)")
    copy = postgresql.like(postgresql_url)
    try:
        with psycopg.connect(copy) as connection:
            assert connection.execute("SELECT count(*) FROM codes").fetchone() == (0,)
    finally:
        postgresql.drop(copy)


@starts_its_own
def test_the_server_ends_with_its_session() -> None:
    with open_session() as folder:
        ask(folder)
        server = server_in(folder)
    assert not folder.exists()
    assert not lives(server)


@starts_its_own
@pytest.mark.slow
def test_the_server_ends_with_a_killed_session() -> None:
    command = [sys.executable, "-c", A_SESSION]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as session:
        assert session.stdout
        folder = Path(session.stdout.readline().strip())
        server = server_in(folder)
        session.kill()
    wait_until(lambda: not folder.exists(), 10)
    assert not lives(server)


def server_in(folder: Path) -> int:
    """Return the server's process; 0 where there is none, as on a machine without PostgreSQL."""
    known = folder / "data" / "postmaster.pid"
    return int(known.read_text().split()[0]) if known.exists() else 0


def lives(process: int) -> bool:
    if not process:
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True

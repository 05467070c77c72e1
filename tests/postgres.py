"""A PostgreSQL for the tests: one server a session, a database of its own for each test."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
from psycopg import sql

if sys.platform != "win32":
    from tests import postgres_keeper

GIVEN = "GOODWORD_TEST_DATABASE_URL"
MEND = (
    "Install PostgreSQL (Debian: apt-get install -y postgresql),"
    f" or set {GIVEN} to the URL of one in which databases may be made."
)


class NoPostgres(Exception):
    """There is no PostgreSQL to test with; the text says why, and what mends it."""

    said = "No PostgreSQL to test with"

    def __init__(self, why: str) -> None:
        super().__init__(f"{self.said}: {why}\n{MEND}")


@dataclass(frozen=True, slots=True)
class Server:
    """A PostgreSQL in which tests make databases; ``url`` leads to one that is always there."""

    url: str

    def fresh(self) -> str:
        """Make an empty database and return its URL."""
        return self._made("template0")

    def like(self, url: str) -> str:
        """Make a copy of a database that nobody is connected to and return its URL."""
        return self._made(name_in(url))

    def drop(self, url: str) -> None:
        """Remove a database, even if a test left it open."""
        self._say("DROP DATABASE IF EXISTS {} WITH (FORCE)", name_in(url))

    def version(self) -> int:
        with psycopg.connect(self.url) as connection:
            return connection.info.server_version // 10_000

    def _made(self, template: str) -> str:
        name = f"goodword_test_{uuid4().hex[:16]}"
        self._say("CREATE DATABASE {} TEMPLATE {}", name, template)
        return urlunsplit(urlsplit(self.url)._replace(path=f"/{name}"))

    def _say(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def name_in(url: str) -> str:
    """Return the name of the database that a URL leads to."""
    return urlsplit(url).path.removeprefix("/")


def server_of(session: Path) -> Server:
    """Return the server of a test session, known by its folder; the first to ask has it started."""
    given = os.environ.get(GIVEN)
    if given:
        return Server(given)
    if sys.platform == "win32":
        raise NoPostgres("on Windows the tests start none")
    answer = postgres_keeper.ask(session)
    if "url" not in answer:
        raise NoPostgres(answer["problem"])
    return Server(answer["url"])

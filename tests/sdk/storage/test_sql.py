"""How statements, ids and moments reach the driver."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import bindparam, select

from goodword import Invalid
from goodword.embedded.engine import Engine
from goodword.storage.sql import Book, Row, Session, Statement, micros, moment, new_id
from goodword.storage.tables import visits
from tests.sdk.builders import START

moments = st.datetimes(timezones=st.just(UTC))


@given(moments)
def test_a_moment_is_kept_to_the_microsecond(at: datetime) -> None:
    assert moment(micros(at)) == at


@given(moments, moments)
def test_moments_sort_as_their_numbers(one: datetime, other: datetime) -> None:
    first, second = micros(one), micros(other)
    assert first is not None
    assert second is not None
    assert (first < second) == (one < other)


def test_no_moment_is_none() -> None:
    assert micros(None) is None
    assert moment(None) is None


def test_ids_of_one_millisecond_sort_by_their_making() -> None:
    ids = [new_id(START) for _ in range(20_000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)


def test_ids_sort_by_time() -> None:
    later = START + timedelta(milliseconds=1)
    assert new_id(later) > new_id(START)
    assert new_id(START) < new_id(later)


def test_an_id_is_a_uuid_of_version_7() -> None:
    id = new_id(START)
    assert len(id) == 32
    assert int(id[:12], 16) == START.timestamp() * 1000
    assert (id[12], id[16] in "89ab") == ("7", True)


def test_threads_never_share_an_id() -> None:
    with ThreadPoolExecutor(8) as threads:
        ids = [
            id
            for made in threads.map(lambda _: [new_id(START) for _ in range(500)], range(8))
            for id in made
        ]
    assert len(set(ids)) == 4000


def test_an_id_cannot_be_guessed_from_the_one_before() -> None:
    tails = {new_id(START)[20:] for _ in range(100)}
    assert len(tails) == 100


FORGETFUL = select(visits.c.id).where(visits.c.code == bindparam("code"))


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_statement_that_forgets_the_shop_is_refused(dialect: str) -> None:
    with pytest.raises(AssertionError, match="forgets the shop"):
        Statement(FORGETFUL).text(dialect)
    Statement(FORGETFUL, across_shops=True).text(dialect)


FIND = Statement(
    select(visits.c.id).where(
        visits.c.shop == bindparam("shop"), visits.c.code == bindparam("code")
    )
)


@pytest.mark.parametrize("code", ["te\0a", "tea\ud800"])
def test_a_text_that_no_database_keeps_is_refused_before_it_is_asked(
    engine: Engine, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        engine.database.read(lambda session: Book(session, "tea-house").all(FIND, code=code))
    assert caught.value.facts["field"] == "code"
    with pytest.raises(Invalid) as caught:
        engine.database.read(lambda session: Book(session, code).all(FIND, code="tea"))
    assert caught.value.facts["field"] == "shop"


@pytest.mark.parametrize("code", ["'; DROP TABLE goodword_visits; --", "%s", ":shop", "%(shop)s"])
def test_a_text_is_only_a_text(engine: Engine, code: str) -> None:
    def look(session: Session) -> list[Row]:
        return Book(session, "tea-house").all(FIND, code=code)

    assert engine.database.read(look) == engine.database.read(look) == []

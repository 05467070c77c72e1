"""Whatever fails here or comes from outside, a link leads to the shop."""

from __future__ import annotations

from time import monotonic
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goodword.storage.tables import metadata
from goodword_server.storage.tables import metadata as server_metadata
from tests.sdk.builders import START, Clock
from tests.server.builders import FRONT, Place, carried, led_to
from tests.server.following import end_code, preview, stays_with_the_shop

# The database fails.


@pytest.fixture
def broken(place: Place) -> Place:
    """A server that was busy a moment ago, and whose database then fails."""
    place.click()
    with place.house.database.connect() as connection:
        metadata.drop_all(connection)
        server_metadata.drop_all(connection)
        connection.commit()
    return place


def test_a_friend_gets_to_the_shop_when_the_database_fails(broken: Place) -> None:
    answer = broken.click("alice-10", query_string={"to": "/tea"})
    assert answer.headers["Location"] == f"{FRONT}/tea?ref=ALICE10"


def test_also_after_we_should_have_looked_for_changes_of_the_shop(
    broken: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = monotonic() + 60
    monkeypatch.setattr("goodword_server.remembering.monotonic", lambda: later)
    assert led_to(broken.click()) == f"{FRONT}/"


@pytest.mark.parametrize("code", ["x" * 300, "茶", "a&gw=1", "%00"])
def test_what_cannot_be_a_code_does_not_travel_on(broken: Place, code: str) -> None:
    assert broken.click(quote(code)).headers["Location"] == f"{FRONT}/"


def test_a_previewer_gets_to_the_shop_too(broken: Place) -> None:
    assert preview(broken).headers["Location"] == f"{FRONT}/"


# Whatever comes.

ODD = st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=40)
OCTETS = st.binary(max_size=30).map(lambda raw: raw.decode("latin-1"))
HEADERS = st.dictionaries(
    st.sampled_from(
        "User-Agent Accept-Language Cookie Purpose Sec-Purpose X-Moz Referer Host "
        "X-Forwarded-Host X-Forwarded-Proto Forwarded Accept Content-Type".split()
    ),
    st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
    max_size=4,
)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.one_of(
        OCTETS,
        st.builds("{}/r/{}".format, st.one_of(st.just("tea-house"), OCTETS), OCTETS),
        st.builds("/{}//r/{}".format, st.just("tea-house"), OCTETS),
    ),
    query=st.one_of(
        OCTETS, st.builds(lambda to, via: f"to={quote(to)}&via={quote(via)}", ODD, ODD)
    ),
    headers=HEADERS,
    method=st.sampled_from(["GET", "HEAD", "POST", "OPTIONS"]),
)
def test_nothing_from_outside_breaks_a_link_or_leads_astray(
    place: Place, path: str, query: str, headers: dict[str, str], method: str
) -> None:
    # As a server hands them on: bytes, spelled one sign each.
    raw = {"PATH_INFO": f"/{path}", "QUERY_STRING": query}
    answer = place.client.open("/", environ_overrides=raw, headers=headers, method=method)
    assert answer.status_code < 500
    if "Location" in answer.headers:
        stays_with_the_shop(answer)


def test_of_a_very_long_name_of_a_browser_the_start_alone_is_looked_at(door: Place) -> None:
    # What tells robots searches for hundreds of words: it is given no more than a name's length.
    assert "gw" in carried(door.click(headers={"User-Agent": "a" * 15_000 + " Googlebot/2.1"}))
    robot = door.click(headers={"User-Agent": "Googlebot/2.1 " + "a" * 15_000})
    assert robot.status_code == 200


def test_a_code_that_ends_later_still_counts(place: Place) -> None:
    end_code(place.house, Clock(START.replace(year=2027)))
    assert "gw" in carried(place.click())

"""How often anybody may ask: exact, whatever the threads and processes, and honestly told."""

from __future__ import annotations

import multiprocessing
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword_server.house import House
from goodword_server.keyring import Keyring
from goodword_server.limits import Standing
from goodword_server.storage.keys import Key, KeyScope
from goodword_server.storage.tables import limits
from goodword_server.worker import Worker, forget_who_asked
from tests.sdk.builders import START, Clock, at_once
from tests.server.asking import ELSEWHERE, HERE, Asker, a_stranger, an_asker
from tests.server.builders import SHOP, Place, a_house, a_place, carried, problem, rows

pytestmark = pytest.mark.slow

USUAL = {"key_limit": 600, "address_limit": 120, "stranger_limit": 30, "guess_limit": 5}
FEW: dict[str, Any] = {"key_limit": 4, "address_limit": 3, "stranger_limit": 2, "guess_limit": 5}


@pytest.fixture
def clock() -> Clock:
    """Twenty seconds of the minute are over."""
    return Clock(START + timedelta(seconds=20))


@pytest.fixture
def strict(on_sqlite: str, clock: Clock) -> Iterator[House]:
    """A house that lets nobody ask often, with Alice's code."""
    with a_house(on_sqlite, clock, **FEW) as house:
        a_place(house)
        yield house


def statuses(ask: Asker, times: int, path: str = "/programs") -> list[int]:
    return [ask("GET", path).status_code for _ in range(times)]


# Who is counted, and by what.


def test_a_key_may_ask_so_often_a_minute_and_then_again(strict: House, clock: Clock) -> None:
    ask = an_asker(strict)
    assert statuses(ask, 6) == [200] * 4 + [429] * 2
    # From wherever: it is one key.
    assert statuses(Asker(ask.client, ask.key, ELSEWHERE), 1) == [429]
    clock.on(seconds=39)
    assert statuses(ask, 1) == [429]
    clock.on(seconds=1)
    assert statuses(ask, 5) == [200] * 4 + [429]


def test_another_key_of_the_shop_is_counted_for_itself(strict: House) -> None:
    one, other = an_asker(strict), an_asker(strict)
    assert statuses(one, 5)[-1] == 429
    assert statuses(other, 4) == [200] * 4


def test_a_publishable_key_is_counted_by_address_and_nobody_uses_it_up_for_all(
    strict: House,
) -> None:
    here = an_asker(strict, KeyScope.PUBLISHABLE)
    there = Asker(here.client, here.key, ELSEWHERE)
    assert statuses(here, 5, "/codes/ALICE10") == [200] * 3 + [429] * 2
    assert statuses(there, 3, "/codes/ALICE10") == [200] * 3
    # Another shop's browsers are none of this shop's.
    a_place(strict, shop="other", url="https://other.example")
    other = an_asker(strict, KeyScope.PUBLISHABLE, shop="other")
    assert statuses(other, 1, "/codes/ALICE10") == [200]


@pytest.mark.parametrize("key", [None, "gw_secret_wrong"])
def test_a_stranger_is_told_to_bring_a_key_and_then_to_wait(strict: House, key: str | None) -> None:
    ask = a_stranger(strict, key=key)
    assert statuses(ask, 4) == [401, 401, 429, 429]
    # Who has a key may ask from the same address all the same.
    assert statuses(an_asker(strict), 1) == [200]
    assert statuses(a_stranger(strict, address=ELSEWHERE), 1) == [401]


def test_a_revoked_key_is_a_strangers(strict: House) -> None:
    ask = an_asker(strict)
    assert ask.key is not None
    found = strict.keyring.holder(ask.key)
    assert found is not None
    strict.keyring.revoke(SHOP, found.id)
    assert statuses(ask, 3) == [401, 401, 429]


def test_a_key_that_another_process_revokes_opens_nothing_more_here(strict: House) -> None:
    ask = an_asker(strict)
    assert ask.key is not None
    assert statuses(ask, 2) == [200, 200]
    elsewhere = Keyring(strict.database, strict.now)
    found = elsewhere.holder(ask.key)
    assert found is not None
    elsewhere.revoke(SHOP, found.id)
    assert statuses(ask, 3) == [401, 401, 429]


def test_what_a_key_may_not_is_counted_too(strict: House) -> None:
    ask = an_asker(strict, KeyScope.READ)
    told = [ask("POST", "/people/export", json={"id": "c-1"}).status_code for _ in range(5)]
    assert told == [403] * 4 + [429]


# What is told.


def test_every_answer_tells_how_one_stands(strict: House, clock: Clock) -> None:
    ask = an_asker(strict)
    clock.on(seconds=12.5)
    for left in (3, 2):
        answer = ask("GET", "/programs")
        assert answer.headers["RateLimit-Policy"] == '"key";q=4;w=60'
        assert answer.headers["RateLimit"] == f'"key";r={left};t=28'
    # An error, too.
    assert ask("GET", "/programs/none").headers["RateLimit"] == '"key";r=1;t=28'
    browser = an_asker(strict, KeyScope.PUBLISHABLE)("GET", "/codes/ALICE10")
    assert browser.headers["RateLimit-Policy"] == '"address";q=3;w=60'
    stranger = a_stranger(strict)("GET", "/programs")
    assert stranger.headers["RateLimit"] == '"keyless";r=1;t=28'


def test_who_asks_too_often_is_told_when_to_ask_again(strict: House) -> None:
    ask = an_asker(strict)
    statuses(ask, 4)
    answer = ask("GET", "/programs")
    told = problem(answer)
    assert (told["status"], told["reason"]) == (429, "too_many_requests")
    assert told["detail"] == "at most 4 requests with one key a minute; ask again in 40 s"
    assert answer.headers["Retry-After"] == "40"
    assert answer.headers["RateLimit"] == '"key";r=0;t=40'


def test_nobody_is_told_to_wait_no_time(strict: House, clock: Clock) -> None:
    clock.to(START.replace(second=59, microsecond=999_999))
    assert an_asker(strict)("GET", "/programs").headers["RateLimit"] == '"key";r=3;t=1'


def test_the_usual_limits(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock, **USUAL) as house:
        a_place(house)
        policies = [
            ask("GET", "/codes/ALICE10").headers["RateLimit-Policy"]
            for ask in (an_asker(house), an_asker(house, KeyScope.PUBLISHABLE), a_stranger(house))
        ]
        assert policies == ['"key";q=600;w=60', '"address";q=120;w=60', '"keyless";q=30;w=60']


# Codes that are guessed.

CLAIM = {"email": "bob@friend.example"}


def guess(ask: Asker, how: str, code: str) -> TestResponse:
    if how == "codes":
        return ask("GET", f"/codes/{code}")
    if how == "words":
        return ask("GET", f"/programs/friends/messages/page?code={code}")
    if how == "visits":
        return ask("POST", "/visits", json={"code": code})
    return ask("POST", "/claims", json={**CLAIM, "code": code})


@pytest.fixture
def guessed(on_sqlite: str, clock: Clock) -> Iterator[House]:
    """A house with the usual limit to guesses, and Alice's code."""
    with a_house(on_sqlite, clock, guess_limit=5) as house:
        a_place(house)
        yield house


@pytest.mark.parametrize("how", ["codes", "claims", "visits", "words"])
def test_who_guesses_five_codes_is_answered_no_sixth_not_even_a_true_one(
    guessed: House, clock: Clock, how: str
) -> None:
    ask = an_asker(guessed, KeyScope.PUBLISHABLE)
    assert guess(ask, how, "ALICE10").status_code in (200, 201)
    assert [guess(ask, how, f"WRONG{i}").status_code for i in range(5)] == [404] * 5
    answer = guess(ask, how, "ALICE10")
    told = problem(answer)
    assert (told["status"], told["reason"]) == (429, "too_many_requests")
    assert answer.headers["Retry-After"] == "40"
    assert answer.headers["RateLimit"] == '"guesses";r=0;t=40'
    assert guess(Asker(ask.client, ask.key, ELSEWHERE), how, "ALICE10").status_code in (200, 201)
    clock.on(seconds=40)
    assert guess(ask, how, "ALICE10").status_code in (200, 201)


def test_whose_code_it_is_is_guessed_five_times_and_no_more(guessed: House) -> None:
    ask = an_asker(guessed, KeyScope.PUBLISHABLE)

    def claim(email: str) -> int:
        return ask("POST", "/claims", json={"code": "ALICE10", "email": email}).status_code

    assert [claim("alice@shop.example") for _ in range(7)] == [409] * 5 + [429] * 2
    # Nobody's answer tells it either.
    assert claim("bob@friend.example") == 429


def test_all_ways_to_guess_are_counted_together_and_true_codes_are_not(guessed: House) -> None:
    ask = an_asker(guessed, KeyScope.PUBLISHABLE)
    for how in ("codes", "claims", "visits", "codes"):
        assert guess(ask, how, "WRONG").status_code == 404
        assert guess(ask, how, "ALICE10").status_code < 300
    assert guess(ask, "claims", "WRONG").status_code == 404
    assert {guess(ask, how, "ALICE10").status_code for how in ("codes", "claims", "visits")} == {
        429
    }


def test_with_an_idempotency_key_a_guess_is_a_guess(guessed: House) -> None:
    ask = an_asker(guessed, KeyScope.PUBLISHABLE)
    told = [
        ask("POST", "/visits", json={"code": "W"}, headers={"Idempotency-Key": "k"}).status_code
        for _ in range(6)
    ]
    assert told == [404] * 5 + [429]


@pytest.mark.parametrize("scope", [KeyScope.READ, KeyScope.SECRET])
def test_the_shop_itself_guesses_nothing(guessed: House, scope: KeyScope) -> None:
    ask = an_asker(guessed, scope)
    assert [guess(ask, "codes", "WRONG").status_code for _ in range(7)] == [404] * 7
    assert guess(ask, "codes", "ALICE10").status_code == 200


def test_a_link_leads_to_the_shop_and_tells_no_guesser_whether_there_is_such_a_code(
    on_sqlite: str, clock: Clock
) -> None:
    with a_house(on_sqlite, clock, guess_limit=5) as house:
        place = a_place(house)
        for number in range(5):
            assert carried(place.click(f"WRONG{number}")) == {}
        kept = len(place.visits())
        # Now a true code and a false one look alike, and nothing is looked up.
        assert carried(place.click("alice-10")) == {"ref": ["ALICE10"]}
        assert carried(place.click("WRONG")) == {"ref": ["WRONG"]}
        assert len(place.visits()) == kept
        # Others are in nobody's way, and neither is the next minute.
        assert "gw" in carried(place.click(environ_overrides={"REMOTE_ADDR": ELSEWHERE}))
        clock.on(seconds=40)
        assert "gw" in carried(place.click())


def test_so_does_another_process_once_it_sees_one_more(on_sqlite: str, clock: Clock) -> None:
    with (
        a_house(on_sqlite, clock, guess_limit=5) as one,
        a_house(on_sqlite, clock, guess_limit=5) as other,
    ):
        place = a_place(one)
        for number in range(5):
            place.click(f"WRONG{number}")
        there = Place(other, place.connected, an_asker(other).client)
        assert carried(there.click("WRONG")) == {"ref": ["WRONG"]}
        assert carried(there.click()) == {"ref": ["ALICE10"]}


def test_a_card_tells_a_guesser_nothing_either(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock, guess_limit=5) as house:
        place = a_place(house)
        previewer = {"User-Agent": "facebookexternalhit/1.1"}
        assert place.click(headers=previewer).status_code == 200
        for number in range(5):
            assert place.click(f"WRONG{number}", headers=previewer).status_code == 302
        assert place.click(headers=previewer).status_code == 302


# Where they are.


def test_an_address_is_kept_as_a_keyed_hash_until_its_minute_is_over(
    strict: House, clock: Clock
) -> None:
    an_asker(strict, KeyScope.PUBLISHABLE)("GET", "/codes/WRONG")
    a_stranger(strict)("GET", "/programs")
    kept = rows(strict, limits)
    assert {str(row["subject"]).partition(":")[0] for row in kept} == {
        *("address", "guesses", "keyless")
    }
    assert HERE not in repr(kept)
    assert forget_who_asked(strict) == 0
    clock.on(seconds=40)
    Worker(strict).once()
    assert rows(strict, limits) == []


def test_another_house_hides_it_otherwise(on_sqlite: str, clock: Clock) -> None:
    environ = {"REMOTE_ADDR": HERE}
    with a_house(on_sqlite, clock) as one, a_house(on_sqlite, clock, secrets=("x" * 32,)) as other:
        assert one.addresses.hidden(environ) != other.addresses.hidden(environ)


def seen(house: House, peer: str, forwarded: str | None = None) -> str:
    environ = {"REMOTE_ADDR": peer}
    if forwarded is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded
    return house.addresses.hidden(environ)


SPELLINGS = [
    ("203.0.113.7", "::ffff:203.0.113.7"),
    ("203.0.113.7", "203.0.113.7:4711"),
    ("2001:db8::1", "2001:0DB8:0:0::1"),
    ("2001:db8::1", "[2001:db8::1]:443"),
    # Whoever has one has all of these.
    ("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff"),
]


@pytest.mark.parametrize(("one", "other"), SPELLINGS)
def test_an_address_is_one_however_it_is_written(strict: House, one: str, other: str) -> None:
    assert seen(strict, one) == seen(strict, other)
    assert seen(strict, one) != seen(strict, "2001:db8:0:1::1")


def test_without_proxies_nobody_is_believed_who_says_to_be_another(strict: House) -> None:
    assert seen(strict, HERE, ELSEWHERE) == seen(strict, HERE)


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [
        (1, HERE),
        (1, f"{ELSEWHERE}, {HERE}"),
        (1, f"unknown,{ELSEWHERE} ,  {HERE}"),
        (2, f"{HERE}, 10.0.0.1"),
        (2, f"{ELSEWHERE}, {HERE}, 10.0.0.1"),
        # Told by the inner one alone: it is the inner one's word.
        (2, HERE),
    ],
)
def test_of_what_proxies_say_their_own_words_count_and_no_others(
    on_sqlite: str, clock: Clock, proxies: int, forwarded: str
) -> None:
    with a_house(on_sqlite, clock, proxies=proxies) as house:
        assert seen(house, "10.0.0.2", forwarded) == seen(house, HERE)


def test_who_writes_addresses_of_their_own_gets_no_further(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock, proxies=1, **FEW) as house:
        ask = a_stranger(house, address="10.0.0.2")
        told = [
            ask("GET", "/programs", headers={"X-Forwarded-For": f"198.51.100.{i}, {HERE}"})
            for i in range(4)
        ]
        assert [one.status_code for one in told] == [401, 401, 429, 429]


def test_whatever_stands_there_nothing_breaks(on_sqlite: str, clock: Clock) -> None:
    with a_house(on_sqlite, clock, proxies=1) as house:
        for odd in ("", ",", "[", "[::", "::1::", "%", "\xff", "fe80::1%eth0", "1" * 5000, ":"):
            assert len(seen(house, odd, odd)) == 32
        assert len(house.addresses.hidden({})) == 32


# Exactly.

EACH = 25


def count(house: House, shop: str = SHOP) -> list[Standing]:
    return [house.limits.miss(shop, HERE) for _ in range(EACH)]


def test_eight_threads_count_as_one(house: House) -> None:
    said = at_once(*[partial(count, house)] * 8)
    told = [one for some in said for one in (some if isinstance(some, list) else [some])]
    assert sorted(one.times for one in told if isinstance(one, Standing)) == [
        *range(1, 8 * EACH + 1)
    ]


def count_there(url: str, at: datetime) -> list[int]:
    warnings.simplefilter("error")
    with a_house(url, Clock(at)) as house:
        return [one.times for one in count(house)]


@pytest.mark.slow
def test_two_processes_count_as_one(url: str) -> None:
    # Not forked: a fork would share connections and locks, as no two servers do.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context) as pool:
        both = [pool.submit(count_there, url, START) for _ in range(2)]
        told = [times for one in both for times in one.result(120)]
    assert sorted(told) == [*range(1, 2 * EACH + 1)]


def test_a_crowd_of_guessers_is_answered_five_times(url: str, clock: Clock) -> None:
    with a_house(url, clock, guess_limit=5) as house:
        a_place(house)
        key = house.new_key(SHOP, KeyScope.PUBLISHABLE)
        askers = [Asker(an_asker(house).client, key) for _ in range(8)]
        said = at_once(*(partial(guess, ask, "codes", "WRONG") for ask in askers))
        told = [one.status_code for one in said if isinstance(one, TestResponse)]
    assert Counter(told) == {404: 5, 429: 3}


def test_a_crowd_with_one_key_is_let_in_as_often_as_it_may(url: str, clock: Clock) -> None:
    with a_house(url, clock, key_limit=5) as house:
        a_place(house)
        key = house.new_key(SHOP)
        askers = [Asker(an_asker(house).client, key) for _ in range(8)]
        said = at_once(*(partial(statuses, ask, 1) for ask in askers))
    assert Counter(str(one) for one in said) == {"[200]": 5, "[429]": 3}


def test_a_clock_that_lags_behind_begins_no_window_anew(url: str, clock: Clock) -> None:
    behind = Clock(clock())
    with a_house(url, clock) as one, a_house(url, behind) as other:
        clock.on(minutes=1)
        assert [house.limits.miss(SHOP, HERE).times for house in (other, one, other, one)] == [
            *(1, 1, 2, 3)
        ]
        # As seen by its own clock.
        assert other.limits.miss(SHOP, HERE).seconds == 100


# Ahead.

MANY = 1000


def a_key(house: House) -> Key:
    a_place(house)
    found = house.keyring.holder(house.new_key(SHOP))
    assert found is not None
    return found


def numbers(house: House, key: Key, times: int) -> list[int]:
    """Count a key so often; return which of the minute's requests each was."""
    told = [house.limits.count(key, HERE) for _ in range(times)]
    return [one.times for one in told if one is not None]


def taken(house: House) -> int:
    (row,) = rows(house, limits)
    return int(row["times"])


def test_of_a_high_limit_some_are_taken_ahead_and_each_is_used(url: str, clock: Clock) -> None:
    with a_house(url, clock, key_limit=MANY) as house:
        key = a_key(house)
        assert numbers(house, key, 1) == [1]
        assert taken(house) == 1
        assert numbers(house, key, 4) == [2, 3, 4, 5]
        # A hundredth of what was left.
        assert taken(house) == 10
        assert numbers(house, key, MANY) == [*range(6, MANY + 6)]


def test_near_the_limit_and_of_a_low_one_each_is_taken_by_itself(url: str, clock: Clock) -> None:
    with a_house(url, clock, key_limit=MANY) as house:
        key = a_key(house)
        numbers(house, key, MANY - 100)
        for count in range(MANY - 99, MANY + 2):
            assert numbers(house, key, 1) == [count]
            assert taken(house) == count


def count_many_there(url: str, at: datetime, key: Key) -> list[int]:
    warnings.simplefilter("error")
    with a_house(url, Clock(at), key_limit=MANY) as house:
        return numbers(house, key, MANY)


def test_two_processes_that_take_ahead_never_pass_the_limit(url: str, clock: Clock) -> None:
    with a_house(url, clock, key_limit=MANY) as house:
        key = a_key(house)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context) as pool:
        both = [pool.submit(count_many_there, url, clock(), key) for _ in range(2)]
        told = sorted(times for one in both for times in one.result(120))
    assert len(told) == 2 * MANY
    # No number twice, and all up to the limit: each asked on until it was told to wait.
    assert told[:MANY] == [*range(1, MANY + 1)]


def test_eight_threads_use_what_was_taken_once(url: str, clock: Clock) -> None:
    with a_house(url, clock, key_limit=MANY) as house:
        key = a_key(house)
        numbers(house, key, 1)
        said = at_once(*[partial(numbers, house, key, 40)] * 8)
        told = sorted(one for some in said if isinstance(some, list) for one in some)
    assert len(set(told)) == len(told) == 320


def test_what_was_taken_opens_nothing_for_a_key_that_another_process_revoked(
    url: str, clock: Clock
) -> None:
    with a_house(url, clock, key_limit=MANY) as house, a_house(url, clock) as elsewhere:
        key = a_key(house)
        assert numbers(house, key, 3) == [1, 2, 3]
        elsewhere.keyring.revoke(SHOP, key.id)
        assert house.limits.count(key, HERE) is None


def test_what_was_taken_ends_with_its_minute(url: str, clock: Clock) -> None:
    with a_house(url, clock, key_limit=MANY) as house:
        key = a_key(house)
        assert numbers(house, key, 3) == [1, 2, 3]
        clock.on(minutes=1)
        assert numbers(house, key, 3) == [1, 2, 3]
        assert taken(house) == 10

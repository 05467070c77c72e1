"""A shop's webhooks are made, watched, revived, and given a new secret; a gap is looked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest

from goodword.storage.sql import Session
from goodword_server.house import NOTICED, House
from goodword_server.storage import installations
from goodword_server.storage.installations import Connected
from goodword_server.watching import hooks, rounds
from goodword_woocommerce.standin import SECRET, Fault, derived, recorded, signed
from tests.server.builders import FIRST_SECRET, NEXT_SECRET, PAID, SHOP, a_house
from tests.server.delivering import another, order
from tests.server.watching.conftest import Watched

pytestmark = pytest.mark.slow

TOPICS = ["order.created", "order.updated", "order.deleted", "order.restored"]
NEW_SECRET = "anewsecret0123456789"


def standing(watched: Watched) -> list[tuple[str, str]]:
    hooks = watched.standin.shop.hooks.by_id.values()
    return [(hook["topic"], hook["status"]) for hook in hooks]


def secrets(watched: Watched) -> set[str]:
    return set(watched.standin.shop.hooks.secrets.values())


@pytest.fixture
def begun(watched: Watched) -> Watched:
    watched.begin()
    watched.work()
    return watched


def next_day(watched: Watched) -> None:
    watched.clock.on(days=1, minutes=1)
    watched.work()


def test_a_shop_that_was_connected_tells_us_from_then_on(begun: Watched) -> None:
    assert standing(begun) == [(topic, "active") for topic in TOPICS]
    assert secrets(begun) == {SECRET}
    addresses = {hook["delivery_url"] for hook in begun.standin.shop.hooks.by_id.values()}
    assert addresses == {begun.place.house.hook_url(begun.place.connected)}
    # That they were made the first time is nothing to tell anybody.
    assert begun.rounds()["hooks"].notes["mended"] == []
    assert begun.tell("order.updated", recorded(PAID).body) == [200]
    begun.work()
    assert order(begun.place).paid is not None


def test_one_that_switched_itself_off_is_on_again_and_its_gap_is_filled(begun: Watched) -> None:
    for id in list(begun.standin.shop.hooks.by_id):
        for _ in range(7):
            begun.standin.shop.hooks.answered(id, 500)
    assert {status for _, status in standing(begun)} == {"disabled"}
    # Off, it tells of nothing.
    assert begun.tell("order.updated", begun_order(begun)) == []
    next_day(begun)
    assert {status for _, status in standing(begun)} == {"active"}
    assert begun.rounds()["hooks"].notes["mended"] == ["revived"]
    assert begun.rounds()["hooks"].notes["mended_at"] == begun.clock.at.isoformat()
    assert order(begun.place).paid is not None


def begun_order(watched: Watched) -> bytes:
    watched.standin.shop.show(PAID)
    return recorded(PAID).body


def test_what_was_mended_is_remembered_until_the_next_time(begun: Watched) -> None:
    begun.standin.shop.hooks.by_id.clear()
    next_day(begun)
    first = begun.rounds()["hooks"].notes
    assert first["mended"] == ["made"]
    next_day(begun)
    assert begun.rounds()["hooks"].notes == first


def test_a_gap_is_looked_for_at_once_and_not_an_hour_later(begun: Watched) -> None:
    begun.clock.on(days=1)
    begun.standin.shop.hooks.by_id.clear()
    begun.work()
    begun.standin.calls.clear()
    begun.work()
    # All is done: nothing waits for its hour.
    assert begun.standin.calls == []
    assert begun.rounds()["orders"].wanted is None


def test_a_shop_that_is_down_is_revived_later(begun: Watched) -> None:
    begun.standin.shop.hooks.by_id.clear()
    begun.clock.on(days=1, minutes=1)
    # Other rounds may ask as well, in any sequence.
    begun.standin.fail(*[Fault.DOWN] * 20)
    begun.work()
    assert begun.rounds()["hooks"].trouble == "the shop asks us to wait (503)"
    begun.standin.recover()
    begun.clock.on(minutes=2)
    begun.work()
    assert begun.rounds()["hooks"].trouble is None
    assert len(standing(begun)) == 4


# Who made them lost their rights.


def error_body() -> bytes:
    return b'{"code":"woocommerce_rest_cannot_view","message":"Sorry.","data":{"status":403}}'


def test_webhooks_whose_owner_lost_rights_are_made_in_the_name_of_the_keys(
    begun: Watched,
) -> None:
    begun.clock.on(hours=2)
    before = set(begun.standin.shop.hooks.by_id)
    assert begun.tell("order.updated", error_body()) == [200]
    begun.work()
    assert before.isdisjoint(begun.standin.shop.hooks.by_id)
    assert len(standing(begun)) == 4
    assert begun.rounds()["hooks"].notes["mended"] == ["afresh"]


def test_a_shop_that_says_so_with_each_order_is_heard_once_an_hour(begun: Watched) -> None:
    begun.clock.on(hours=2)
    for _ in range(5):
        begun.tell("order.updated", error_body())
        begun.work()
    assert begun.standin.calls.count("POST webhooks") == 4 + 4
    begun.clock.on(hours=2)
    begun.tell("order.updated", error_body())
    begun.work()
    assert begun.standin.calls.count("POST webhooks") == 4 + 4 + 4


def test_a_shop_that_nobody_looks_at_may_say_so_too(watched: Watched) -> None:
    watched.place.deliver(signed(error_body(), "order.updated"))
    watched.work()
    assert watched.place.verdicts() == ["alarm: webhook_owner_lost_rights"]
    assert watched.rounds() == {}


# A new secret.


def rotate(house: House, secret: str = NEW_SECRET) -> bool:
    done = house.database.write(lambda session: hooks.rotate(house, session, SHOP, secret))
    house.remember_nothing()
    return done


def all_have_noticed(watched: Watched) -> None:
    watched.clock.on(seconds=NOTICED.total_seconds())
    watched.work()


def test_a_new_secret_is_told_to_the_shop_and_both_are_taken_for_a_while(begun: Watched) -> None:
    assert rotate(begun.place.house)
    body = recorded(PAID).body
    # What was on its way is signed with the old one.
    assert begun.tell("order.updated", body) == [200]
    begun.work()
    assert secrets(begun) == {SECRET}
    all_have_noticed(begun)
    assert secrets(begun) == {NEW_SECRET}
    assert begun.tell("order.updated", body) == [200]
    assert begun.place.deliver(signed(body, "order.updated", SECRET)) == 200
    begun.clock.on(days=3)
    begun.work()
    begun.place.house.remember_nothing()
    assert begun.place.deliver(signed(body, "order.updated", SECRET)) == 401
    assert begun.tell("order.updated", body) == [200]


def test_a_secret_that_the_shop_never_learned_of_locks_nobody_out(begun: Watched) -> None:
    assert rotate(begun.place.house)
    begun.standin.fail(Fault.DOWN)
    all_have_noticed(begun)
    assert secrets(begun) == {SECRET}
    assert begun.tell("order.updated", recorded(PAID).body) == [200]
    begun.clock.on(minutes=5)
    begun.work()
    assert secrets(begun) == {NEW_SECRET}
    assert begun.tell("order.updated", recorded(PAID).body) == [200]


def test_an_answer_that_was_lost_while_it_was_told_is_asked_again(begun: Watched) -> None:
    assert rotate(begun.place.house)
    begun.standin.fail(Fault.NONE, Fault.DROP)
    all_have_noticed(begun)
    assert secrets(begun) == {SECRET, NEW_SECRET}
    begun.clock.on(minutes=5)
    begun.work()
    assert secrets(begun) == {NEW_SECRET}


def test_rotated_twice_the_newest_counts(begun: Watched) -> None:
    rotate(begun.place.house)
    all_have_noticed(begun)
    rotate(begun.place.house, "another0123456789")
    all_have_noticed(begun)
    assert secrets(begun) == {"another0123456789"}
    body = recorded(PAID).body
    assert begun.place.deliver(signed(body, "order.updated", NEW_SECRET)) == 200
    assert begun.place.deliver(signed(body, "order.updated", SECRET)) == 401


def test_nobody_elses_secret_is_rotated(house: House) -> None:
    assert not rotate(house)


def test_a_process_that_remembers_the_old_secret_tells_the_shop_the_new_one(
    begun: Watched, url: str
) -> None:
    with a_house(url, begun.clock) as other:
        assert other.installation_of(SHOP) is not None
        assert rotate(begun.place.house)
        begun.clock.on(seconds=NOTICED.total_seconds())
        assert rounds.make_all(other) == 1
    assert secrets(begun) == {NEW_SECRET}


# What is renewed meanwhile.


@contextmanager
def renewed_while(house: House, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let another renew what opens the shop, between what was read of it and what is written."""
    seal, others = house.vault.seal, list[Thread]()

    def renew() -> None:
        house.safe.renew(SHOP, lambda found: {**found, "token": "new"})

    def sealing(plain: bytes, shop: str, use: str) -> bytes:
        if not others:
            others.append(Thread(target=renew))
            others[0].start()
            # Where writers take turns, it comes after this one.
            others[0].join(timeout=1)
        return seal(plain, shop, use)

    monkeypatch.setattr(house.vault, "seal", sealing)
    yield
    assert others
    others[0].join()
    house.remember_nothing()


def kept(house: House) -> Connected:
    house.remember_nothing()
    found = house.installation_of(SHOP)
    assert found is not None
    return found


def test_who_drops_an_old_secret_writes_over_no_token_that_was_renewed_just_then(
    begun: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = begun.place.house
    assert rotate(house)
    all_have_noticed(begun)
    begun.clock.on(days=3)
    with renewed_while(house, monkeypatch):
        begun.work()
    assert kept(house).secrets == (NEW_SECRET,)
    assert kept(house).installation.credentials["token"] == "new"


def test_who_rotates_a_secret_writes_over_no_token_that_was_renewed_just_then(
    begun: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = begun.place.house
    with renewed_while(house, monkeypatch):
        assert rotate(house)
    assert kept(house).secrets == (NEW_SECRET, SECRET)
    assert kept(house).installation.credentials["token"] == "new"


def test_a_secret_that_was_dropped_from_what_is_no_more_changes_nothing(begun: Watched) -> None:
    house = begun.place.house
    before = kept(house)
    assert rotate(house)

    def late(session: Session) -> bool:
        return installations.set_secrets(session, house.vault, before, ("x",))

    assert not house.database.write(late)
    assert kept(house).secrets == (NEW_SECRET, SECRET)


# How the shop is set up.


@pytest.mark.parametrize(
    ("facts", "warnings"),
    [({"wp_cron": False}, ["cron_off"]), ({"home_url": "https://moved.example"}, ["moved"])],
)
def test_what_keeps_news_from_us_is_kept_for_the_owner(
    watched: Watched, facts: dict[str, Any], warnings: list[str]
) -> None:
    watched.standin.shop.environment = facts
    watched.begin()
    watched.work()
    signs = watched.rounds()["hooks"].notes["signs"]
    assert [one["reason"] for one in signs] == warnings


def test_keys_that_may_not_see_how_it_is_set_up_are_enough(watched: Watched) -> None:
    watched.begin()
    watched.standin.fail(*[Fault.NONE] * 5, Fault.WALL)
    watched.work()
    assert watched.rounds()["hooks"].trouble is None
    assert watched.rounds()["hooks"].notes["signs"] == []
    assert len(standing(watched)) == 4


def test_an_installation_that_cannot_be_opened_waits_for_its_secret(
    watched: Watched, url: str
) -> None:
    watched.begin()
    with a_house(url, watched.clock, secrets=(NEXT_SECRET,)) as later:
        assert rounds.make_all(later) == 4
    assert {one.done for one in watched.rounds().values()} == {None}
    watched.clock.on(days=1)
    with a_house(url, watched.clock, secrets=(NEXT_SECRET, FIRST_SECRET)) as whole:
        rounds.make_all(whole)
    assert {one.trouble for one in watched.rounds().values()} == {None}
    assert timedelta() < watched.rounds()["hooks"].next - watched.clock.at


def test_a_delivery_of_another_order_does_not_mend_a_gap(begun: Watched) -> None:
    begun.standin.shop.show(another(101))
    begun.standin.shop.show(derived(PAID, id=102))
    begun.place.deliver(another(101))
    begun.work()
    begun.clock.on(hours=2)
    begun.work()
    assert order(begun.place, "102").paid is not None

"""Events on their way: signed, tried for days, kept while nobody hears, and never lost."""

from __future__ import annotations

import os
import signal
import socket
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest
from standardwebhooks import WebhookVerificationError

from goodword.storage.sql import Session
from goodword_server.storage import endpoints as kept
from goodword_server.storage.tables import endpoints
from goodword_server.telling import calling, sending
from goodword_server.telling.carrying import WebhookCarrier
from goodword_server.telling.endpoints import Endpoints, UnknownDispatch
from goodword_server.worker import Worker
from tests.sdk.builders import Clock, a_shop_with, an_order
from tests.server.builders import FIRST_SECRET, PUBLIC, SHOP, a_house, rows
from tests.server.processes import Running
from tests.server.telling.receivers import Receiver, cut, garbage, silent
from tests.server.telling.telling import Telling

pytestmark = pytest.mark.slow

# Telling.


def test_an_event_arrives_signed(telling: Telling) -> None:
    telling.happens()
    assert telling.send() == 1
    (got,) = telling.receiver.got
    said = telling.receiver.verified(telling.secret)
    assert said == got.said
    assert set(said) == {"id", "type", "timestamp", "shop", "data"}
    assert (said["id"], said["type"], said["shop"]) == (got.id, "referral.created", SHOP)
    assert said["data"]["order"] == "o-1"
    assert got.headers["content-type"] == "application/json"
    assert set(got.headers) >= {"webhook-id", "webhook-timestamp", "webhook-signature"}


def test_it_tells_no_receiver_who_people_are(telling: Telling) -> None:
    now = telling.clock()
    order = an_order(placed=now, modified=now, paid=now, phone="+886911111111", customer="f-7")
    telling.house.referrals(SHOP).record_order(order)
    Worker(telling.house).once()
    said = " ".join(got.body for got in telling.receiver.got)
    assert said.count("thanks.") == 2
    for word in ("Alice", "shop.example", "bob", "friend.example", "886911111111", "f-7"):
        assert word not in said.replace("ALICE10", "")


def test_what_arrived_is_kept_as_that_and_no_more(telling: Telling) -> None:
    telling.happens()
    telling.send()
    (row,) = telling.dispatches()
    assert (row["state"], row["status"], row["body"], row["trouble"]) == ("done", 204, None, None)
    telling.clock.on(days=8)
    assert sending.sweep(telling.house) == 1
    assert telling.dispatches() == []


def test_another_secret_does_not_verify(telling: Telling) -> None:
    telling.happens()
    telling.send()
    other = telling.add().secret.text
    with pytest.raises(WebhookVerificationError):
        telling.receiver.verified(other)


def test_each_endpoint_is_told_of_what_it_wants(telling: Telling, receiver: Receiver) -> None:
    telling.add(types=["reward.due"])
    telling.add(types=["referral.created", "reward.due"])
    telling.happens()
    telling.send()
    ids = {row["endpoint"] for row in telling.dispatches()}
    assert ids == {telling.added[0].endpoint.id, telling.added[2].endpoint.id}
    assert len({got.id for got in receiver.got}) == 1
    assert len(receiver.got) == 2


def test_an_event_handed_over_twice_is_sent_once(telling: Telling) -> None:
    carried = []

    class Twice(WebhookCarrier):
        def carry(self, deed: Any) -> Any:
            carried.append(super().carry(deed))
            return super().carry(deed)

    telling.house.referrals(SHOP).record_order(an_order(paid=None))
    telling.house.engine.work({"webhook": Twice(telling.house)})
    assert len(carried) == 1
    assert telling.send() == 1


def test_the_worker_does_all_of_it(telling: Telling) -> None:
    telling.house.referrals(SHOP).record_order(an_order(paid=None))
    # The deed, and the dispatch that it made.
    assert Worker(telling.house).once() == 2
    assert len(telling.receiver.got) == 1


# Trying.


@pytest.mark.parametrize(
    "answer", [500, 404, 301, cut, garbage], ids=["500", "404", "301", "cut", "garbage"]
)
def test_it_is_tried_for_two_days_and_then_left_to_a_person(telling: Telling, answer: Any) -> None:
    telling.happens()
    pauses = []
    for _ in sending.PAUSES:
        telling.receiver.answers = [answer]
        assert telling.send() == 1
        pauses.append(telling.waits())
        telling.clock.at += telling.waits()
    for pause, about in zip(pauses, sending.PAUSES, strict=True):
        assert timedelta(seconds=about * 0.8) <= pause <= timedelta(seconds=about * 1.2)
    telling.receiver.answers = [answer]
    telling.send()
    (dead,) = telling.endpoints.dead()
    assert (dead.type, dead.tries, telling.states()) == ("referral.created", 9, ["dead"])
    assert dead.trouble.startswith("it ")
    assert telling.send(after=200_000) == 0
    assert len({got.id for got in telling.receiver.got}) == 1


def test_before_its_time_it_is_not_tried(telling: Telling) -> None:
    telling.happens()
    telling.receiver.answers = [500]
    telling.send()
    assert telling.send(after=5) == 0
    assert telling.send(after=10) == 1
    assert telling.states() == ["done"]


def test_one_that_asks_to_wait_is_given_the_time(telling: Telling) -> None:
    telling.happens()
    telling.receiver.answers, telling.receiver.headers = [503], {"retry-after": "3600"}
    telling.send()
    assert telling.waits() >= timedelta(hours=1)


def test_one_that_never_answers_is_no_answer(
    telling: Telling, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calling, "_TIMEOUT", (0.2, 0.2))
    telling.happens()
    telling.receiver.answers = [silent]
    telling.send()
    (row,) = telling.dispatches()
    told = (row["state"], row["status"], row["trouble"])
    assert told == ("open", None, "it did not answer in time")


def test_one_in_trouble_is_tried_once_a_round_and_holds_up_no_other(telling: Telling) -> None:
    for _ in range(5):
        telling.happens()
    with Receiver() as other:
        telling.endpoints.add(other.url)
        telling.happens()
        telling.receiver.answers = [500] * 9
        telling.send()
        assert (len(telling.receiver.got), len(other.got)) == (1, 1)
    # What was not tried has all its tries before it.
    tries = [row["tries"] for row in telling.dispatches() if row["state"] == "open"]
    assert sorted(tries) == [0, 0, 0, 0, 0, 1]
    telling.receiver.answers = []
    telling.send(after=100)
    assert set(telling.states()) == {"done"}


def test_a_shop_in_trouble_is_not_anothers(telling: Telling) -> None:
    other = "book-shop"
    a_shop_with(telling.house.referrals(other))
    Endpoints(telling.house, other).add(telling.receiver.url)
    telling.house.referrals(other).record_order(an_order(paid=None))
    telling.happens()
    telling.receiver.answers = [500]
    assert telling.send() == 2
    assert sorted(telling.states()) == ["done", "open"]


# A dead letter.


def test_who_resumes_hears_also_what_was_given_up_on(telling: Telling) -> None:
    telling.happens()
    telling.fail(500)
    (dead,) = telling.endpoints.dead()
    telling.endpoints.resume(telling.id)
    telling.send()
    assert telling.endpoints.dead() == []
    assert telling.receiver.got[-1].id == telling.receiver.got[0].id
    assert dead.event == telling.receiver.got[0].id


def test_a_dead_one_is_replayed_alone(telling: Telling) -> None:
    telling.happens()
    telling.fail(500)
    (dead,) = telling.endpoints.dead()
    telling.endpoints.replay(dead.id)
    assert telling.states() == ["open"]
    assert telling.send() == 1
    assert telling.states() == ["done"]


def test_of_many_who_replay_a_dead_one_at_once_one_does(telling: Telling) -> None:
    telling.happens()
    telling.fail(500)
    (dead,) = telling.endpoints.dead()
    with ThreadPoolExecutor(3) as others:

        def together(session: Session) -> list[Future[None]]:
            # All have seen it dead before the first may go on.
            kept.find(session, telling.house.vault, SHOP, dead.endpoint, lock=True)
            asked = [others.submit(telling.endpoints.replay, dead.id) for _ in range(3)]
            sleep(0.5)
            return asked

        said = [type(one.exception()) for one in telling.house.database.write(together)]
    assert Counter(said) == {type(None): 1, UnknownDispatch: 2}
    assert telling.states() == ["open"]


# Pausing.


def test_one_that_fails_for_three_days_is_paused_and_its_owner_told(
    telling: Telling, mails: Path
) -> None:
    telling.happens()
    telling.receiver.answers = [500, 500]
    telling.send()
    assert telling.endpoints.find(telling.id).failing is not None
    telling.send(after=71 * 3600)
    assert telling.endpoints.find(telling.id).is_open
    telling.receiver.answers = [500]
    telling.send(after=2 * 3600)
    endpoint = telling.endpoints.find(telling.id)
    assert (endpoint.is_open, endpoint.why, telling.states()) == (False, "failing", ["held"])
    assert telling.say() == 1
    assert telling.say() == 0
    (file,) = mails.iterdir()
    mail = message_from_bytes(file.read_bytes())
    text = (mail.get_payload(decode=True) or b"").decode()  # type: ignore[union-attr]
    assert mail["To"] == "owner@tea.example"
    assert telling.receiver.url in text
    assert "已暫停" in text
    # What happens meanwhile waits.
    telling.happens()
    assert telling.send(after=10**6) == 0
    assert telling.states() == ["held", "held"]


def test_what_arrives_now_and_then_is_not_paused(telling: Telling) -> None:
    for day in range(8):
        telling.receiver.answers = [500] if day % 2 else []
        telling.happens()
        telling.send(after=86_400)
    assert telling.endpoints.find(telling.id).is_open


def test_one_that_is_gone_is_paused_at_once(telling: Telling) -> None:
    for _ in range(3):
        telling.happens()
    telling.receiver.answers = [410]
    telling.send()
    endpoint = telling.endpoints.find(telling.id)
    assert (endpoint.is_open, endpoint.why) == (False, "gone")
    assert len(telling.receiver.got) == 1
    assert telling.states() == ["held"] * 3


def test_resumed_it_is_told_what_it_missed(telling: Telling) -> None:
    telling.happens()
    telling.receiver.answers = [410]
    telling.send()
    telling.happens()
    telling.endpoints.resume(telling.id)
    telling.send()
    assert set(telling.states()) == {"done"}
    assert len({got.id for got in telling.receiver.got[1:]}) == 2
    endpoint = telling.endpoints.find(telling.id)
    assert (endpoint.is_open, endpoint.why, endpoint.failing) == (True, None, None)


def test_its_owner_may_pause_it_and_is_not_mailed(telling: Telling) -> None:
    telling.happens()
    assert telling.endpoints.pause(telling.id).why == "owner"
    telling.happens()
    assert telling.send() == 0
    assert telling.say() == 0
    telling.endpoints.resume(telling.id)
    assert telling.send() == 2


def test_a_notice_that_could_not_be_mailed_is_mailed_later(telling: Telling, mails: Path) -> None:
    telling.happens()
    telling.receiver.answers = [410]
    telling.send()
    mails.write_text("in the way")
    assert telling.say() == 1
    mails.unlink()
    assert telling.say() == 0
    telling.clock.on(minutes=11)
    assert telling.say() == 1
    assert len(list(mails.iterdir())) == 1


# Secrets.


def test_a_rotated_secret_signs_beside_the_new_one_for_a_day(telling: Telling) -> None:
    new = telling.endpoints.rotate(telling.id).secret.text
    telling.happens()
    telling.send()
    for secret in (telling.secret, new):
        assert telling.receiver.verified(secret)
    telling.clock.on(hours=24)
    telling.happens()
    telling.send()
    assert len(telling.receiver.got[0].headers["webhook-signature"].split()) == 2
    assert len(telling.receiver.got[1].headers["webhook-signature"].split()) == 1


def test_no_more_than_two_sign(telling: Telling) -> None:
    second = telling.endpoints.rotate(telling.id).secret.text
    third = telling.endpoints.rotate(telling.id).secret.text
    telling.happens()
    telling.send()
    assert telling.receiver.verified(second)
    assert telling.receiver.verified(third)
    with pytest.raises(WebhookVerificationError):
        telling.receiver.verified(telling.secret)


def test_at_rest_nobody_reads_a_secret(telling: Telling) -> None:
    (row,) = rows(telling.house, endpoints)
    assert telling.secret.encode() not in row["secrets"]
    assert telling.secret not in repr(telling.endpoints.find(telling.id))


def test_one_whose_secrets_cannot_be_opened_is_sent_nothing_until_they_are_rotated(
    telling: Telling, url: str, clock: Clock
) -> None:
    telling.happens()
    lost = ("another-secret-0123456789abcdefghijkl",)
    with a_house(url, clock, hooks_local=True, secrets=lost) as house:
        other = Telling(house, clock, telling.receiver, telling.added)
        other.send()
        assert telling.receiver.got == []
        (row,) = telling.dispatches()
        assert row["trouble"] == "its secrets cannot be opened: rotate them"
        secret = other.endpoints.rotate(telling.id).secret.text
        other.send(after=20)
        assert telling.receiver.verified(secret)


# No local setting.


def test_without_the_setting_a_local_endpoint_is_never_called(
    telling: Telling, url: str, clock: Clock
) -> None:
    telling.happens()
    with a_house(url, clock) as house:
        assert sending.send_all(house) == 1
    assert telling.receiver.got == []
    (row,) = telling.dispatches()
    assert row["trouble"] == "its name leads to no address of the open internet"


# Killed.


def test_a_worker_killed_between_sending_and_noting_leaves_it_to_another(
    telling: Telling, url: str
) -> None:
    arrived = Event()

    def hold(line: socket.socket) -> None:
        arrived.set()
        silent(line)

    telling.receiver.answers = [hold]
    telling.happens()
    worker = Running("work", **environment(url))
    try:
        assert arrived.wait(60), worker.said()
        os.kill(worker.process.pid, signal.SIGKILL)
        worker.wait()
    finally:
        worker.kill()
    assert telling.states() == ["open"]
    assert telling.send() == 0
    # Once the lease of the dead one is over.
    assert telling.send(after=600) == 1
    first, second = telling.receiver.got
    assert (first.id, first.body) == (second.id, second.body)
    assert telling.states() == ["done"]


def environment(url: str) -> dict[str, str]:
    return {
        "GOODWORD_DATABASE_URL": url,
        "GOODWORD_SECRETS": FIRST_SECRET,
        "GOODWORD_PUBLIC_URL": PUBLIC,
        "GOODWORD_HOOKS_LOCAL": "true",
    }


def test_a_worker_that_is_told_to_end_gives_back_what_it_did_not_try(telling: Telling) -> None:
    for _ in range(3):
        telling.happens()
    told = iter([False, False, True])
    sending.send_all(telling.house, lambda: next(told, True))
    assert sorted(telling.states()) == ["done", "open", "open"]
    assert telling.send() == 2

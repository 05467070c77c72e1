"""The verdict can say no: each kind of loss or double is put in by hand, and is named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copy
from typing import Any

import pytest

from goodword_server.worker import Worker
from goodword_woocommerce.standin import StandIn
from tests.sdk.builders import Clock
from tests.server.builders import Place, a_house
from tests.server.crashing.crash import Post, finish, opened
from tests.server.crashing.orders import Told
from tests.server.crashing.verdict import Found, find, verdict
from tests.server.crashing.world import Ask, Record, World

pytestmark = pytest.mark.slow

DUE, GIVEN = "advocate:due", "advocate:given"


@dataclass
class Judged:
    """A world in which all went well, what was found after it, and one order to look at."""

    record: Record
    found: Found
    order: str
    """It was paid and rewarded, and its coupon lies with Alice or Carol."""

    def one(self, name: str, **known: Any) -> Mapping[str, Any]:
        """The first row like this."""
        return next(row for row in getattr(self.found, name) if like(row, known))

    def without(self, name: str, **known: Any) -> Found:
        """What would be found if no row like this were there."""
        rows = [row for row in getattr(self.found, name) if not like(row, known)]
        return self.with_rows(name, rows)

    def doubled(self, name: str, **known: Any) -> Found:
        """What would be found if the first row like this were there twice."""
        again = {**self.one(name, **known), "id": "another"}
        return self.with_rows(name, [*getattr(self.found, name), again])

    def changed(self, name: str, known: Mapping[str, Any], **changes: Any) -> Found:
        """What would be found if the first row like this were different."""
        one = self.one(name, **known)
        rows = [{**row, **changes} if row is one else row for row in getattr(self.found, name)]
        return self.with_rows(name, rows)

    def with_rows(self, name: str, rows: list[Any]) -> Found:
        told: dict[str, Any] = {name: rows}
        return replace(self.found, **told)

    def mailed(self, times: int) -> Found:
        """What would be found if the thanks for that order had come so often."""
        deed = self.one("followups", subject=self.order, duty="thank")
        return replace(self.found, mails=Counter({**self.found.mails, deed["id"]: times}))

    @property
    def coupon(self) -> str:
        return str(self.one("grants", order_id=self.order)["text"])

    @property
    def told(self) -> Told:
        """How that order stands."""
        return self.record.states[self.order][self.one("orders", id=self.order)["modified"]]


def like(row: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    return all(row[name] == value for name, value in known.items())


def asked(place: Place) -> Ask:
    def ask(
        method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, Mapping[str, str], bytes]:
        answer = place.client.open(path, method=method, headers=dict(headers), data=body)
        told = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status_code, told, answer.data

    return ask


@pytest.fixture(scope="module")
def judged(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judged]:
    url = f"sqlite:///{copy(migrated_sqlite, tmp_path_factory.mktemp('judged'))}"
    post, now = Post(), Clock(datetime.now(UTC))
    with StandIn() as standin, post.opened() as mail, opened(url, standin) as place:
        world = World(standin, f"/hooks/woocommerce/{place.connected.path}", asked(place), "7")
        with a_house(url, now, mail=mail) as house:
            for number in range(30):
                for writer in world.writers:
                    writer.turn()
                world.click()
                world.spend()
                if number % 10 == 9:
                    Worker(house).once()
        world.settle()
        finish(place.house, mail)
        found = find(place.house, standin, post.mails)
        yield Judged(world.record, found, a_plain_order(world.record, found))


def a_plain_order(record: Record, found: Found) -> str:
    """An order with a coupon that nobody spent, and what it takes to get there in the book."""
    moved = Counter(row["order_id"] for row in found.entries)
    return next(
        str(row["order_id"])
        for row in found.grants
        if moved[row["order_id"]] == 4 and row["text"] not in record.spent
    )


def troubles(judged: Judged, found: Found, killed: int = 0) -> list[str]:
    return verdict(judged.record, found, killed)


def test_where_all_went_well_nothing_is_said(judged: Judged) -> None:
    assert troubles(judged, judged.found) == []
    # And much went on.
    assert len(judged.found.grants) > 5
    assert judged.record.spent
    assert {row["state"] for row in judged.found.grants} >= {"granted", "redeemed"}


DAMAGES: Mapping[str, Callable[[Judged], Found]] = {
    "acknowledged 1 ×, kept 0 ×": lambda w: w.without("inbox", hash=w.told.digest),
    "a delivery was sent 1 × and kept 2 ×": lambda w: w.doubled("inbox", hash=w.told.digest),
    "a delivery is new after": lambda w: w.changed("inbox", {}, state="new"),
    "a delivery is dead after": lambda w: w.changed("inbox", {}, state="dead"),
    "was acknowledged and is kept as None": lambda w: replace(w.found, visits=w.found.visits[1:]),
    "was acknowledged and is kept as CAROL": lambda w: w.changed(
        "visits", {"code": "ALICE10"}, code="CAROL"
    ),
    "was acknowledged and is not there": lambda w: w.without("orders", id=w.order),
    "is not there, and 4 entries of it are": lambda w: w.without("orders", id=w.order),
    "stands as it was never told": lambda w: w.changed("orders", {"id": w.order}, modified=1),
    "the reward is booked with 0 and should be 720": lambda w: w.without(
        "entries", order_id=w.order, part="reward"
    ),
    "the offer is booked with 1600 and should be 800": lambda w: w.doubled(
        "entries", order_id=w.order, part="offer"
    ),
    "advocate:waiting still holds 720": lambda w: w.without(
        "entries", order_id=w.order, target=DUE
    ),
    "advocate:due still holds 720": lambda w: w.without("entries", order_id=w.order, source=DUE),
    "advocate:given holds -720": lambda w: w.changed(
        "entries", {"order_id": w.order, "target": GIVEN}, source=GIVEN, target="advocate:spent"
    ),
    "earned by": lambda w: w.changed("entries", {"order_id": w.order}, advocate="c-9"),
    "paid back 720 more than they owed": lambda w: w.changed(
        "entries", {"order_id": w.order, "target": GIVEN}, target="advocate:owed_back", advocate="x"
    ),
    "was given its coupon 2 ×": lambda w: w.doubled("coupons", code=w.coupon),
    "720 is booked as given, and the shop gave 1440": lambda w: w.doubled("coupons", code=w.coupon),
    "720 is booked as given, and the shop gave 710": lambda w: w.changed(
        "coupons", {"code": w.coupon}, amount="7.10"
    ),
    "is granted; the shop has none": lambda w: w.without("coupons", code=w.coupon),
    "which is not in the book": lambda w: w.changed("coupons", {"code": w.coupon}, meta_data=[]),
    "is granting": lambda w: w.changed("grants", {"order_id": w.order}, state="granting"),
    "release of order": lambda w: w.changed("followups", {"duty": "release"}, state="open"),
    "are said to be sent and never came": lambda w: w.mailed(0),
    "1 mails came again, though only 0 workers were killed": lambda w: w.mailed(2),
    "a mail x came that nobody owed": lambda w: replace(
        w.found, mails=w.found.mails + Counter("x")
    ),
    "are owed 0 ×": lambda w: w.without("thanks", order_id=w.order),
    "are owed 2 ×": lambda w: w.doubled("thanks", order_id=w.order),
    "came and are not marked as kept": lambda w: w.changed(
        "thanks", {"order_id": w.order}, kept=None
    ),
    "integrity_check: page 3": lambda w: replace(w.found, integrity=["integrity_check: page 3"]),
}


@pytest.mark.parametrize("said", DAMAGES)
def test_what_is_wrong_is_said(judged: Judged, said: str) -> None:
    told = troubles(judged, DAMAGES[said](judged))
    assert any(said in one for one in told), told


PATHS = [
    ("offer", "shop:granted", "friend:spent"),
    ("reward", "shop:granted", "advocate:waiting"),
    ("reward", "advocate:waiting", DUE),
    ("reward", DUE, GIVEN),
]


@pytest.mark.parametrize(("part", "source", "target"), PATHS)
def test_no_entry_is_there_twice(judged: Judged, part: str, source: str, target: str) -> None:
    known = {"order_id": judged.order, "part": part, "source": source, "target": target}
    told = troubles(judged, judged.doubled("entries", **known))
    assert f"{judged.told}: the {part} went from {source} to {target} 2 ×" in told


def test_an_older_state_may_not_stand(judged: Judged) -> None:
    order, states = next(
        (order, sorted(states)) for order, states in judged.record.states.items() if len(states) > 1
    )
    told = troubles(judged, judged.changed("orders", {"id": order}, modified=states[0]))
    assert any("though a newer state was acknowledged" in one for one in told)


def test_a_worker_that_was_killed_may_have_sent_one_mail_unnoted(judged: Judged) -> None:
    assert troubles(judged, judged.mailed(2), killed=1) == []
    assert troubles(judged, judged.mailed(3), killed=1) != []


def test_an_answer_that_nobody_should_get_is_told(judged: Judged) -> None:
    odd = replace(judged.record, odd=["GET /: 500"])
    assert verdict(odd, judged.found, 0) == ["GET /: 500"]

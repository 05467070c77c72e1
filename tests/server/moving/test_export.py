"""`goodword export`: a shop takes all of it along, and `goodword import` reads it back."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from goodword import Advocate, Claiming, State, Terms
from goodword.embedded.moving.taking import TakenOut
from goodword_server.house import House
from goodword_server.moving import writing
from tests.sdk.builders import (
    RELEASE,
    Clock,
    Obedient,
    a_friends_order,
    a_program,
    later,
    used,
)
from tests.sdk.moved import bobs, lin, mei
from tests.server.builders import Place, a_house
from tests.server.test_cli import Run, complained, run, said  # noqa: F401

pytestmark = pytest.mark.slow

FILES = [
    *("advocates.csv", "claims.csv", "codes.csv", "programs.json", "referrals.csv"),
    "rewards.csv",
]


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def lived(place: Place, clock: Clock) -> Place:
    """A shop that saw about everything."""
    referrals, engine = place.referrals, place.house.engine
    referrals.programs.save(a_program(terms=Terms(hold_days=14, window_days=60)))
    engine.bring_in(
        "tea-house",
        "friends",
        advocates=[
            mei(name='=HYPERLINK("x"), 美\n"Mei"', phone="0912345678", account="77"),
            lin(name="'=Lin", email="+lin@shop.example"),
        ],
        referrals=[bobs(account="b-1", phone="0922333444"), bobs(order="1002", email=None)],
    )
    for id in ("c-8", "c-9"):
        twin = Advocate(id=id, name="Twin", email=f"{id}@shop.example")
        referrals.advocates.invite("friends", twin)
    referrals.advocates.merge("c-8", "c-1")
    referrals.advocates.rotate("friends", "m-2")
    referrals.claim(Claiming(code="ALICE10", email="claims@friend.example"))
    for id in ("17", "18", "19"):
        referrals.record_order(a_friends_order(id))
    referrals.record_order(later(a_friends_order("18"), refunded=True))
    clock.to(RELEASE)
    engine.work({"till": Obedient()})
    referrals.record_order(a_friends_order("20", coupons=used("ref-alice10"), paid=None))
    referrals.people.forget("c-9")
    referrals.people.forget("friend-19@friend.example")
    return place


@pytest.fixture
def elsewhere(migrated_sqlite: Path, tmp_path: Path) -> Iterator[House]:
    """A server with nothing in it, at a time when all of it is past."""
    path = tmp_path / "elsewhere.db"
    path.write_bytes(migrated_sqlite.read_bytes())
    with a_house(f"sqlite:///{path}", Clock(RELEASE)) as house:
        yield house


def test_what_is_taken_out_comes_in_elsewhere_and_is_the_same(
    run: Run,  # noqa: F811
    lived: Place,
    elsewhere: House,
    tmp_path: Path,
) -> None:
    out, again = tmp_path / "out", tmp_path / "again"
    told = said(run("export", "tea-house", str(out)))
    assert "advocates: 5\n" in told
    assert sorted(path.name for path in out.iterdir()) == FILES
    url = elsewhere.settings.database_url
    words = ("import", "other", "friends", "--folder", str(out))
    came = said(run(*words, GOODWORD_DATABASE_URL=url))
    assert "advocates: 5 new\n" in came
    assert "referrals: 5 new, 1 left out\n" in came
    said(run("export", "other", str(again), GOODWORD_DATABASE_URL=url))
    for name in ("advocates.csv", "codes.csv", "programs.json"):
        assert (again / name).read_bytes() == (out / name).read_bytes(), name
    settled = [one for one in table(out / "referrals.csv") if one["state"] != "pending"]
    assert table(again / "referrals.csv") == settled
    assert "Nothing changed" in said(run(*words, GOODWORD_DATABASE_URL=url))
    referrals = elsewhere.referrals("other")
    assert referrals.advocates.find("m-1").name == '=HYPERLINK("x"), 美\n"Mei"'
    assert referrals.find_code("alice10").coupon == "ref-alice10"
    assert [one.state for one in referrals.advocates.brought("c-1")] == [
        *(State.REWARDED, State.REVERSED, State.REWARDED),
    ]
    assert referrals.rewards.balance("c-1") == []


def test_no_cell_is_a_formula(lived: Place, tmp_path: Path) -> None:
    writing.write(lived.house, "tea-house", tmp_path / "out")
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                assert not [cell for cell in row if cell[:1] in {"=", "+", "-", "@"}], path


def test_rewards_and_claims_are_there_to_look_at(lived: Place, tmp_path: Path) -> None:
    writing.write(lived.house, "tea-house", tmp_path / "out")
    rewards = {one["order"]: one for one in table(tmp_path / "out" / "rewards.csv")}
    assert (rewards["17"]["worth"], rewards["17"]["state"]) == ("7.20", "granted")
    assert rewards["18"]["state"] == "reversed"
    (claim,) = table(tmp_path / "out" / "claims.csv")
    assert (claim["friend_email"], claim["code"]) == ("claims@friend.example", "ALICE10")
    programs = json.loads((tmp_path / "out" / "programs.json").read_text(encoding="utf-8"))
    assert [one["version"] for one in programs] == [1, 2]


def test_whoever_was_forgotten_is_an_id_and_no_more(lived: Place, tmp_path: Path) -> None:
    writing.write(lived.house, "tea-house", tmp_path / "out")
    advocates = {one["id"]: one for one in table(tmp_path / "out" / "advocates.csv")}
    gone = advocates["c-9"]
    assert (gone["name"], gone["email"], gone["phone"], gone["forgotten"]) == ("", "", "", "yes")
    referrals = {one["order"]: one for one in table(tmp_path / "out" / "referrals.csv")}
    assert (referrals["19"]["friend_email"], referrals["19"]["friend_account"]) == ("", "")


def test_nobody_else_reads_it(lived: Place, tmp_path: Path) -> None:
    writing.write(lived.house, "tea-house", tmp_path / "out")
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


def test_what_is_there_already_is_left_alone(
    run: Run,  # noqa: F811
    lived: Place,
    tmp_path: Path,
) -> None:
    (tmp_path / "out").mkdir()
    assert "is there already" in complained(run("export", "tea-house", str(tmp_path / "out")))
    assert "make it first" in complained(run("export", "tea-house", str(tmp_path / "no" / "out")))
    assert list((tmp_path / "out").iterdir()) == []


def test_what_breaks_off_leaves_no_folder(
    lived: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaking(taken: TakenOut) -> Iterator[object]:
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr(TakenOut, "advocates", breaking)
    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        writing.write(lived.house, "tea-house", tmp_path / "out")
    assert sorted(tmp_path.iterdir()) == before


def test_many_are_read_a_page_at_a_time(place: Place, tmp_path: Path) -> None:
    rows = [
        replace(mei(id=f"m-{number:05}", code=f"MEI{number:05}"), line=number)
        for number in range(2_500)
    ]
    past = [
        bobs(order=f"{number:05}", advocate=f"m-{number:05}", email=None, line=number)
        for number in range(2_000)
    ]
    place.house.engine.bring_in("tea-house", "friends", advocates=rows, referrals=past)
    counted = writing.write(place.house, "tea-house", tmp_path / "out")
    assert (counted["advocates"], counted["codes"], counted["referrals"]) == (2_501, 2_501, 2_000)
    found = [one["id"] for one in table(tmp_path / "out" / "advocates.csv")]
    assert found == sorted({*found})


def test_a_shop_with_nothing_has_files_all_the_same(house: House, tmp_path: Path) -> None:
    counted = writing.write(house, "nowhere", tmp_path / "out")
    assert set(counted.values()) == {0}

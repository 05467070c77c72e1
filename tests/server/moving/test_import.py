"""`goodword import`: files are looked at whole, and all of it comes, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import Result

from goodword import State, UnknownAdvocate, UnknownCode
from goodword_server.moving import commands
from tests.server.builders import Place
from tests.server.test_cli import Run, complained, run, said  # noqa: F401

pytestmark = pytest.mark.slow

ADVOCATES = """編號;姓名;信箱;關係;推薦碼;coupon
m-1;Mei;mei@shop.example;;Mei-10;MEI10
m-2;林美;lin@shop.example;員工;;
"""
REFERRALS = """order id,order date,order total,currency,advocate,friend email,reward
1001,2025/3/1 10:22,1200.00,TWD,m-1,bob@friend.example,NT$100
1002,2025-03-02T09:00:00Z,80,JPY,m-2,,
"""


@pytest.fixture
def bring(run: Run, place: Place, tmp_path: Path) -> Run:  # noqa: F811
    """Run the command with files of these texts: ``advocates=``, ``codes=``, ``referrals=``."""

    def command(*words: str, **texts: str | bytes | None) -> Result:
        told = []
        for kind, text in texts.items():
            path = tmp_path / f"{kind}.csv"
            path.write_bytes(text if isinstance(text, bytes) else (text or "").encode("utf-8-sig"))
            told += [f"--{kind}", str(path)]
        return run("import", "tea-house", "friends", *told, *words)

    return command


def lines(result: Result) -> list[str]:
    """What is told of each wrong row."""
    assert "nothing was brought in" in complained(result)
    return [line for line in result.stderr.splitlines() if not line.startswith("Error: ")]


def is_untouched(place: Place) -> bool:
    try:
        place.referrals.advocates.find("m-1")
    except UnknownAdvocate:
        return True
    return False


def test_a_dry_run_says_what_would_come_and_then_it_comes(bring: Run, place: Place) -> None:
    words = ("--zone", "Asia/Taipei")
    told = said(bring(*words, "--dry-run", advocates=ADVOCATES, referrals=REFERRALS))
    counted = "advocates: 2 new\ncodes: 2 new\nreferrals: 2 new\n"
    assert told == f"{counted}This was a dry run: nothing was changed.\n"
    assert is_untouched(place)
    assert said(bring(*words, advocates=ADVOCATES, referrals=REFERRALS)) == counted
    referrals = place.referrals
    assert referrals.advocates.find("m-2").name == "林美"
    assert referrals.advocates.find("m-2").relation == "employee"
    assert referrals.find_code("mei10").coupon == "mei10"
    placed = referrals.credit.explain("1001").state.placed
    assert placed.isoformat() == "2025-03-01T02:22:00+00:00"
    (brought,) = referrals.advocates.brought("m-2")
    assert brought.state is State.REWARDED
    told = said(bring(*words, advocates=ADVOCATES, referrals=REFERRALS))
    assert "advocates: 2 here before" in told
    assert "Nothing changed: all of it was here before" in told


def test_all_that_is_wrong_is_told_by_file_line_and_column(bring: Run, place: Place) -> None:
    told = lines(
        bring(
            advocates="id,email,relation,code\nm-1,mei,,A-1\nm-1,,,\nm-2,,boss,\nm-3,,,alice10\n"
            "m-4,,,fuckyou\nm-5,a@b.example,,OK-1,more\n",
            codes="code,advocate\nTEA,nobody\n",
            referrals="order,placed,total,currency,advocate\n"
            "1,2025-03-01,80,GBP,c-1\n"
            "2,2025-03-01T10:00Z,80.5,JPY,c-1\n"
            "3,2025-03-01T10:00Z,80.555,TWD,c-1\n"
            "4,2025-03-01T10:00Z,80,XXX,c-1\n"
            "5,31/12/2025,80,GBP,c-1\n"
            '6,2025-03-01T10:00Z,"1,200",TWD,c-1\n'
            "7,2025-03-01T10:00Z,80,,c-1\n"
            "8,2999-03-01T10:00Z,80,GBP,c-1\n"
            "9,2025-03-01T10:00Z,=80,GBP,c-1\n",
        )
    )
    assert [line.partition(": ")[0] for line in told] == [
        "advocates, line 2, email",
        "advocates, line 4, relation",
        "advocates, line 5, code",
        "advocates, line 6, code",
        "advocates, line 7",
        "codes, line 2, advocate",
        "referrals, line 2, placed",
        "referrals, line 3, total",
        "referrals, line 4, total",
        "referrals, line 5, currency",
        "referrals, line 6, placed",
        "referrals, line 7, total",
        "referrals, line 8, currency",
        "referrals, line 9, placed",
        "referrals, line 10, total",
    ]
    assert is_untouched(place)


def test_of_many_the_first_hundred_are_told(bring: Run) -> None:
    rows = "".join(f"m-{number},x\n" for number in range(150))
    told = lines(bring(advocates=f"id,email\n{rows}"))
    assert len(told) == 101
    assert told[-1] == "and 50 more"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "the file: holds nobody"),
        (b"id,name\n", "the file: holds nobody"),
        (b"id,nmae\n1,Mei\n", "line 1, nmae: is not known"),
        (b"name\nMei\n", "line 1, id: this column is missing"),
        (b"id,id\n1,2\n", "line 1, id: this column stands there twice"),
        (b"id,name\nm-1,M\0i\n", "the file: the file is no CSV"),
        (b"\x1f\x8b\x08\0\0\0", "the file: the file is no CSV"),
        ("id,name\nm-1,吳美玲\n".encode("cp950"), "the file: the file is in Big5"),
        (b"id,name\nm-1," + b"x" * 200_000, "line 2: is longer than 64 kB"),
        (b'id,name\nm-1,"Mei\n', "line 2: a quotation mark opens"),
    ],
)
def test_a_file_that_is_none_is_told(bring: Run, place: Place, data: bytes, told: str) -> None:
    (line,) = lines(bring(advocates=data))
    assert line.startswith(f"advocates, {told}")
    assert is_untouched(place)


def test_what_is_usual_may_be_said_once_for_all(bring: Run, place: Place) -> None:
    words = ("--relation", "partner", "--currency", "twd", "--ignore", "Clicks", "--zone", "UTC")
    told = said(
        bring(
            *words,
            advocates="id,clicks,code\nm-1,7,MEI\n",
            referrals="order,placed,total,code\n1,2025-03-01,80.50,mei\n",
        )
    )
    assert "referrals: 1 new" in told
    assert place.referrals.advocates.find("m-1").relation == "partner"
    assert place.referrals.credit.explain("1").state.gross.minor == 8050


def test_a_formula_in_a_cell_is_a_name_like_any_other(bring: Run, place: Place) -> None:
    said(bring(advocates="id,name\nm-1,=cmd()\nm-2,'=cmd()\nm-3,'s-Gravenhage\n"))
    found = [place.referrals.advocates.find(f"m-{number}").name for number in (1, 2, 3)]
    assert found == ["=cmd()", "=cmd()", "'s-Gravenhage"]


def test_nobody_is_mailed_and_nothing_is_due(bring: Run, place: Place) -> None:
    said(bring("--zone", "UTC", advocates=ADVOCATES, referrals=REFERRALS))
    assert place.house.engine.work({}) == 0
    assert place.referrals.thanks.owed() == []


def test_it_says_what_it_needs(run: Run, place: Place, bring: Run) -> None:  # noqa: F811
    assert "Give a file" in complained(run("import", "tea-house", "friends"))
    assert "no time zone" in complained(bring("--zone", "Mars/Here", advocates=ADVOCATES))
    path = "/does/not/exist.csv"
    told = complained(run("import", "tea-house", "friends", "--codes", path))
    assert "does not exist" in told


def test_an_unknown_program_or_shop_is_told(
    run: Run,  # noqa: F811
    place: Place,
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(ADVOCATES)
    for shop, program in (("tea-house", "nothing"), ("nowhere", "friends")):
        told = complained(run("import", shop, program, "--advocates", str(path)))
        assert program in told
    with pytest.raises(UnknownCode):
        place.referrals.find_code("mei10")


def test_how_far_it_is_is_shown_to_whoever_looks_on(
    bring: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Reading" not in bring("--dry-run", advocates=ADVOCATES).stderr
    monkeypatch.setattr(commands, "is_looked_at", lambda: True)
    assert "Reading" in bring("--dry-run", advocates=ADVOCATES).stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is no list of programs"),
        ('{"name": "x"}', "is no list of programs"),
        ("[" * 100_000, "is no list of programs"),
        ("[7]", "give a JSON object"),
        ('[{"name": "x", "nmae": "y"}]', "programs, line 1"),
    ],
)
def test_programs_that_are_none_are_told(bring: Run, text: str, told: str) -> None:
    found = lines(bring(programs=text.encode()))
    assert told in found[0]

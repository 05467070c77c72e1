"""The command line: what it does, and that its errors are sentences."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from goodword_server.cli import main
from goodword_server.storage import rounds
from goodword_server.storage.tables import inbox
from goodword_server.widget import script
from goodword_woocommerce.standin import SECRET
from tests.sdk.builders import Clock, a_shop_with
from tests.server.builders import FIRST_SECRET, FRONT, PAID, Place, a_house, client_of, rows

Run = Callable[..., Result]


@pytest.fixture
def run(url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command with the settings of a server on this database."""
    return runner(url, monkeypatch)


@pytest.fixture
def run_fresh(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The same on a database that does not exist yet."""
    return runner(sqlite_url, monkeypatch)


def runner(url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in [name for name in os.environ if name.startswith("GOODWORD_")]:
        monkeypatch.delenv(name)
    fine = {
        "GOODWORD_DATABASE_URL": url,
        "GOODWORD_SECRETS": FIRST_SECRET,
        "GOODWORD_PUBLIC_URL": "https://thanks.example",
    }

    def command(*words: str, **changes: str | None) -> Result:
        return CliRunner().invoke(main, words, env={**fine, **changes})

    return command


def said(result: Result) -> str:
    """What a command that worked said."""
    assert result.exit_code == 0, result.output
    return result.stdout


def complained(result: Result) -> str:
    """The one sentence of a command that did not."""
    assert result.exit_code in (1, 2), result.output
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in result.output
    assert FIRST_SECRET not in result.output
    (sentence,) = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    return sentence.removeprefix("Error: ")


def join(run: Run, *words: str, **changes: str) -> Result:
    keys = {
        "GOODWORD_SHOP_SECRET": SECRET,
        "GOODWORD_SHOP_CONSUMER_KEY": "ck_1",
        "GOODWORD_SHOP_CONSUMER_SECRET": "cs_1",
    }
    words = words or ("tea-house", "woocommerce", FRONT)
    return run("connect", *words, **{**keys, **changes})


# What it does.


def test_migrate_makes_the_tables_and_may_be_run_again(run_fresh: Run, sqlite_url: str) -> None:
    for _ in range(2):
        assert said(run_fresh("migrate")) == "The tables are up to date.\n"
    with a_house(sqlite_url, Clock()) as house:
        house.check()


def test_connect_joins_a_shop_and_says_where_it_delivers_to(run: Run, url: str) -> None:
    told = said(join(run))
    with a_house(url, Clock()) as house:
        connected = house.installation_of("tea-house")
        assert connected is not None
        assert house.hook_url(connected) in told
    assert connected.secrets == (SECRET,)
    assert connected.installation.url == FRONT
    assert connected.installation.credentials == {"consumer_key": "ck_1", "consumer_secret": "cs_1"}
    assert SECRET not in told
    assert "cs_1" not in told


def test_connect_takes_settings_of_the_shop(run: Run, url: str) -> None:
    words = ("tea-house", "woocommerce", FRONT, "--set", "code_meta=_ref,_by=x", "--set", "a=")
    said(join(run, *words))
    with a_house(url, Clock()) as house:
        connected = house.installation_of("tea-house")
    assert connected is not None
    assert connected.installation.settings == {"code_meta": "_ref,_by=x", "a": ""}


def test_key_makes_a_key_that_opens_the_shops_door(run: Run, url: str) -> None:
    key = said(run("key", "tea-house")).strip()
    with a_house(url, Clock()) as house:
        bearer = {"Authorization": f"Bearer {key}"}
        assert client_of(house).get("/v1/thanks", headers=bearer).status_code == 200


def listed(run: Run) -> list[list[str]]:
    """What `goodword keys` shows, row by row; columns stand two spaces apart."""
    heads, *lines = said(run("keys", "tea-house")).splitlines()
    names = ["id", "ends in", "scope", "made (UTC)", "last used", "ended", "label"]
    assert re.split(r"  +", heads) == names
    return [re.split(r"  +", line) for line in lines]


def test_keys_are_made_with_scope_and_label_and_listed_without_themselves(run: Run) -> None:
    assert listed(run) == []
    plain = said(run("key", "tea-house")).strip()
    pub = said(run("key", "tea-house", "--scope", "publishable", "--label", "the shop")).strip()
    assert plain.startswith("gw_secret_")
    assert pub.startswith("gw_pub_")
    rows = sorted(listed(run), key=lambda row: row[2])
    assert [[*row[1:3], *row[4:]] for row in rows] == [
        [f"…{pub[-4:]}", "publishable", "-", "-", "the shop"],
        [f"…{plain[-4:]}", "secret", "-", "-"],
    ]


def test_widget_prints_the_tag_with_a_key_that_pages_may_hold(run: Run, url: str) -> None:
    plain, pinned = (run("widget", "tea-house", *more).output for more in ([], ["--pinned"]))
    assert plain.startswith('<script src="https://thanks.example/goodword.js" data-shop=')
    assert f'goodword.js?v={script.version()}"' in pinned
    assert f'integrity="{script.integrity()}" crossorigin="anonymous"' in pinned
    key = re.findall('data-key="([^"]+)"', plain)[0]
    with a_house(url, Clock()) as house:
        held = house.keyring.holder(key)
    assert held is not None
    assert (held.shop, held.scope, held.label) == ("tea-house", "publishable", "widget")


def test_a_key_is_rotated_and_revoked_by_its_id(run: Run, url: str) -> None:
    old = said(run("key", "tea-house", "--scope", "read")).strip()
    ((id, *_),) = listed(run)
    new = said(run("rotate-key", "tea-house", id, "--overlap-hours", "1")).strip()
    assert new.startswith("gw_read_")
    with a_house(url, Clock(datetime.now(UTC))) as house:
        assert {one is not None for one in map(house.keyring.holder, (old, new))} == {True}
        assert said(run("revoke-key", "tea-house", id)) == "Revoked.\n"
    with a_house(url, Clock(datetime.now(UTC))) as house:
        assert house.keyring.holder(old) is None
        assert house.keyring.holder(new) is not None


@pytest.mark.parametrize("command", ["rotate-key", "revoke-key"])
def test_a_key_that_is_not_there_is_a_sentence(run: Run, command: str) -> None:
    assert complained(run(command, "tea-house", "abc")) == "the shop has no key 'abc'"


def test_forget_forgets_somebody_of_a_shop(run: Run, url: str) -> None:
    said(join(run))
    with a_house(url, Clock()) as house:
        referrals = house.referrals("tea-house")
        a_shop_with(referrals)
    assert said(run("forget", "tea-house", "Alice@shop.example")) == "Forgotten.\n"
    with a_house(url, Clock()) as house:
        assert house.referrals("tea-house").advocates.find("c-1").email is None
    assert complained(run("forget", "tea-house", "alice@shop.example")) == (
        "nobody is known by what was given"
    )


def test_work_once_does_what_can_be_done_and_ends(run: Run, url: str) -> None:
    said(join(run))
    with a_house(url, Clock()) as house:
        connected = house.installation_of("tea-house")
        assert connected is not None
        place = Place(house, connected, client_of(house))
        a_shop_with(place.referrals)
        place.deliver(PAID)
        assert said(run("work", "--once")) == "1 deliveries and deeds taken up.\n"
        assert [row["verdict"] for row in rows(house, inbox)] == ["order 17: created"]
    assert said(run("work", "--once")) == "0 deliveries and deeds taken up.\n"


def test_card_writes_the_cards_of_a_code(run: Run, url: str, tmp_path: Path) -> None:
    join(run)
    with a_house(url, Clock(datetime.now(UTC))) as house:
        a_shop_with(house.referrals("tea-house"))
    folder = tmp_path / "to print"
    words = ("card", "tea-house", "Alice10", "--language", "zh-Hant", "--folder", str(folder))
    told = said(run(*words, GOODWORD_CARD_FOLDER=str(tmp_path / "kept")))
    files = [folder / f"ALICE10-{name}" for name in ("card.png", "square.png", "a6.pdf")]
    assert told.splitlines() == [str(path) for path in files]
    assert sorted(folder.iterdir()) == sorted(files)
    assert [path.read_bytes()[:4] for path in files] == [b"\x89PNG", b"\x89PNG", b"%PDF"]


def test_a_card_that_cannot_be_is_a_sentence(run: Run, tmp_path: Path) -> None:
    join(run)
    told = complained(run("card", "tea-house", "NOBODY", "--folder", str(tmp_path / "cards")))
    assert "NOBODY" in told
    assert not (tmp_path / "cards").exists()
    assert complained(run("card", "no shop", "ALICE10")).startswith("shop: ")


EXPLAINED = [
    *("disconnect", "rotate-secret"),
    *("", "migrate", "serve", "work", "connect", "key", "keys", "rotate-key", "revoke-key", "card"),
]


@pytest.mark.parametrize("command", EXPLAINED)
def test_every_command_explains_itself(run_fresh: Run, command: str) -> None:
    told = said(run_fresh(*command.split(), "--help"))
    assert "Usage: " in told
    assert len(told) > 80


# How it complains.

COMMANDS = {
    "work": ("work", "--once"),
    "connect": ("connect", "tea-house", "woocommerce", FRONT),
    "key": ("key", "tea-house"),
    "keys": ("keys", "tea-house"),
    "rotate-key": ("rotate-key", "tea-house", "abc"),
    "revoke-key": ("revoke-key", "tea-house", "abc"),
    "card": ("card", "tea-house", "ALICE10"),
    "serve": ("serve", "--port", "1"),
}


@pytest.mark.parametrize("command", [*COMMANDS, "migrate"])
def test_missing_settings_are_named(run_fresh: Run, command: str) -> None:
    missing = {"GOODWORD_SECRETS": None, "GOODWORD_PUBLIC_URL": None}
    words = COMMANDS.get(command, (command,))
    told = complained(run_fresh(*words, GOODWORD_SHOP_SECRET=SECRET, **missing))
    assert told.startswith("environment: ")
    assert all(name in told for name in missing)


@pytest.mark.parametrize("command", COMMANDS)
def test_without_tables_it_says_what_to_do(run_fresh: Run, command: str) -> None:
    told = complained(run_fresh(*COMMANDS[command], GOODWORD_SHOP_SECRET=SECRET))
    assert "run `goodword migrate`" in told


@pytest.mark.parametrize("command", [*COMMANDS, "migrate"])
@pytest.mark.parametrize("table", ["goodword_version", "goodword_server_version"])
def test_with_tables_of_a_newer_release_it_says_what_to_do(
    run: Run, place: Place, command: str, table: str
) -> None:
    with place.house.database.connect() as connection:
        connection.execute(text(f"UPDATE {table} SET version_num = '9999'"))
        connection.commit()
    told = complained(run(*COMMANDS.get(command, (command,)), GOODWORD_SHOP_SECRET=SECRET))
    assert "use the release that made it" in told
    assert "goodword migrate" not in told
    doctor = run("doctor")
    assert (doctor.exit_code, "of a newer release (9999)" in doctor.output) == (1, True)


@pytest.mark.parametrize("command", [*COMMANDS, "migrate"])
def test_a_database_that_cannot_be_reached_is_a_sentence_without_password(
    run_fresh: Run, command: str
) -> None:
    nowhere = "postgresql://tea:pa55word@127.0.0.1:1/goodword"
    words = COMMANDS.get(command, (command,))
    told = complained(run_fresh(*words, GOODWORD_DATABASE_URL=nowhere, GOODWORD_SHOP_SECRET=SECRET))
    assert told.startswith("the database cannot be used: ")
    assert "pa55word" not in told


def test_a_file_that_is_no_database_is_a_sentence(run_fresh: Run, tmp_path: Path) -> None:
    (tmp_path / "goodword.db").write_bytes(b"once upon a time" * 100)
    assert complained(run_fresh("migrate")) == "the database cannot be used: file is not a database"


def test_a_folder_that_does_not_exist_is_a_sentence(run_fresh: Run, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/nowhere/goodword.db"
    told = complained(run_fresh("migrate", GOODWORD_DATABASE_URL=url))
    assert told == "the database cannot be used: unable to open database file"


def test_a_shop_is_not_joined_without_the_secret_it_signs_with(run: Run) -> None:
    assert "GOODWORD_SHOP_SECRET" in complained(join(run, GOODWORD_SHOP_SECRET=""))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("tea-house", "shopware", FRONT), "platform: 'shopware' is not installed"),
        (("tea-house", "woocommerce", "tea.example"), "url: give the shop's address"),
        (("tea house", "woocommerce", FRONT), "shop: use 1 to 64 letters"),
        (("tea-house", "woocommerce", FRONT, "--set", "code_meta"), "--set takes NAME=VALUE"),
        (("tea-house", "woocommerce", FRONT, "--set", "=x"), "--set takes NAME=VALUE"),
        (("tea-house", "woocommerce"), "Missing argument 'URL'"),
    ],
)
def test_what_cannot_be_joined_is_a_sentence(run: Run, words: tuple[str, ...], told: str) -> None:
    assert complained(join(run, *words)).startswith(told)


def test_a_key_is_made_for_no_impossible_shop(run: Run) -> None:
    assert complained(run("key", "tea house")).startswith("shop: ")


def test_a_mail_server_that_cannot_be_is_told_before_anything_starts(run: Run) -> None:
    assert "GOODWORD_MAIL: use smtp://" in complained(
        run("serve", GOODWORD_MAIL="smtp://host:port")
    )


def test_a_file_that_may_not_be_opened_is_a_sentence(
    run_fresh: Run, migrated_sqlite: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated_sqlite, tmp_path / "goodword.db")
    # Not even root may write to what is a folder.
    (tmp_path / "goodword.db.lock").mkdir()
    assert "goodword.db.lock" in complained(run_fresh("key", "tea-house"))


# A shop's connection.


def test_a_shop_that_was_connected_is_looked_at_from_then_on(run: Run, url: str) -> None:
    said(join(run))
    with a_house(url, Clock()) as house:
        found = house.database.read(lambda session: rounds.of(session, "tea-house"))
    assert sorted(found) == ["coupons", "gone", "hooks", "orders"]


def test_a_shop_is_disconnected_by_choice(run: Run, url: str) -> None:
    said(join(run))
    told = said(run("disconnect", "tea-house", "--coupons", "keep"))
    assert "tea-house is disconnected." in told
    with a_house(url, Clock()) as house:
        assert house.installation_of("tea-house") is None
    again = complained(run("disconnect", "tea-house", "--coupons", "keep"))
    assert "no shop 'tea-house' is connected" in again
    assert run("disconnect", "tea-house").exit_code == 2


def test_a_shop_is_given_a_new_secret(run: Run, url: str) -> None:
    said(join(run))
    assert "is told of its new secret" in said(run("rotate-secret", "tea-house"))
    with a_house(url, Clock()) as house:
        connected = house.installation_of("tea-house")
    assert connected is not None
    new, old = connected.secrets
    assert old == SECRET
    assert new.isalnum()
    assert run("rotate-secret", "other").exit_code == 1

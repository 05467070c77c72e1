"""What one server process holds: shops that join it, and what it remembers of them."""

from __future__ import annotations

from pathlib import Path
from threading import Event
from time import sleep
from typing import Any

import pytest

from goodword.errors import Invalid, ProgramInvalid
from goodword.model.worth import percent_off
from goodword_server.house import House, UnknownShop
from goodword_server.post import Letter, Post
from goodword_server.storage.tables import installations
from goodword_woocommerce.standin import SECRET
from tests.sdk.builders import Clock, a_program
from tests.server.builders import FRONT, PUBLIC, SHOP, a_house, connect, rows


def join(house: House, shop: str = SHOP, url: str = FRONT, **changes: Any) -> Any:
    """Join a shop as the command line does: the server chooses the address."""
    return connect(house, shop, url, **({"path": None} | changes))


# Joining.


def test_a_joined_shop_is_found_by_its_name_and_by_its_address(house: House) -> None:
    connected = join(house)
    assert house.installation_of(SHOP) == connected
    assert house.installation_at(connected.path) == connected
    assert house.hook_url(connected) == f"{PUBLIC}/hooks/woocommerce/{connected.path}"


def test_nobody_can_guess_where_a_shop_delivers_to(house: House) -> None:
    one, other = join(house, "one"), join(house, "other")
    assert one.path != other.path
    assert len(one.path) >= 32


def test_a_shop_that_joins_again_keeps_its_address_and_changes_the_rest(house: House) -> None:
    before = join(house)
    after = join(house, url="https://new.example", secrets=["new"], settings={"code_meta": "_ref"})
    assert after.path == before.path
    assert house.installation_of(SHOP) == after
    assert (after.secrets, after.installation.url) == (("new",), "https://new.example")


def test_also_when_what_it_was_sealed_with_is_lost(house: House, url: str, clock: Clock) -> None:
    before = join(house)
    with a_house(url, clock, secrets=("another-secret-0123456789abcdefghijkl",)) as other:
        after = join(other)
        assert after.path == before.path
        assert other.installation_of(SHOP) == after


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://tea.example", "https://tea.example"),
        ("https://tea.example/", "https://tea.example"),
        ("https://tea.example/shop//", "https://tea.example/shop"),
        ("http://127.0.0.1:8890", "http://127.0.0.1:8890"),
        ("https://茶.example/店", "https://xn--cl1a.example/%E5%BA%97"),
    ],
)
def test_an_address_is_kept_as_browsers_write_it(house: House, written: str, kept: str) -> None:
    assert join(house, url=written).installation.url == kept


WRONG = [
    {"url": ""},
    {"url": "tea.example"},
    {"url": "ftp://tea.example"},
    {"url": "https://"},
    {"url": "https:///shop"},
    {"url": "https://tea.example/?p=1"},
    {"url": "https://tea.example/#top"},
    {"url": "https://me:secret@tea.example"},
    {"url": "https://tea example"},
    {"url": "https://tea.example:port"},
    {"url": "https://[::1"},
    {"url": "https://" + "茶" * 100 + ".example"},
    {"url": "javascript:alert(1)"},
    {"shop": ""},
    {"shop": "tea/house"},
    {"shop": "tea house"},
    {"shop": "茶"},
    {"shop": "x" * 65},
    {"secrets": []},
    {"secrets": [""]},
    {"secrets": [SECRET, ""]},
]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_what_cannot_be_joined_is_a_clear_error_and_nothing_is_written(
    on_sqlite: str, clock: Clock, wrong: dict[str, Any]
) -> None:
    with a_house(on_sqlite, clock) as house:
        with pytest.raises(Invalid) as refused:
            join(house, **wrong)
        assert [refused.value.facts["field"]] == list(wrong)
        assert rows(house, installations) == []


def test_a_platform_that_is_not_installed_is_named_with_those_that_are(house: House) -> None:
    with pytest.raises(Invalid, match=r"'shopware' is not installed; installed: .*woocommerce"):
        house.connect(SHOP, "shopware", FRONT, secrets=[SECRET], credentials={})
    assert rows(house, installations) == []


def test_a_program_promises_only_what_the_shops_platform_grants(house: House) -> None:
    join(house)
    house.engine.of(SHOP, grants=[])
    with pytest.raises(ProgramInvalid, match="cannot grant percent_off"):
        house.referrals(SHOP).programs.save(a_program(percent_off(10)))


# Remembering.


def test_another_process_notices_within_seconds_that_a_shop_changed(
    house: House, url: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    join(house)
    passed = 0.0
    monkeypatch.setattr("goodword_server.remembering.monotonic", lambda: passed)
    with a_house(url, clock) as other:
        assert seen(other) == FRONT
        join(house, url="https://new.example")
        passed = 4.9
        assert seen(other) == FRONT
        passed = 5.1
        assert seen(other) == "https://new.example"


def seen(house: House) -> str:
    found = house.installation_of(SHOP)
    assert found is not None
    return found.installation.url


def test_names_that_never_were_do_not_fill_the_memory(house: House) -> None:
    for stranger in range(50):
        assert house.installation_of(f"nobody-{stranger}") is None
    assert not house._remembered


def test_the_till_of_a_shop_that_never_joined_cannot_be_opened(house: House) -> None:
    with pytest.raises(UnknownShop, match="no shop 'nowhere' is connected"):
        house.till("nowhere")


# At rest.


def test_nobody_who_sees_the_table_reads_a_secret(house: House) -> None:
    join(house, secrets=["whsec-abc"], credentials={"consumer_key": "ck_abc"})
    (row,) = rows(house, installations)
    kept = b"".join(
        value if isinstance(value, bytes) else repr(value).encode() for value in row.values()
    )
    assert b"whsec-abc" not in kept
    assert b"ck_abc" not in kept


def test_nobody_who_prints_a_connected_shop_reads_a_secret(house: House) -> None:
    told = repr(join(house, secrets=["whsec-abc"], credentials={"consumer_key": "ck_abc"}))
    assert "whsec-abc" not in told
    assert "ck_abc" not in told


def test_what_is_sent_beside_requests_is_sent_before_the_connections_close(
    url: str, clock: Clock, tmp_path: Path
) -> None:
    with a_house(url, clock, mail=f"folder:{tmp_path}") as house:
        post, begun = Post(house), Event()

        def letters() -> list[Letter]:
            begun.set()
            sleep(0.1)
            unknown = house.installation_of("nowhere")
            return [Letter("mei@example.com", f"Hello, {unknown}", "Hello")]

        post.send_found(letters)
        assert begun.wait(10)
    assert len(list(tmp_path.glob("*.eml"))) == 1

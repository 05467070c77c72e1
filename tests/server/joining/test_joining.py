"""A shop is joined when its owner agrees, once, by whoever began it, and by keys that open it."""

from __future__ import annotations

import json
import logging
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.storage import joinings
from goodword_server.storage.tables import audit, installations, keys
from goodword_server.storage.tables import joinings as begun
from goodword_woocommerce.standin import Fault, StandIn, recorded
from tests.sdk.builders import Clock
from tests.server.builders import PAID, SHOP, a_house, client_of, connect, problem, rows
from tests.server.delivering import order
from tests.server.joining.conftest import OWNER, Joining
from tests.server.shell.browser import an_account

pytestmark = pytest.mark.slow


def state_of(way: str) -> str:
    return parse_qs(urlsplit(way).query)["user_id"][0]


def outcome(joining: Joining) -> str | None:
    found = joining.house.database.read(lambda s: joinings.last(s, SHOP))
    assert found is not None
    return found.outcome


def nothing_happened(joining: Joining) -> None:
    assert rows(joining.house, installations) == []
    assert joining.house.installation_of(SHOP) is None


# Agreement.


def test_a_shop_is_joined_and_tells_of_its_orders(joining: Joining) -> None:
    answer = joining.agree()
    assert (answer.status_code, answer.text) == (200, "joined")
    assert outcome(joining) == ""
    connected = joining.place.connected
    assert connected.installation.url == joining.standin.url
    assert connected.installation.platform == "woocommerce"
    joining.work()
    assert len(joining.hooks()) == 4
    joining.standin.shop.show(PAID)
    ((_, sent),) = joining.standin.shop.hooks.tell("order.updated", recorded(PAID).body)
    assert joining.place.deliver(sent) == 200
    joining.work()
    assert order(joining.place).paid is not None
    (line,) = [row for row in rows(joining.house, audit) if row["did"] == "connected"]
    assert (line["account"], line["about"]) == (joining.account, joining.standin.url)


def test_the_keys_are_kept_so_that_only_this_shop_opens_them(joining: Joining) -> None:
    joining.agree()
    (row,) = rows(joining.house, installations)
    kept = b"".join(repr(value).encode() for value in row.values())
    for hidden in (joining.standin.key, joining.standin.secret):
        assert hidden.encode() not in kept
    sealed, use = bytes(row["credentials"]), "installation credentials"
    assert json.loads(joining.house.vault.open(sealed, SHOP, use)) == {
        "consumer_key": joining.standin.key,
        "consumer_secret": joining.standin.secret,
    }
    with pytest.raises(ValueError, match="not sealed for this shop"):
        joining.house.vault.open(sealed, "other", use)


def test_a_callback_that_comes_again_is_refused_and_changes_nothing(joining: Joining) -> None:
    called = joining.standin.agreed(joining.way())
    assert joining.bring(called).status_code == 200
    before = rows(joining.house, installations)
    again = joining.bring(called)
    assert again.status_code == 422
    assert "was used before" in problem(again)["detail"]
    assert rows(joining.house, installations) == before


def test_one_that_comes_too_late_is_refused(joining: Joining) -> None:
    called = joining.standin.agreed(joining.way())
    joining.clock.on(minutes=30)
    assert joining.bring(called).status_code == 422
    nothing_happened(joining)


def test_beginning_anew_ends_what_was_begun_before(joining: Joining) -> None:
    first = joining.standin.agreed(joining.way())
    second = joining.standin.agreed(joining.way())
    assert joining.bring(first).status_code == 422
    assert joining.bring(second).status_code == 200


@pytest.mark.parametrize("state", ["x" * 43, "", "../../etc", "\x00" * 20, "好" * 20])
def test_a_forged_state_is_refused(joining: Joining, state: str) -> None:
    called, body = joining.standin.agreed(joining.way(), user="y" * 43)
    told = json.loads(body) | {"user_id": state}
    assert joining.bring((called, json.dumps(told).encode())).status_code == 422
    assert joining.bring((called, body)).status_code == 422
    nothing_happened(joining)
    assert joining.standin.calls == []


def test_a_state_is_good_for_the_shop_it_was_given_for_alone(joining: Joining) -> None:
    called, body = joining.standin.agreed(joining.way())
    elsewhere = called.replace(SHOP, "other")
    assert joining.bring((elsewhere, body)).status_code == 422
    # Nor was it used up by that.
    assert joining.bring((called, body)).status_code == 200
    assert [row["shop"] for row in rows(joining.house, installations)] == [SHOP]


def test_keys_are_tried_at_the_address_that_was_joined_and_no_other(joining: Joining) -> None:
    # Somebody with a shop of their own brings its keys along with our state.
    with StandIn() as theirs:
        theirs.signatures = type(theirs.signatures)("ck_theirs", "cs_theirs")
        called, body = joining.standin.agreed(joining.way())
        told = json.loads(body) | {"consumer_key": "ck_theirs", "consumer_secret": "cs_theirs"}
        answer = joining.bring((called, json.dumps(told).encode()))
        assert theirs.calls == []
    assert answer.status_code == 422
    assert "the keys were refused" in problem(answer)["detail"]
    nothing_happened(joining)
    assert "the keys were refused" in str(outcome(joining))


@pytest.mark.parametrize("fault", [Fault.PAGE, Fault.WALL, Fault.MOVED, Fault.CUT, Fault.CODE])
def test_a_shop_that_does_not_answer_them_is_not_joined(joining: Joining, fault: Fault) -> None:
    called = joining.standin.agreed(joining.way())
    joining.standin.fail(fault, fault)
    assert joining.bring(called).status_code == 422
    nothing_happened(joining)
    assert outcome(joining)


def test_one_that_is_down_just_then_is_not_joined_either(joining: Joining) -> None:
    called = joining.standin.agreed(joining.way())
    joining.standin.fail(Fault.DOWN)
    assert joining.bring(called).status_code == 502
    nothing_happened(joining)
    assert outcome(joining) == "the shop asks us to wait (503)"


def test_who_is_no_owner_any_more_joins_nothing(joining: Joining) -> None:
    called = joining.standin.agreed(joining.way())
    an_account(joining.house, OWNER, Role.STAFF)
    assert joining.bring(called).status_code == 422
    nothing_happened(joining)


def test_only_what_can_be_joined_so_is(joining: Joining) -> None:
    for platform in ("shopify", "none", "%00"):
        answer = joining.client.post(f"/connect/{platform}/{SHOP}", data=b"{}")
        assert answer.status_code == 422, platform
    assert joining.client.get(f"/connect/woocommerce/{SHOP}").status_code == 405
    assert joining.client.post("/connect/woocommerce").status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b"{" * 9000, b"x" * 20_000])
def test_odd_bodies_are_refused(joining: Joining, body: bytes) -> None:
    for path in ("", "/pairing"):
        answer = joining.client.post(f"/connect/woocommerce/{SHOP}{path}", data=body)
        assert answer.status_code in (413, 422)
    nothing_happened(joining)


def test_no_key_is_ever_logged(joining: Joining, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    joining.agree()
    joining.pair(joining.code())
    joining.pair("forged")
    joining.work()
    for hidden in (joining.standin.key, joining.standin.secret):
        assert hidden not in caplog.text


def test_who_asks_too_often_is_slowed_down(url: str, clock: Clock, house: House) -> None:
    with a_house(url, clock, stranger_limit=3) as strict:
        client = client_of(strict)
        statuses = [
            client.post(f"/connect/woocommerce/{SHOP}", data=b"{}").status_code for _ in range(5)
        ]
    assert statuses == [422, 422, 422, 429, 429]


# From within the shop: a pairing code.


def test_a_plugin_pairs_with_the_code_and_is_told_what_it_needs(joining: Joining) -> None:
    answer = joining.pair(joining.code())
    assert answer.status_code == 200
    told = answer.get_json()
    given = {told.pop("key"): "publishable", told.pop("secret"): "secret"}
    assert told == {
        "shop": SHOP,
        "server": "https://thanks.example",
        "links": f"https://thanks.example/{SHOP}/r/",
    }
    for key, scope in given.items():
        found = joining.house.keyring.holder(key)
        assert found is not None
        assert found.scope == scope
    assert {row["label"] for row in rows(joining.house, keys)} == {"WordPress plugin"}
    assert joining.place.connected.installation.url == joining.standin.url
    joining.work()
    assert len(joining.hooks()) == 4


def test_a_code_pairs_once(joining: Joining) -> None:
    code = joining.code()
    assert joining.pair(code).status_code == 200
    assert joining.pair(code).status_code == 422


def test_paired_again_the_plugins_former_keys_end(joining: Joining) -> None:
    first = joining.pair(joining.code()).get_json()
    second = joining.pair(joining.code()).get_json()
    for name in ("key", "secret"):
        assert joining.house.keyring.holder(first[name]) is None
        assert joining.house.keyring.holder(second[name]) is not None


def test_a_code_is_over_after_a_quarter_of_an_hour_and_with_the_next(joining: Joining) -> None:
    first = joining.code()
    second = joining.code()
    assert joining.pair(first).status_code == 422
    joining.clock.on(minutes=15)
    assert joining.pair(second).status_code == 422
    nothing_happened(joining)


def forged(code: str) -> list[str]:
    state, _, signature = code.rpartition(".")
    flipped = ("0" if signature[0] != "0" else "1") + signature[1:]
    return ["", ".", "a.b", state, f"{state}.", f"{state}.{flipped}", f"x{code}", "é" * 60]


def test_a_code_that_we_did_not_sign_is_refused_before_anything_is_asked(
    joining: Joining,
) -> None:
    for code in forged(joining.code()):
        answer = joining.pair(code)
        assert answer.status_code == 422, code
        assert problem(answer)["facts"]["field"] == "code"
    assert joining.standin.calls == []
    nothing_happened(joining)


def test_a_code_is_good_for_its_own_shop_alone(joining: Joining) -> None:
    assert joining.pair(joining.code(), shop="other").status_code == 422
    nothing_happened(joining)


def test_a_code_is_no_agreement_and_a_agreement_no_code(joining: Joining) -> None:
    code = joining.code()
    called, body = joining.standin.agreed(joining.way())
    told = json.loads(body) | {"user_id": code.rpartition(".")[0]}
    assert joining.bring((called, json.dumps(told).encode())).status_code == 422
    assert joining.pair(state_of(joining.way())).status_code == 422
    nothing_happened(joining)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": None}, "url"),
        ({"url": "ftp://tea.example"}, "url"),
        ({"url": "http://127.0.0.1:1/nothing"}, None),
        ({"url": "x" * 3000}, "url"),
        ({"code": 5}, "code"),
        ({"consumer_key": ""}, "consumer_key"),
        ({"consumer_secret": "cs_wrong"}, "consumer_key"),
        ({"key_permissions": "read"}, "key_permissions"),
    ],
)
def test_what_a_plugin_gets_wrong_is_named(
    joining: Joining, changes: dict[str, Any], field: str | None
) -> None:
    answer = joining.pair(**{"code": joining.code(), **changes})
    assert answer.status_code in ((422,) if field else (502,))
    if field:
        assert problem(answer)["facts"]["field"] == field
    nothing_happened(joining)


def test_an_address_of_our_own_network_is_not_called(
    url: str, clock: Clock, joining: Joining
) -> None:
    with a_house(url, clock) as strict:
        outside = Joining(strict, joining.standin, clock, client_of(strict))
        answer = outside.pair(outside.code())
        assert answer.status_code == 422
        assert "open internet" in problem(answer)["detail"]
        answer = outside.bring(joining.standin.agreed(outside.way()))
        assert answer.status_code == 422
        assert "open internet" in problem(answer)["detail"]
    assert joining.standin.calls == []
    nothing_happened(joining)


def test_what_is_joined_from_the_open_internet_is_called_there_alone(joining: Joining) -> None:
    joining.agree()
    assert "reach" not in joining.place.connected.installation.settings


# Joined again.


def test_joined_again_it_keeps_its_address_its_settings_and_its_place(joining: Joining) -> None:
    connect(
        joining.house, url="https://old.example", settings={"code_meta": "_ref"}, path="the-path"
    )
    joining.agree()
    connected = joining.place.connected
    assert connected.path == "the-path"
    assert connected.installation.settings == {"code_meta": "_ref"}
    assert connected.installation.url == joining.standin.url
    joining.work()
    assert len(joining.hooks()) == 4


def test_what_stood_there_before_signs_with_the_new_secret(joining: Joining) -> None:
    joining.agree()
    joining.work()
    before = set(joining.standin.shop.hooks.secrets.values())
    joining.agree()
    joining.work()
    after = set(joining.standin.shop.hooks.secrets.values())
    assert after == {joining.place.connected.secrets[0]}
    assert len(after) == 1
    assert before.isdisjoint(after)
    assert len(joining.hooks()) == 4


def test_a_shop_that_moved_is_found_again_and_nothing_is_lost(joining: Joining) -> None:
    joining.agree()
    joining.work()
    # It calls itself otherwise from now on, and takes no signature for its old name.
    joining.standin.shop.home = "http://localhost:1"
    joining.standin.shop.show(PAID)
    joining.clock.on(hours=2)
    joining.work()
    with pytest.raises(Exception, match="never reported"):
        order(joining.place)
    joining.standin.shop.home = joining.standin.url
    joining.agree()
    joining.work()
    assert order(joining.place).paid is not None


def test_what_was_begun_and_never_used_is_swept_away(joining: Joining) -> None:
    for _ in range(5):
        joining.way()
        joining.code()
    assert len(rows(joining.house, begun)) == 2
    joining.clock.on(days=1)
    joining.way()
    assert len(rows(joining.house, begun)) == 1


def test_no_state_stands_in_the_table_as_it_is(joining: Joining) -> None:
    state, code = state_of(joining.way()), joining.code()
    kept = repr(rows(joining.house, begun))
    assert state not in kept
    assert code.rpartition(".")[0] not in kept


def test_until_it_learns_of_its_new_secret_it_signs_with_the_old_one(joining: Joining) -> None:
    joining.agree()
    joining.work()
    body = recorded(PAID).body
    ((_, before),) = joining.standin.shop.hooks.tell("order.updated", body)
    joining.agree()
    assert joining.place.deliver(before) == 200
    joining.work()
    ((_, after),) = joining.standin.shop.hooks.tell("order.updated", body)
    assert joining.place.deliver(after) == 200
    joining.clock.on(days=3)
    joining.work()
    joining.house.remember_nothing()
    assert joining.place.deliver(before) == 401


def test_a_shop_that_is_joined_is_looked_at_or_neither(
    joining: Joining, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("killed")

    called = joining.standin.agreed(joining.way())
    monkeypatch.setattr("goodword_server.joining.joined.rounds.plan", fails)
    assert joining.bring(called).status_code == 500
    nothing_happened(joining)

"""Every door of the shell: who is let in, who is sent away, and how pages are locked."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from goodword_server.house import House
from goodword_server.shell.roles import Role
from goodword_server.storage.tables import accounts, audit, endpoints, keys, members
from tests.server.builders import SHOP, Place, connect, rows
from tests.server.shell.browser import AT, PASSWORD, SIGN_IN, Browser, Page, an_account, somebody
from tests.server.shell.busy import fill

pytestmark = pytest.mark.slow

# Whoever is not signed in may open these.
PUBLIC: Final = {
    *("static", "choose_language", "security.login", "security.logout"),
    *("security.forgot_password", "security.reset_password", "security.change_email_confirm"),
}
SIGNED_IN: Final = {"shops", "security.change_password", "security.change_email"}
GUARDED: Final = (accounts, audit, endpoints, keys, members)
VALUES: Final = {
    "shop": SHOP,
    "name": "friends",
    "token": "none",
    "id": "none",
    "filename": "shell.css",
    "channel": "page",
    "moment": "friend.title",
}


def rules(browser: Browser) -> Iterator[tuple[Rule, str, str]]:
    """Every rule of the shell, with its address and each of its methods."""
    adapter = browser.shell.url_map.bind("thanks.example", "/owner")
    for rule in browser.shell.url_map.iter_rules():
        values = {name: VALUES[name] for name in rule.arguments}
        path = adapter.build(rule.endpoint, values)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule, path, method


def answered(browser: Browser, path: str, method: str) -> int:
    return (browser.get(path) if method == "GET" else browser.post(path)).status_code


def needed(browser: Browser, rule: Rule) -> Role:
    needs = getattr(browser.shell.view_functions[rule.endpoint], "needs", None)
    assert isinstance(needs, Role), rule
    return needs


def of_a_shop(rule: Rule) -> bool:
    return str(rule.endpoint).startswith("shop.")


def test_every_door_is_known(place: Place) -> None:
    seen = {rule.endpoint for rule, _, _ in rules(Browser(place.house))}
    apart = {endpoint for endpoint in seen if not endpoint.startswith("shop.")}
    assert apart == PUBLIC | SIGNED_IN
    assert len(seen - apart) == 54


def test_nobody_is_sent_to_sign_in(place: Place) -> None:
    browser = Browser(place.house)
    for rule, path, method in rules(browser):
        if rule.endpoint in PUBLIC:
            continue
        answer = browser.get(path) if method == "GET" else browser.post(path)
        assert answer.status_code == 302, (method, path)
        assert answer.headers["Location"].startswith(f"{SIGN_IN}?next=/owner/")


def test_who_belongs_to_another_shop_finds_nothing(place: Place) -> None:
    connect(place.house, "other")
    stranger = somebody(place.house, Role.OWNER, shop="other")
    for rule, path, method in rules(stranger):
        if of_a_shop(rule):
            assert answered(stranger, path, method) == 404, (method, path)
    nowhere = stranger.get("/owner/shops/nowhere/")
    assert Page(nowhere.text).text == Page(stranger.get(f"{AT}/").text).text


@pytest.mark.parametrize("role", [Role.READONLY, Role.STAFF])
def test_everybody_gets_as_far_as_their_role(place: Place, role: Role) -> None:
    browser = somebody(place.house, role)
    before = [rows(place.house, table) for table in GUARDED]
    for rule, path, method in rules(browser):
        if not of_a_shop(rule):
            continue
        allowed = role.may(needed(browser, rule))
        status = answered(browser, path, method)
        assert (status != 403) is allowed, (method, path, status)
        if method == "POST" and not allowed:
            assert [rows(place.house, one) for one in GUARDED] == before


def test_who_only_looks_changes_nothing_and_who_owns_may_do_all(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    needs = {
        (rule.endpoint, method): needed(browser, rule)
        for rule, _, method in rules(browser)
        if of_a_shop(rule)
    }
    assert Role.READONLY not in {role for (_, method), role in needs.items() if method == "POST"}
    assert all(Role.OWNER.may(role) for role in needs.values())
    assert [role for role in Role if Role.STAFF.may(role)] == [Role.READONLY, Role.STAFF]


def test_no_form_works_without_its_mark(place: Place) -> None:
    fill(place)
    browser = somebody(place.house, Role.OWNER)
    done = len(rows(place.house, audit))
    posts = [path for _, path, method in rules(browser) if method == "POST"]
    assert len(posts) > 10
    for path in posts:
        assert browser.send(path).status_code == 400, path
        assert browser.send(path, csrf_token="guessed").status_code == 400, path
    assert len(rows(place.house, audit)) == done
    # Still signed in: not even that was undone.
    assert browser.get(f"{AT}/").status_code == 200


def test_a_mark_of_another_session_does_not_count(place: Place) -> None:
    browser, other = somebody(place.house, Role.OWNER), Browser(place.house)
    foreign = Page(other.get(SIGN_IN).text).token
    assert browser.send(f"{AT}/keys", csrf_token=foreign).status_code == 400
    assert rows(place.house, keys) == []


def test_a_role_that_was_taken_away_is_gone_at_once(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER)
    an_account(place.house, f"owner@{SHOP}.example", Role.READONLY)
    browser.sign_in(f"owner@{SHOP}.example")
    assert browser.get(f"{AT}/accounts").status_code == 403


def test_after_signing_in_one_gets_where_one_wanted(place: Place) -> None:
    an_account(place.house, "mei@tea.example")
    browser = Browser(place.house)
    asked = browser.get(f"{AT}/why?order=17").headers["Location"]
    token = Page(browser.get(asked).text)
    wanted = next(told["value"] for told in token.all("input") if told.get("name") == "next")
    answer = browser.post(SIGN_IN, email="mei@tea.example", password=PASSWORD, next=wanted)
    assert answer.headers["Location"] == f"{AT}/why?order=17"


@pytest.mark.parametrize("next", ["https://evil.example/", "//evil.example", "/\\evil.example"])
def test_nobody_is_led_to_another_host(place: Place, next: str) -> None:
    an_account(place.house, "mei@tea.example")
    browser = Browser(place.house)
    answer = browser.post(SIGN_IN, email="mei@tea.example", password=PASSWORD, next=next)
    assert_within(answer)
    answer = browser.post("/owner/language", language="zh-Hant", back=next)
    assert_within(answer)
    assert answer.location == "/owner/"


def assert_within(answer: TestResponse) -> None:
    """See that a browser stays on our host."""
    assert urlsplit(answer.location or "").netloc == ""
    assert not (answer.location or "").startswith(("//", "/\\"))


def test_an_account_of_several_shops_chooses(place: Place) -> None:
    connect(place.house, "other")
    an_account(place.house, "mei@tea.example")
    an_account(place.house, "mei@tea.example", Role.READONLY, shop="other")
    browser = Browser(place.house)
    browser.sign_in("mei@tea.example")
    links = {told.get("href") for told in browser.read("/owner/").all("a")}
    assert {f"{AT}/", "/owner/shops/other/"} <= links
    assert browser.get("/owner/shops/other/accounts").status_code == 403


def test_a_shop_that_is_called_owner_keeps_its_links(house: House) -> None:
    browser = Browser(house)
    assert browser.get("/owner/r/ALICE10").status_code == 404
    assert "There is no shop here" in browser.get("/owner/r/ALICE10").text
    assert "There is no shop here" in browser.get("/owner/c/ALICE10").text
    assert browser.get("/ownership").status_code == 404
    assert browser.get("/owner").headers["Location"].startswith(SIGN_IN)


def test_nothing_of_the_shell_is_imported_before_somebody_asks_for_it() -> None:
    heavy = ("flask_security", "flask_wtf", "wtforms")
    code = (
        "import goodword_server.app, goodword_server.cli, sys; "
        f"print([name for name in {heavy} if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"

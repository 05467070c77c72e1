"""Signing in, and choosing a password: nothing is told to whoever asks for others' accounts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event

import pytest
from click.testing import CliRunner

from goodword_server.cli import main
from goodword_server.house import House
from goodword_server.post import Letter, Post
from goodword_server.shell import signing
from goodword_server.shell.operator import let_in
from goodword_server.shell.roles import Role
from goodword_server.storage.tables import accounts, audit, members
from tests.sdk.builders import Clock
from tests.server.builders import FIRST_SECRET, NEXT_SECRET, PUBLIC, SHOP, a_house, rows
from tests.server.shell.browser import (
    AT,
    COST,
    PASSWORD,
    SIGN_IN,
    Browser,
    Page,
    an_account,
    somebody,
)

pytestmark = pytest.mark.slow

MEI = "mei@tea.example"
FORGOTTEN = "/owner/forgotten"
NEW = "three cups and a kettle"


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    return tmp_path / "mails"


@pytest.fixture
def posting(url: str, clock: Clock, mails: Path) -> Iterator[House]:
    """A house that sends mails."""
    with a_house(url, clock, mail=f"folder:{mails}") as house:
        yield house


def sent(browser: Browser, mails: Path) -> list[tuple[str, str, str]]:
    """What was mailed: to whom, about what, saying what."""
    post: Post = browser.shell.extensions["goodword_post"]
    # One after another is sent, and nothing any more once the last one is looked for.
    last = Event()

    def nobody() -> tuple[Letter, ...]:
        last.set()
        return ()

    post.send_found(nobody)
    assert last.wait(10)
    found = []
    for path in sorted(mails.iterdir()) if mails.exists() else []:
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body()
        assert body is not None
        found.append((mail["To"], mail["Subject"], body.get_content()))
    return found


def link_in(text: str) -> str:
    found = re.search(rf"{PUBLIC}(\S+)", text)
    assert found is not None
    return found[1]


def same(one: str, other: str) -> bool:
    """Whether two pages are one, but for what is new each time."""
    marks = re.compile(r'name="csrf_token" value="[^"]+"')
    return marks.sub("", one) == marks.sub("", other)


def test_the_link_lets_choose_a_password_and_sign_in(house: House) -> None:
    link = let_in(house, SHOP, "Mei@Tea.example", "staff")
    browser = Browser(house)
    assert "Choose a password" in browser.read(link_in(link)).text
    answer = browser.post(link_in(link), password=NEW, password_confirm=NEW)
    assert answer.headers["Location"] == SIGN_IN
    assert browser.sign_in(MEI, NEW).headers["Location"] == "/owner/"
    assert browser.get("/owner/").headers["Location"] == f"{AT}/"


def test_the_link_works_once_and_for_a_day(house: House) -> None:
    link = link_in(let_in(house, SHOP, MEI, "owner"))
    browser = Browser(house)
    browser.post(link, password=NEW, password_confirm=NEW)
    assert browser.get(link).headers["Location"] == FORGOTTEN
    assert browser.post(link, password=PASSWORD, password_confirm=PASSWORD).status_code == 302
    assert browser.sign_in(MEI, PASSWORD).status_code == 200
    assert browser.sign_in(MEI, NEW).status_code == 302


def test_a_link_that_was_made_up_opens_nothing(house: House) -> None:
    let_in(house, SHOP, MEI, "owner")
    browser = Browser(house)
    answer = browser.get(f"{FORGOTTEN}/made.up", follow_redirects=True)
    assert "Invalid reset password token." in answer.text
    browser.post(f"{FORGOTTEN}/made.up", password=NEW, password_confirm=NEW)
    assert {row["password"] for row in rows(house, accounts)} == {None}


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [("short", "short", "at least 12"), (NEW, NEW + "s", "do not match"), ("", "", "not provided")],
)
def test_a_password_that_will_not_do_is_told(
    house: House, password: str, again: str, told: str
) -> None:
    link = link_in(let_in(house, SHOP, MEI, "owner"))
    answer = Browser(house).post(link, password=password, password_confirm=again)
    assert answer.status_code == 200
    assert told in answer.text


def test_only_a_hash_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(signing.CONFIG, COST)
    link = link_in(let_in(house, SHOP, MEI, "owner"))
    Browser(house).post(link, password=NEW, password_confirm=NEW)
    (row,) = rows(house, accounts)
    assert row["password"].startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert NEW not in repr(row)


def test_a_wrong_password_and_an_unknown_address_read_alike(house: House) -> None:
    an_account(house, MEI)
    wrong = Browser(house).sign_in(MEI, "not this one at all")
    unknown = Browser(house).sign_in("mia@tea.example", "not this one at all")
    assert wrong.status_code == unknown.status_code == 200
    assert "Authentication failed" in wrong.text
    assert same(wrong.text, unknown.text.replace("mia@", "mei@"))


def test_who_has_no_account_is_answered_as_who_has_one(posting: House, mails: Path) -> None:
    an_account(posting, MEI)
    told = []
    for email in (MEI, "mia@tea.example"):
        browser = Browser(posting)
        answer = browser.post(FORGOTTEN, email=email)
        told.append(
            browser.get(answer.headers["Location"]).text if answer.location else answer.text
        )
        mailed = sent(browser, mails)
        assert [to for to, _, _ in mailed] == [MEI]
    assert "If that email address is in our system" in told[0]
    assert same(told[0], told[1].replace("mia@", "mei@"))


def test_a_forgotten_password_is_chosen_anew_by_mail(posting: House, mails: Path) -> None:
    an_account(posting, MEI)
    browser = Browser(posting, "zh-TW")
    browser.post(FORGOTTEN, email="MEI@tea.example")
    ((to, subject, body),) = sent(browser, mails)
    assert (to, subject) == (MEI, "重設密碼的說明")
    assert "您好" in body
    # Whatever host a request claims: the link leads to where the world finds us.
    again = Browser(posting)
    assert again.post(link_in(body), password=NEW, password_confirm=NEW).location == SIGN_IN
    assert again.sign_in(MEI, PASSWORD).status_code == 200
    assert again.sign_in(MEI, NEW).status_code == 302


def test_who_guesses_passwords_is_told_to_wait(url: str, clock: Clock) -> None:
    with a_house(url, clock, stranger_limit=3) as house:
        an_account(house, MEI)
        browser = Browser(house)
        for _ in range(3):
            assert browser.sign_in(MEI, "not this one at all").status_code == 200
        # Not even the true one is looked at, so that nobody learns it by the answer.
        answer = browser.sign_in(MEI)
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert "Wait a minute" in answer.text
        assert browser.post(FORGOTTEN, email=MEI).status_code == 429
        clock.on(minutes=1)
        assert browser.sign_in(MEI).status_code == 302


def test_every_session_ends_when_the_password_is_changed(house: House) -> None:
    an_account(house, MEI)
    here, there = Browser(house), Browser(house)
    for browser in (here, there):
        browser.sign_in(MEI)
        assert browser.get(f"{AT}/").status_code == 200
    here.post("/owner/password", password=PASSWORD, new_password=NEW, new_password_confirm=NEW)
    assert there.get(f"{AT}/").headers["Location"].startswith(SIGN_IN)
    assert here.get(f"{AT}/").status_code == 200


def test_to_change_a_password_takes_the_one_until_now(house: House) -> None:
    an_account(house, MEI)
    browser = Browser(house)
    browser.sign_in(MEI)
    answer = browser.post(
        "/owner/password", password="not this one", new_password=NEW, new_password_confirm=NEW
    )
    assert answer.status_code == 200
    assert "Invalid password" in answer.text
    assert Browser(house).sign_in(MEI).status_code == 302


EMAIL = "/owner/email"
OTHER = "mei@oolong.example"


def test_an_address_is_changed_once_it_is_confirmed_and_the_old_one_is_told(
    posting: House, mails: Path
) -> None:
    browser = somebody(posting, Role.OWNER)
    was = f"owner@{SHOP}.example"
    answer = browser.post(EMAIL, email=OTHER.upper(), password=PASSWORD)
    assert "have been sent to" in answer.text
    # Nothing is changed yet.
    assert {row["email"] for row in rows(posting, accounts)} == {was}
    ((to, _, body),) = sent(browser, mails)
    assert to.lower() == OTHER
    fresh = Browser(posting)
    assert fresh.get(link_in(body)).headers["Location"] == "/owner/"
    assert {row["email"] for row in rows(posting, accounts)} == {OTHER}
    (moved,) = [mail for mail in sent(fresh, mails) if mail[0] == was]
    assert "another e-mail address" in moved[2]
    assert OTHER not in moved[2]
    assert fresh.sign_in(was).status_code == 200
    assert fresh.sign_in(OTHER).status_code == 302
    assert "changed their e-mail address" in fresh.read(f"{AT}/log").text
    # The link is good for once.
    again = fresh.get(link_in(body))
    assert "does not work any more" in fresh.read(again.headers["Location"]).text


def test_with_another_address_every_session_and_every_older_link_ends(
    posting: House, mails: Path
) -> None:
    browser, was = somebody(posting, Role.OWNER), f"owner@{SHOP}.example"
    elsewhere = Browser(posting)
    elsewhere.sign_in(was)
    asking = Browser(posting)
    asking.post(FORGOTTEN, email=was)
    sent(asking, mails)
    browser.post(EMAIL, email=OTHER, password=PASSWORD)
    links = {to.lower(): link_in(body) for to, _, body in sent(browser, mails)}
    elsewhere.get(links[OTHER])
    for one in (browser, elsewhere):
        assert one.get(f"{AT}/").headers["Location"].startswith(SIGN_IN)
    # Whoever still reads the old one's mail chooses no password with what lies there.
    thief = Browser(posting)
    thief.post(links[was], password=NEW, password_confirm=NEW)
    assert thief.sign_in(OTHER, NEW).status_code == 200
    assert browser.sign_in(OTHER).status_code == 302


def test_to_change_an_address_takes_the_password(posting: House, mails: Path) -> None:
    browser = somebody(posting, Role.OWNER)
    for password in ("", "another password of somebody"):
        answer = browser.post(EMAIL, email=OTHER, password=password)
        assert "sent to" not in answer.text
    assert sent(browser, mails) == []


def test_an_address_of_somebody_elses_is_not_told_and_not_taken(
    posting: House, mails: Path
) -> None:
    an_account(posting, OTHER, Role.STAFF)
    browser = somebody(posting, Role.OWNER)
    answer = browser.post(EMAIL, email=OTHER, password=PASSWORD)
    assert "have been sent to" in answer.text
    assert sent(browser, mails) == []


def test_an_address_that_somebody_took_meanwhile_is_not_taken(posting: House, mails: Path) -> None:
    browser = somebody(posting, Role.OWNER)
    browser.post(EMAIL, email=OTHER, password=PASSWORD)
    ((_, _, body),) = sent(browser, mails)
    an_account(posting, OTHER, Role.STAFF)
    answer = browser.get(link_in(body))
    assert "does not work any more" in browser.read(answer.headers["Location"]).text
    assert len({row["email"] for row in rows(posting, accounts)}) == 2


def test_the_link_to_another_address_is_good_for_two_hours(
    posting: House, mails: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = somebody(posting, Role.OWNER)
    browser.post(EMAIL, email=OTHER, password=PASSWORD)
    ((_, _, body),) = sent(browser, mails)
    late = time.time() + 2 * 3600 + 1
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: late)
    browser.get(link_in(body))
    assert OTHER not in {row["email"] for row in rows(posting, accounts)}


def test_without_mail_no_address_can_be_changed(house: House) -> None:
    page = somebody(house, Role.OWNER).read(EMAIL)
    assert "sends no mail" in page.text


def test_who_signs_out_is_out(house: House) -> None:
    browser = somebody(house, Role.OWNER)
    assert browser.get("/owner/sign-out").status_code == 405
    browser.post("/owner/sign-out")
    assert browser.get(f"{AT}/").status_code == 302


def test_nobody_makes_an_account_for_themself(house: House) -> None:
    browser = Browser(house)
    for path in ("register", "confirm", "verify", "us-signin", "change-email", "fs-static"):
        assert browser.get(f"/owner/{path}").status_code == 404, path


def test_the_cookie_is_for_this_host_alone_and_hidden_from_scripts(house: House) -> None:
    an_account(house, MEI)
    cookies = Browser(house).sign_in(MEI).headers.getlist("Set-Cookie")
    assert len(cookies) == 1
    name, _, told = cookies[0].partition("=")
    assert name == "__Host-goodword"
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(told.split("; "))
    assert "Domain" not in told


def test_a_session_lives_on_while_secrets_rotate(url: str, house: House, clock: Clock) -> None:
    browser = somebody(house, Role.OWNER)
    kept = browser.client.get_cookie("__Host-goodword", "thanks.example")
    assert kept is not None
    for secrets, status in (((NEXT_SECRET, FIRST_SECRET), 200), ((NEXT_SECRET,), 302)):
        with a_house(url, clock, secrets=secrets) as later:
            other = Browser(later)
            other.client.set_cookie(kept.key, kept.value, domain="thanks.example", secure=True)
            assert other.get(f"{AT}/").status_code == status
            assert other.sign_in(f"owner@{SHOP}.example").status_code in (302,)


def test_signing_in_stands_in_the_log(house: House) -> None:
    browser = somebody(house, Role.READONLY)
    assert "signed in" in browser.read(f"{AT}/log").text
    assert [row["did"] for row in rows(house, audit)] == ["signed_in"]


# The command.


def run(url: str, *words: str) -> tuple[int, str]:
    given = {
        "GOODWORD_DATABASE_URL": url,
        "GOODWORD_SECRETS": FIRST_SECRET,
        "GOODWORD_PUBLIC_URL": PUBLIC,
    }
    done = CliRunner().invoke(main, ["user", *words], env=given)
    return done.exit_code, done.output


def test_the_command_prints_a_link_that_works(url: str, house: House) -> None:
    code, told = run(url, MEI, "--shop", SHOP, "--role", "readonly")
    assert code == 0
    browser = Browser(house)
    browser.post(link_in(told), password=NEW, password_confirm=NEW)
    browser.sign_in(MEI, NEW)
    assert browser.get(f"{AT}/").status_code == 200
    assert browser.get(f"{AT}/accounts").status_code == 403


def test_the_command_twice_is_one_account_with_another_role(url: str, house: House) -> None:
    run(url, MEI, "--shop", SHOP, "--role", "readonly")
    run(url, MEI.upper(), "--shop", SHOP, "--role", "staff")
    run(url, MEI, "--shop", "other")
    assert len(rows(house, accounts)) == 1
    roles = {(row["shop"], row["role"]) for row in rows(house, members)}
    assert roles == {(SHOP, "staff"), ("other", "owner")}
    assert {row["account"] for row in rows(house, audit)} == {None}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["mei", "--shop", SHOP], "give an e-mail address"),
        ([MEI, "--shop", "tea house"], "use 1 to 64 letters"),
        ([MEI], "Missing option '--shop'"),
        ([MEI, "--shop", SHOP, "--role", "boss"], "'boss' is not one of"),
    ],
)
def test_the_command_says_what_is_wrong(
    url: str, house: House, words: list[str], told: str
) -> None:
    code, output = run(url, *words)
    assert code in (1, 2)
    assert told in output
    assert rows(house, accounts) == []


def test_pages_of_signing_in_fit_both_languages(house: House) -> None:
    link = link_in(let_in(house, SHOP, MEI, "owner"))
    for path in (SIGN_IN, FORGOTTEN, link):
        assert Page(Browser(house, "zh-TW").get(path).text).all("html")[0]["lang"] == "zh-Hant"

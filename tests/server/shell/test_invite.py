"""The owner's page that invites from a list: looked at first, then all of it or nothing."""

from __future__ import annotations

import io
import re
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from goodword import Invited, Kind, Relation, Vouched
from goodword_server.shell.roles import Role
from goodword_server.shell.words import inviting_en, inviting_zh_hant
from tests.sdk.builders import every_row
from tests.server.builders import Place
from tests.server.shell.browser import Browser, somebody

pytestmark = pytest.mark.slow

AT = "/owner/shops/tea-house/invite"
LIST = "name,email,relation\nLin,lin@tea.example,employee\n吳美玲,wu@tea.example,partner\n"
ASKED = {"program": "friends", "by": "Chen", "language": "en", "relation": "", "vouched": "yes"}


@pytest.fixture
def owner(place: Place) -> Browser:
    return somebody(place.house, Role.OWNER)


def look(owner: Browser, text: str | bytes = LIST, **changes: Any) -> TestResponse:
    data = text if isinstance(text, bytes) else text.encode()
    asked = {name: value for name, value in {**ASKED, **changes}.items() if value is not None}
    return owner.post(AT, **asked, list=(io.BytesIO(data), "list.csv"))


def told(answer: TestResponse) -> str:
    return unescape(answer.get_data(as_text=True))


def send_all(owner: Browser, looked: TestResponse) -> TestResponse:
    """Send what the page has in its second form."""
    html = told(looked)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    (text,) = re.findall(r"<textarea name=\"list\" hidden>\n(.*?)</textarea>", html, re.DOTALL)
    fields.pop("csrf_token")
    return owner.post(f"{AT}/all", **fields, list=text)


def test_a_list_is_looked_at_first_and_nothing_is_kept(owner: Browser, place: Place) -> None:
    before = every_row(place.house.engine)
    html = told(look(owner))
    assert "gets a code and a mail" in html
    assert "吳美玲" in html
    assert "Invite 2 now" in html
    assert every_row(place.house.engine) == before


def test_then_all_of_it_is_done_and_noted(owner: Browser, place: Place) -> None:
    answer = send_all(owner, look(owner))
    assert answer.status_code == 302
    again = place.referrals.advocates.enroll(
        "friends",
        [Vouched(name="Lin", email="lin@tea.example", relation=Relation.EMPLOYEE)],
        by="x",
        dry_run=True,
    )
    assert [one.result for one in again] == [Invited.STANDS]
    log = told(owner.get("/owner/shops/tea-house/log"))
    assert "invited people" in log
    assert "friends: 2" in log
    assert "lin@tea.example" not in log


def test_every_wrong_line_is_told_and_nobody_is_invited(owner: Browser, place: Place) -> None:
    before = every_row(place.house.engine)
    bad = "name,email\nLin,lin at tea\nWu,wu@tea.example\n,x@tea.example\n"
    answer = look(owner, bad, relation="employee")
    html = told(answer)
    assert answer.status_code == 422
    told_once = "This is no e-mail address, or it is that of another line."
    assert f"<li>Line 2, email: {told_once}</li>" in html
    assert "Line 4, name" in html
    assert "now</button>" not in html
    assert every_row(place.house.engine) == before


def test_what_is_wrong_is_told_as_chinese_is_written(place: Place) -> None:
    chinese = somebody(place.house, Role.OWNER, language="zh-TW")
    html = told(look(chinese, "name,email,relation\nLin,lin@tea.example,aunt\n"))
    assert "<li>第 2 行，relation：沒有這種關係；" in html


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("姓名,電子郵件\n吳美玲,wu@tea.example\n".encode("cp950"), "Big5"),
        (b"", "choose a file"),
        (b"x" * 300_000, "too large"),
        (b"name,email\nLin,lin@tea.example\n", "No relation is named"),
    ],
)
def test_a_file_that_will_not_do_is_told_kindly(owner: Browser, text: bytes, said: str) -> None:
    answer = look(owner, text)
    assert answer.status_code == 422
    assert said in told(answer)


@pytest.mark.parametrize(
    "change", [{"vouched": None}, {"by": ""}, {"by": "a\nb"}, {"program": "x"}, {"language": "y"}]
)
def test_what_is_not_said_is_asked_for(owner: Browser, change: dict[str, Any]) -> None:
    answer = look(owner, **change)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in told(answer)


def test_a_list_that_changed_on_its_way_is_looked_at_once_more(
    owner: Browser, place: Place
) -> None:
    answer = owner.post(f"{AT}/all", **{**ASKED, "list": "name,email\nLin,broken\n"})
    assert answer.status_code == 422
    answer = owner.post(f"{AT}/all", **{**ASKED, "relation": "employee", "list": "name\nLin\n"})
    assert answer.status_code == 422


def test_a_large_list_comes_through(owner: Browser) -> None:
    people = "".join(f"陳美玲{n},m{n}@tea.example,employee\n" for n in range(1000))
    looked = look(owner, f"name,email,relation\n{people}")
    assert "Invite 1000 now" in told(looked)
    assert send_all(owner, looked).status_code == 302


def test_a_new_program_begins_with_what_fits_its_relation(owner: Browser) -> None:
    at = "/owner/shops/tea-house/programs/new"
    for relation, kind in (("employee", "thanks"), ("partner", "share_commission")):
        html = told(owner.get(f"{at}?relation={relation}"))
        assert f'<option value="{kind}" selected>' in html
        assert f'<option value="{relation}" selected>' in html


def test_a_program_for_employees_is_saved_with_thanks_alone(owner: Browser, place: Place) -> None:
    form = {
        "name": "staff",
        "title": "For our staff",
        "relation": "employee",
        "offer_kind": "percent_off",
        "offer": "10",
        "reward_kind": "thanks",
        "reward": "",
        "currency": "TWD",
    }
    assert owner.post("/owner/shops/tea-house/programs/new", **form).status_code == 302
    saved = place.referrals.programs.find("staff")
    assert (saved.reward.kind, saved.relations) == (Kind.THANKS, (Relation.EMPLOYEE,))


def test_both_languages_say_the_same_things() -> None:
    # Chinese knows no singular.
    english = {name for name in inviting_en.SENTENCES if not name.endswith(".one")}
    assert english == inviting_zh_hant.SENTENCES.keys()

"""The page on which an owner shows what others say."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from goodword import ProofKind
from goodword_server.shell.roles import Role
from goodword_server.storage import audit as log
from tests.server.builders import SHOP, Place
from tests.server.gifts import a_friend
from tests.server.shell.browser import AT, Browser, Page, somebody

pytestmark = pytest.mark.slow

PATH = f"{AT}/proofs"
SAID: dict[str, str] = {
    "kind": "testimonial",
    "text": "The best oolong that I ever had.",
    "link": "",
    "person": "c-1",
    "consented": "2026-11-20",
}


@pytest.fixture
def owner(place: Place) -> Browser:
    return somebody(place.house, Role.OWNER)


def test_what_somebody_said_is_shown_to_friends_and_taken_away(
    place: Place, owner: Browser
) -> None:
    assert "Friends can read it now." in owner.said(PATH, **SAID)
    (proof,) = place.referrals.proofs.list()
    assert (proof.kind, proof.text, proof.link) == (ProofKind.TESTIMONIAL, SAID["text"], None)
    assert (proof.person, proof.consented) == ("c-1", datetime(2026, 11, 20, tzinfo=UTC))
    page = owner.read(PATH)
    assert SAID["text"] in page.text
    assert "Alice" in page.text
    assert SAID["text"] in a_friend(place).open().text
    assert "It is shown no more." in owner.said(f"{PATH}/removal", proof=proof.id)
    assert SAID["text"] not in a_friend(place).open().text
    (removed, saved, *_) = place.house.database.read(lambda session: log.page(session, SHOP, 2))
    assert [line.did for line in (saved, removed)] == ["proof_saved", "proof_removed"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 1001}, "text"),
        ({"kind": "rumour"}, "kind"),
        ({"kind": "article"}, "link"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"person": ""}, "person"),
        ({"person": "c-9"}, "person"),
        ({"consented": ""}, "consented"),
        ({"consented": "2026-12-31"}, "consented"),
    ],
    ids=str,
)
def test_what_is_wrong_is_told_at_its_field(
    place: Place, owner: Browser, changes: dict[str, str], field: str
) -> None:
    answer = owner.post(PATH, **{**SAID, **changes})
    assert answer.status_code == 422
    page = Page(answer.text)
    marked = [
        told["name"]
        for tag in ("input", "select", "textarea")
        for told in page.all(tag)
        if "aria-invalid" in told
    ]
    assert marked == [field]
    assert place.referrals.proofs.list() == []


def test_who_agreed_today_agreed_though_the_day_has_not_begun_everywhere(
    place: Place, owner: Browser
) -> None:
    # It is the 22nd in UTC, and past midnight further east.
    owner.said(PATH, **{**SAID, "consented": "2026-11-23"})
    assert place.referrals.proofs.list()[0].consented == place.house.now()


def test_who_only_looks_sees_what_is_shown_and_changes_nothing(place: Place) -> None:
    somebody(place.house, Role.OWNER).said(PATH, **SAID)
    reader = somebody(place.house, Role.READONLY)
    page = reader.read(PATH)
    assert SAID["text"] in page.text
    assert [form for form in page.forms if PATH in form.get("action", "")] == []
    assert reader.post(PATH, **SAID).status_code == 403
    assert reader.post(f"{PATH}/removal", proof="x").status_code == 403


def test_what_is_not_there_cannot_be_taken_away(owner: Browser) -> None:
    assert owner.post(f"{PATH}/removal", proof="nothing").status_code == 404


def test_no_text_is_markup(place: Place, owner: Browser) -> None:
    text = "<script>alert(1)</script>{{ 7 * 7 }}"
    owner.said(PATH, **{**SAID, "text": text})
    for html in (owner.get(PATH).text, a_friend(place).open().text):
        assert "<script>alert" not in html
        assert "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }}" in html

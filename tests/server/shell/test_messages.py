"""The pages on which an owner words what friends and advocates read."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from goodword import Channel, percent_off
from goodword.model.message import EVERY_PROGRAM
from goodword.words.messages.catalogues import CATALOGUES, moments
from goodword_server.shell.language import sentences
from goodword_server.shell.pages.messages import part_of
from goodword_server.shell.roles import Role
from goodword_server.storage import audit as log
from goodword_server.storage.tables import audit
from tests.sdk.builders import a_program
from tests.server.builders import SHOP, Place, connect, rows
from tests.server.shell.browser import AT, CHINESE, Browser, Page, somebody

pytestmark = pytest.mark.slow

ALL = f"{AT}/messages"
TITLE = f"{ALL}/friends/page/friend.title"
OURS = {
    "en": "{% if advocate %}A gift from {{ advocate }}{% else %}A gift from a friend{% endif %}",
    "zh-Hant": "{% if advocate %}{{ advocate }} 送您的禮物{% else %}朋友送您的禮物{% endif %}",
}
OWN = {
    "en": "Tea from {{ advocate }}: {{ offer }}",
    "zh-Hant": "{{ advocate }} 送您茶：{{ offer }}",
}


@pytest.fixture
def owner(place: Place) -> Browser:
    return somebody(place.house, Role.OWNER)


def fields(texts: dict[str, str], **more: str) -> dict[str, Any]:
    return {f"text-{language}": text for language, text in texts.items()} | more


def said(place: Place, language: str = "en", moment: str = "friend.title") -> str:
    channel = Channel.PAGE
    return place.referrals.messages.say("friends", channel=channel, language=language)[moment]


def marks(page: Page) -> list[str]:
    return [told["class"] for told in page.all("span") if "mark" in told.get("class", "")]


def test_every_text_stands_on_one_page_as_it_reads(owner: Browser) -> None:
    page = owner.read(ALL)
    assert "A gift from Mei" in page.text
    assert "10% off" in page.text
    assert "Every text says what the program gives." in page.text
    assert marks(page) == []
    links = {told["href"] for told in page.all("a")}
    assert TITLE in links
    texts = place_texts(links)
    assert len(texts) > 50
    for path in sorted(texts)[::9]:
        assert owner.get(path).status_code == 200, path


def place_texts(links: set[str]) -> set[str]:
    return {link for link in links if link.startswith(f"{ALL}/")}


def test_a_text_stands_in_both_languages_side_by_side(owner: Browser) -> None:
    page = owner.read(TITLE)
    assert [told["lang"] for told in page.all("textarea")] == ["en", "zh-Hant"]
    assert OURS["en"] in page.text
    assert OURS["zh-Hant"] in page.text
    # Filled in with examples.
    assert "A gift from Mei" in page.text
    assert "小美送您的禮物" in page.text


def test_an_owner_previews_and_nothing_is_kept(place: Place, owner: Browser) -> None:
    answer = owner.post(TITLE, **fields(OWN, do="preview"))
    assert answer.status_code == 200
    assert "Tea from Mei: 10% off" in Page(answer.text).text
    assert "小美送您茶：9 折優惠" in Page(answer.text).text
    assert "It is not kept yet." in answer.text
    assert said(place) == "A gift from a friend"
    assert [row["did"] for row in rows(place.house, audit)] == ["signed_in"]


def test_an_owner_keeps_a_text(place: Place, owner: Browser) -> None:
    assert "read from now on" in owner.said(TITLE, **fields(OWN, do="save"))
    assert said(place) == "Tea from : 10% off"
    assert said(place, "zh-Hant").endswith("送您茶：9 折優惠")
    (line, *_) = place.house.database.read(lambda session: log.page(session, SHOP, 1))
    assert (line.did, line.about) == ("text_edited", "friends: page friend.title (en, zh-Hant)")
    page = owner.read(TITLE)
    assert "Yours since version 1 of the program." in page.text
    assert "mark good" in marks(owner.read(ALL))


def test_only_what_was_changed_is_kept(place: Place, owner: Browser) -> None:
    # A browser ends lines its own way, and sends the other language as it stands.
    owner.post(TITLE, **fields(OURS | {"en": "One\r\ntwo"}, do="save"))
    listed = {
        language: place.referrals.messages.list("friends", language=language) for language in OURS
    }
    since = {language: {one.source: one.since for one in listed[language]} for language in listed}
    assert since["en"]["One\ntwo"] == 1
    assert since["zh-Hant"][OURS["zh-Hant"]] is None
    assert "edited in English alone" in owner.read(TITLE).text


@pytest.mark.parametrize("again", [{"ours": "en"}, {"text-en": "", "do": "save"}])
def test_our_words_come_back(place: Place, owner: Browser, again: dict[str, str]) -> None:
    owner.post(TITLE, **fields(OWN, do="save"))
    assert "Our words stand again." in owner.said(TITLE, **fields(OWN) | again) or "do" in again
    assert said(place) == "A gift from a friend"
    assert said(place, "zh-Hant").endswith("送您茶：9 折優惠")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Well,\n{{ offer.upper() }}", "Line 2. “{{ offer.upper() }}” cannot stand in a text"),
        ("{% for x in offer %}{% endfor %}", "“{% for x in offer %}” cannot stand in a text"),
        ("{{ nothing }}", "There is no placeholder “nothing” here"),
        ("{{ offer", "The braces do not match"),
        ("x" * 1001, "Say it in at most 1000 characters."),
    ],
)
@pytest.mark.parametrize("do", ["preview", "save"])
def test_a_text_that_may_not_stand_is_told_where_it_was_written(
    place: Place, owner: Browser, text: str, told: str, do: str
) -> None:
    answer = owner.post(TITLE, **fields(OWN | {"en": text}, do=do))
    assert answer.status_code == 422
    page = Page(answer.text)
    assert told in page.text
    wrong, right = page.all("textarea")
    assert (wrong.get("aria-invalid"), right.get("aria-invalid")) == ("true", None)
    # What was written is not lost, in either language.
    assert text in page.text
    assert OWN["zh-Hant"] in page.text
    assert said(place, "zh-Hant") == "朋友送您的禮物"


def test_what_may_not_stand_is_told_in_chinese_too(place: Place) -> None:
    browser = somebody(place.house, Role.OWNER, language=CHINESE)
    answer = browser.post(TITLE, **fields(OWN | {"en": "{{ offer | upper }}"}, do="save"))
    assert "「{{ offer | upper }}」不能放在文字裡" in Page(answer.text).text


def test_texts_that_promise_too_much_are_named_and_lead_to_their_form(
    place: Place, owner: Browser
) -> None:
    owner.post(TITLE, **fields({"en": "10% off!", "zh-Hant": "九折！"}, do="save"))
    assert "Every text says" in owner.read(ALL).text
    place.referrals.programs.save(a_program(offer=percent_off(20)))
    page = owner.read(ALL)
    assert "“10%” is not what the program gives. Just now a friend gets 20% off" in page.text
    assert "mark look" in marks(page)
    assert "“九折” is not what the program gives" in owner.read(TITLE).text


def test_markup_and_other_scripts_are_shown_as_they_are(place: Place, owner: Browser) -> None:
    text = '<script>alert("x")</script></textarea> مرحبا 🍵'
    owner.post(TITLE, **fields({"en": text, "zh-Hant": text}, do="save"))
    for path in (ALL, TITLE):
        answer = owner.get(path)
        assert "<script>alert" not in answer.text
        assert text in Page(answer.text).text
    assert said(place) == text


def test_each_program_has_its_own(place: Place, owner: Browser) -> None:
    place.referrals.programs.save(a_program(name="partners", title="For <partners>"))
    page = owner.read(f"{ALL}?program=partners")
    assert "For <partners>" in page.text
    links = {told["href"] for told in page.all("a")}
    assert TITLE not in links
    assert TITLE.replace("friends", "partners") in links
    assert owner.get(f"{ALL}?program=none").status_code == 404


@pytest.mark.parametrize(
    "path", ["none/page/friend.title", "friends/page/none", "friends/radio/friend.title"]
)
def test_what_is_never_said_is_nowhere(owner: Browser, path: str) -> None:
    assert owner.get(f"{ALL}/{path}").status_code == 404
    assert owner.post(f"{ALL}/{path}", **fields(OWN, do="save")).status_code == 404


@pytest.mark.parametrize("role", [Role.READONLY, Role.STAFF])
def test_only_an_owner_words_anything(place: Place, role: Role) -> None:
    browser = somebody(place.house, role)
    page = browser.read(TITLE)
    assert all("disabled" in told for told in page.all("textarea"))
    assert not [told for told in page.all("button") if told.get("name") == "do"]
    assert browser.post(TITLE, **fields(OWN, do="save")).status_code == 403
    assert said(place) == "A gift from a friend"


def test_a_form_without_its_mark_keeps_nothing(place: Place, owner: Browser) -> None:
    assert owner.send(TITLE, **fields(OWN, do="save")).status_code == 400
    assert said(place) == "A gift from a friend"


def test_another_shops_owner_words_nothing_here(place: Place) -> None:
    connect(place.house, "other")
    stranger = somebody(place.house, Role.OWNER, shop="other")
    for path in (ALL, TITLE):
        assert stranger.get(path).status_code == 404
    assert stranger.post(TITLE, **fields(OWN, do="save")).status_code == 404
    assert said(place) == "A gift from a friend"


# What speaks of no program.

EVERYWHERE = f"{ALL}?program=*"
WORDS = f"{ALL}/*/page/sign_in.words"
COME_IN = {"en": "Come in at {{ shop }}", "zh-Hant": "歡迎來到 {{ shop }}"}


def test_what_speaks_of_no_program_is_worded_once_for_all(place: Place, owner: Browser) -> None:
    page = owner.read(EVERYWHERE)
    assert "Write the address that tea-house knows you by" in page.text
    assert "In your WooCommerce shop, by its plugin" in page.text
    assert "Who recommended us? Code or name" in page.text
    assert WORDS in {told["href"] for told in page.all("a")}
    answer = owner.post(WORDS, **fields(COME_IN, do="save"))
    assert answer.status_code == 302
    visitor = place.client.get(f"/{SHOP}/a", headers={"Accept-Language": "zh-TW"})
    # No mail goes out here, and so its form is not shown; the words are kept all the same.
    assert visitor.status_code == 200
    said = place.referrals.messages.say("*", channel=Channel.PAGE, shop="茶", language="zh-Hant")
    assert said["sign_in.words"] == "歡迎來到茶"
    shown = owner.read(WORDS)
    assert "Yours, for all programs." in shown.text
    assert "It stands for all of your programs" in shown.text
    assert "offer" not in shown.text.partition("Placeholders")[2]
    answer = owner.post(WORDS, **fields({"en": "{{ offer }}", "zh-Hant": "x"}, do="save"))
    assert answer.status_code == 422


def test_texts_are_folded_by_where_they_are_read_and_can_be_looked_for(owner: Browser) -> None:
    folded = owner.read(ALL)
    assert len(folded.all("summary")) == len(folded.all("details")) > 5
    assert not any("open" in told for told in folded.all("details"))
    for query in ("which=yours", "which=doubted", "q=nothing+is+like+this"):
        assert "No text is like that." in owner.read(f"{ALL}?{query}").text
    owner.post(TITLE, **fields({"en": "20% off", "zh-Hant": "八折"}, do="save"))
    for query in ("which=yours", "which=doubted", "q=20%25+OFF", "q=friend.title"):
        found = owner.read(f"{ALL}?{query}")
        assert place_texts({told["href"] for told in found.all("a")}) == {TITLE}, query
        (part,) = found.all("details")
        assert "open" in part
    for told in ("<b>", "{{", "%", "\u202e", "x" * 200):
        assert owner.get(f"{ALL}?q={quote(told)}&which=nonsense").status_code == 200


def test_every_text_has_a_part_that_is_named() -> None:
    for program in ("friends", EVERY_PROGRAM):
        parts = {part_of(key) for key in moments(program)}
        for language in CATALOGUES:
            names = sentences(language).keys()
            assert {f"messages.part.{part}" for part in parts} <= names


def test_a_shop_without_a_program_words_what_speaks_of_none(place: Place) -> None:
    connect(place.house, "other")
    browser = somebody(place.house, Role.OWNER, shop="other")
    page = browser.read("/owner/shops/other/messages")
    assert "There is no program yet" in page.text
    assert "Signing in to the advocate’s page" in page.text

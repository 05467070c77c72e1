"""Where cards are found: what they say, who may keep them how long, and what else is answered."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from goodword import Advocate, Channel
from goodword.storage.tables import people
from goodword_server.cards import making
from goodword_server.cards.card import Card, Format, NoGift
from goodword_server.cards.drawing import drawn
from goodword_server.cards.easel import Easel
from goodword_server.cards.keeping import Kept
from goodword_server.cards.layout import Words, laid_out
from goodword_server.cards.making import Cards
from goodword_server.house import House
from goodword_server.logos import picture
from goodword_server.looks import Look
from goodword_server.storage import looks
from tests.sdk.builders import DAY, Clock, a_program
from tests.server.builders import (
    FIRST_SECRET,
    PUBLIC,
    SHOP,
    Place,
    a_house,
    a_place,
    client_of,
    connect,
    rows,
)
from tests.server.cards.cards import Page, opened, read_code
from tests.server.logos import a_logo

pytestmark = pytest.mark.slow

AT = f"/{SHOP}/c/ALICE10"
LINK = f"{PUBLIC}/{SHOP}/r/ALICE10?via=card"
LOOK = Look(name="山城茶屋 Tea House", colour="#0b6e4f", language="zh-Hant")


@pytest.fixture
def house(url: str, clock: Clock, tmp_path: Path) -> Iterator[House]:
    with a_house(url, clock, card_folder=str(tmp_path / "cards")) as house:
        yield house


def keep(house: House, look: Look = LOOK, png: bytes | None = None) -> None:
    """Give the shop a look."""
    house.database.write(lambda s: looks.put(s, SHOP, look, house.now()))
    if png is not None:
        kept = picture(png)
        house.database.write(lambda s: looks.put_logo(s, SHOP, kept.logo, kept.png))


def asked(place: Place, path: str, method: str = "GET", **headers: str) -> TestResponse:
    return place.client.open(path, method=method, headers=headers)


# What is answered.


@pytest.mark.parametrize(
    ("name", "size"), [("card.png", (1200, 630)), ("square.png", (1080, 1080))]
)
def test_a_card_is_a_picture_that_leads_to_the_gift(
    place: Place, name: str, size: tuple[int, int]
) -> None:
    answer = asked(place, f"{AT}/{name}")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    image = opened(answer.data)
    assert image.size == size
    assert read_code(image) == LINK


def test_the_page_to_print_leads_there_too(place: Place) -> None:
    answer = asked(place, f"{AT}/a6.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert read_code(Page.of(answer.data).drawn()) == LINK


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh-Hant"])
@pytest.mark.parametrize("format", Format)
def test_the_card_says_what_the_messages_say(place: Place, language: str, format: Format) -> None:
    keep(place.house)
    cards = Cards(place.house)
    card = cards.card(SHOP, "alice10", language)
    said = place.referrals.messages.say(
        "friends", channel=Channel.CARD, language=language, code="ALICE10", shop=LOOK.name
    )
    moments = ("title", "offer", "terms", "scan", "code", "shop")
    assert [getattr(card, one) for one in moments] == [said[f"card.{one}"] for one in moments]
    assert "Alice" in card.title
    parts = laid_out(card, format, cards.fonts.measure).parts
    lines = "".join(part.text for part in parts if isinstance(part, Words))
    for moment in moments:
        assert "".join(said[f"card.{moment}"].split()) in "".join(lines.split())


def test_the_shops_own_words_stand_on_it(place: Place) -> None:
    before = asked(place, f"{AT}/card.png").headers["ETag"]
    place.referrals.messages.edit("friends", "card.title", Channel.CARD, "Tea from {{ advocate }}")
    assert Cards(place.house).card(SHOP, "ALICE10").title == "Tea from Alice"
    assert asked(place, f"{AT}/card.png").headers["ETag"] != before


def test_it_is_in_the_language_asked_for_or_the_shops_own(place: Place) -> None:
    keep(place.house)
    marks = {
        path: asked(place, f"{AT}/{path}", **{"Accept-Language": "en"}).headers["ETag"]
        for path in (
            *("card.png", "card.png?language=zh-Hant", "card.png?language=en"),
            "card.png?language=tlh",
        )
    }
    assert marks["card.png"] == marks["card.png?language=zh-Hant"]
    assert marks["card.png"] == marks["card.png?language=tlh"]
    assert marks["card.png"] != marks["card.png?language=en"]


def test_it_looks_as_the_shop_does(place: Place) -> None:
    keep(place.house, png=a_logo(colour="#ff0000"))
    image = opened(asked(place, f"{AT}/card.png").data)
    assert image.getpixel((2, 2)) == (0x0B, 0x6E, 0x4F)
    assert (255, 0, 0) in {colour for _, colour in image.getcolors(1_000_000) or ()}


@pytest.mark.parametrize("spelled", ["alice10", "Alice-10", "%EF%BC%A1lice10"])
def test_a_code_is_found_however_it_is_spelled(place: Place, spelled: str) -> None:
    answer = asked(place, f"/{SHOP}/c/{spelled}/card.png")
    assert answer.headers["ETag"] == asked(place, f"{AT}/card.png").headers["ETag"]


# For how long it may be kept.


def test_a_browser_may_keep_it_for_a_while(place: Place) -> None:
    answer = asked(place, f"{AT}/card.png")
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers


@pytest.mark.slow
@pytest.mark.parametrize("name", ["card.png", "square.png", "a6.pdf"])
def test_who_has_it_is_told_so_without_drawing(
    place: Place, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = asked(place, f"{AT}/{name}").headers["ETag"]
    monkeypatch.setattr(making, "drawn", None)
    monkeypatch.setattr(Kept, "find", None)
    for known in (mark, f"W/{mark}", f'"other", {mark}', "*"):
        answer = asked(place, f"{AT}/{name}", **{"If-None-Match": known})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", mark)


def test_each_format_has_a_mark_of_its_own(place: Place) -> None:
    marks = [asked(place, f"{AT}/{format.file}").headers["ETag"] for format in Format]
    assert len(set(marks)) == 3


def test_a_new_look_or_offer_is_a_new_card(place: Place, clock: Clock) -> None:
    marks = [asked(place, f"{AT}/card.png").headers["ETag"]]
    for change in (
        lambda: keep(place.house),
        lambda: keep(place.house, replace(LOOK, colour="#000000")),
        lambda: keep(place.house, replace(LOOK, colour="#000000"), a_logo()),
        lambda: place.referrals.programs.save(replace(a_program(), ends=clock.at + 9 * DAY)),
    ):
        change()
        marks.append(asked(place, f"{AT}/card.png", **{"If-None-Match": marks[-1]}).headers["ETag"])
    assert len(set(marks)) == 5


@pytest.mark.parametrize("name", ["card.png", "a6.pdf"])
def test_head_tells_the_same_without_the_card(place: Place, name: str) -> None:
    got, head = asked(place, f"{AT}/{name}"), asked(place, f"{AT}/{name}", "HEAD")
    assert (head.status_code, head.data) == (200, b"")
    alike = ("Content-Type", "Content-Length", "ETag", "Cache-Control")
    assert [head.headers[one] for one in alike] == [got.headers[one] for one in alike]


def test_it_is_drawn_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    times = []

    def counted(*given: Any) -> bytes:
        times.append(given)
        return drawn(*given)

    monkeypatch.setattr(making, "drawn", counted)
    answers = [asked(place, f"{AT}/card.png").data for _ in range(3)]
    # By another process of the same machine, too.
    answers.append(client_of(place.house).get(f"{AT}/card.png").data)
    assert (len(times), len(set(answers))) == (1, 1)


def test_who_is_forgotten_is_on_no_card_that_anybody_kept(place: Place, tmp_path: Path) -> None:
    before = asked(place, f"{AT}/card.png")
    (file,) = (tmp_path / "cards").iterdir()
    sealed = file.read_bytes()
    place.house.forget(SHOP, "c-1")
    for client in (place.client, client_of(place.house)):
        after = client.get(f"{AT}/card.png", headers={"If-None-Match": before.headers["ETag"]})
        assert after.status_code == 410
    # What still lies in the folder opens with the mark alone, which nothing tells any more.
    assert file.read_bytes() == sealed
    assert before.data[:8] not in sealed
    mark = before.headers["ETag"].strip('"')
    kept = Kept(tmp_path / "cards", FIRST_SECRET)
    assert kept.find(mark) == before.data
    assert "Alice" not in repr(rows(place.house, people))


def test_looking_at_a_card_is_no_visit(place: Place) -> None:
    asked(place, f"{AT}/card.png")
    assert place.visits() == []


# What else is answered.


def said(answer: TestResponse) -> str:
    assert answer.mimetype == "text/plain"
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.get_data(as_text=True).strip()


@pytest.mark.parametrize("name", ["card.png", "square.png", "a6.pdf"])
def test_a_code_that_nobody_holds_is_answered_kindly(place: Place, name: str) -> None:
    answer = asked(place, f"/{SHOP}/c/NOBODY/{name}")
    assert answer.status_code == 404
    assert said(answer) == "There is no card here. Please ask your friend for the link once more."
    chinese = asked(place, f"/{SHOP}/c/NOBODY/{name}", **{"Accept-Language": "zh-TW"})
    assert said(chinese) == "這裡沒有推薦卡，請再向朋友要一次連結。"
    assert said(asked(place, f"/{SHOP}/c/NOBODY/{name}?language=zh-Hant")) == said(chinese)


@pytest.mark.parametrize("code", ["%00", "%ff%fe", "a" * 500, "%F0%9F%8D%B5", "..", "' OR 1=1"])
def test_whatever_is_asked_for_is_no_fault_of_ours(place: Place, code: str) -> None:
    assert asked(place, f"/{SHOP}/c/{code}/card.png").status_code == 404


def test_the_code_of_another_shop_has_no_card_here(place: Place) -> None:
    connect(place.house, "other")
    assert asked(place, "/other/c/ALICE10/card.png").status_code == 404
    assert asked(place, "/nowhere/c/ALICE10/card.png").status_code == 404


def test_who_guesses_codes_is_told_to_wait(url: str, clock: Clock, tmp_path: Path) -> None:
    with a_house(url, clock, guess_limit=2, card_folder=str(tmp_path / "cards")) as house:
        house.migrate()
        place = a_place(house)
        for _ in range(2):
            assert asked(place, f"/{SHOP}/c/NOBODY/card.png").status_code == 404
        answer = asked(place, f"{AT}/card.png")
        assert answer.status_code == 429
        assert int(answer.headers["Retry-After"]) > 0
        assert said(answer).startswith("That was a little too often")
        clock.on(minutes=1)
        assert asked(place, f"{AT}/card.png").status_code == 200


def test_a_gift_that_is_over_is_promised_no_more(place: Place, clock: Clock) -> None:
    place.referrals.programs.save(replace(a_program(), ends=clock.at + DAY))
    assert asked(place, f"{AT}/card.png").status_code == 200
    clock.on(days=1)
    answer = asked(place, f"{AT}/card.png")
    assert answer.status_code == 410
    assert said(answer) == "This gift has ended. You are welcome at the shop all the same."
    with pytest.raises(NoGift):
        Cards(place.house).card(SHOP, "ALICE10")


def test_a_gift_that_has_not_begun_says_when_it_does(place: Place, clock: Clock) -> None:
    place.referrals.programs.save(replace(a_program(), starts=clock.at + DAY))
    cards = Cards(place.house)
    assert cards.card(SHOP, "ALICE10").terms.startswith("From 23 November 2026 on. ")
    assert cards.card(SHOP, "ALICE10", "zh-Hant").terms.startswith("自 2026 年 11 月 23 日起。")
    before = asked(place, f"{AT}/card.png").headers["ETag"]
    clock.on(days=1)
    assert "From" not in cards.card(SHOP, "ALICE10").terms
    assert asked(place, f"{AT}/card.png").headers["ETag"] != before


# Names.


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("Mei 🍵", "A gift from Mei"),
        ("Łukasz Nowak", "A gift from Łukasz"),
        ("陳美玲", "A gift from 美玲"),
        ("🍵🍵", "A gift for you"),
        ("", "A gift for you"),
        # Letters that no font has: what is left of the name, or nobody.
        ("M\U00012000i", "A gift from M."),
        ("\U00012000\U00012001", "A gift for you"),
    ],
)
def test_a_name_is_drawn_or_told_by_its_first_letter(place: Place, name: str, title: str) -> None:
    code = place.referrals.advocates.invite("friends", Advocate(id="c-9", name=name))
    assert Cards(place.house).card(SHOP, code.text).title == title


# Nobody waits.


def test_a_card_in_the_making_blocks_no_click(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing, done = Event(), Event()

    def slow(card: Card, *_: Any) -> bytes:
        drawing.set()
        done.wait(20)
        return b"a card"

    easels: list[Easel] = []

    class Watched(Easel):
        def __init__(self) -> None:
            super().__init__()
            easels.append(self)

    monkeypatch.setattr(making, "drawn", slow)
    monkeypatch.setattr(making, "Easel", Watched)
    app = place.client.application
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(Client(app).get, f"{AT}/card.png")
        assert drawing.wait(20)
        second = threads.submit(Client(app).get, f"{AT}/square.png")
        # Until the second waits for the first.
        while easels[0].free:
            time.sleep(0.01)
        third = asked(place, f"{AT}/a6.pdf")
        assert third.status_code == 503
        assert said(third).startswith("Many cards")
        assert third.headers["Retry-After"] == "2"
        assert place.click().status_code == 302
        done.set()
        assert [one.result(20).status_code for one in (first, second)] == [200, 200]


@pytest.mark.slow
def test_what_draws_is_not_imported_before_a_card_is_asked_for() -> None:
    code = "import goodword_server.app, sys; print('PIL' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"

"""The page on which an owner chooses how the shop looks."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest

from goodword_server.house import House
from goodword_server.logos import BYTES_MOST, picture
from goodword_server.looks import Look, Share
from goodword_server.shell.roles import Role
from goodword_server.storage import audit as log
from goodword_server.storage import looks as kept
from goodword_server.storage.tables import audit, looks
from tests.server.builders import PUBLIC, SHOP, Place, connect, rows
from tests.server.logos import a_logo
from tests.server.shell.browser import AT, Browser, Page, somebody

pytestmark = pytest.mark.slow

PATH = f"{AT}/look"
CHOSEN: dict[str, Any] = {
    "name": "茶屋 Tea House",
    "colour": "#0B6E4F",
    "shares": ["threads", "copy"],
    "liff": "1234567890-AbcdEfgh",
    "language": "zh-Hant",
}


@pytest.fixture
def owner(place: Place) -> Browser:
    return somebody(place.house, Role.OWNER)


def upload(png: bytes) -> dict[str, Any]:
    return {"logo": (BytesIO(png), "logo.png", "image/png")}


def logo_of(house: House, shop: str = SHOP) -> bytes | None:
    mark = house.look(shop).logo
    if mark is None:
        return None
    return house.database.read(lambda session: kept.logo(session, shop, mark.mark))


def test_an_owner_chooses_how_the_shop_looks(place: Place, owner: Browser) -> None:
    assert "see it from now on" in owner.said(PATH, **CHOSEN, **upload(a_logo()))
    look = place.house.look(SHOP)
    assert (look.name, look.colour) == ("茶屋 Tea House", "#0b6e4f")
    assert look.shares == (Share.THREADS, Share.COPY)
    assert (look.liff, look.language) == ("1234567890-AbcdEfgh", "zh-Hant")
    assert logo_of(place.house) == picture(a_logo()).png
    (line, *_) = place.house.database.read(lambda session: log.page(session, SHOP, 1))
    assert (line.did, line.about) == ("look_saved", "茶屋 Tea House")


def test_the_page_shows_what_was_chosen(place: Place, owner: Browser) -> None:
    owner.post(PATH, **CHOSEN, **upload(a_logo()))
    page = owner.read(PATH)
    fields = {told["id"]: told for told in page.all("input") if "id" in told}
    assert [fields[name]["value"] for name in ("name", "colour", "liff")] == [
        *("茶屋 Tea House", "#0b6e4f", "1234567890-AbcdEfgh")
    ]
    ticked = {name for name, told in fields.items() if "checked" in told}
    assert ticked == {"share-threads", "share-copy"}
    chosen = [told["value"] for told in page.all("option") if "selected" in told]
    assert chosen == ["zh-Hant"]
    (logo,) = page.all("img")
    assert place.client.get(logo["src"]).data == logo_of(place.house)


def test_a_logo_stays_until_another_comes_or_it_is_taken_away(place: Place, owner: Browser) -> None:
    owner.post(PATH, **CHOSEN, **upload(a_logo()))
    owner.post(PATH, **CHOSEN)
    assert logo_of(place.house) == picture(a_logo()).png
    owner.post(PATH, **CHOSEN, **upload(a_logo(colour="#0000ff")))
    assert logo_of(place.house) == picture(a_logo(colour="#0000ff")).png
    owner.post(PATH, **CHOSEN, no_logo="yes")
    assert place.house.look(SHOP).logo is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": ""}, "A shop needs a name"),
        ({"colour": "mint"}, "That is no colour"),
        ({"shares": ["x", "email", "copy", "facebook"]}, "Too many, or one that is not known"),
        ({"shares": ["smoke"]}, "Too many, or one that is not known"),
        ({"language": "tlh"}, "not spoken here yet"),
        ({"liff": "<script>"}, "no LIFF id"),
        ({"logo": b"<svg/>"}, "will not do as a logo"),
        ({"logo": a_logo() + b"\0" * BYTES_MOST}, "will not do as a logo"),
    ],
)
def test_what_will_not_do_is_told_at_its_field_and_nothing_is_kept(
    place: Place, owner: Browser, changed: dict[str, Any], told: str
) -> None:
    logo = upload(changed.get("logo", a_logo()))
    answer = owner.post(PATH, **{**CHOSEN, **changed, **logo})
    assert answer.status_code == 422
    page = Page(answer.text)
    assert told in page.text
    fields = [*page.all("input"), *page.all("select")]
    wrong = [one["id"] for one in fields if "aria-invalid" in one]
    # The boxes to tick have one sentence below them all.
    assert wrong == [name for name in changed if name != "shares"]
    assert rows(place.house, looks) == []
    assert "look_saved" not in {row["did"] for row in rows(place.house, audit)}


def test_a_form_that_is_far_too_large_is_a_kind_page(owner: Browser) -> None:
    kind = "multipart/form-data; boundary=x"
    answer = owner.client.post(PATH, base_url=PUBLIC, data=b"-" * 2_000_000, content_type=kind)
    assert answer.status_code == 413
    assert "That is too large" in Page(answer.text).text
    # Elsewhere there is no room for a picture.
    assert owner.post(f"{AT}/keys", label="x" * 100_000).status_code == 413


def test_who_only_looks_sees_it_and_cannot_send_it(place: Place) -> None:
    browser = somebody(place.house, Role.STAFF)
    page = browser.read(PATH)
    shown = [told for told in page.all("input") if told.get("type") != "hidden"]
    assert shown
    assert all("disabled" in told for told in shown)
    assert browser.post(PATH, **CHOSEN).status_code == 403
    assert rows(place.house, looks) == []


def test_nobody_changes_the_look_of_another_shop(place: Place) -> None:
    connect(place.house, "other")
    stranger = somebody(place.house, Role.OWNER, shop="other")
    assert stranger.post(PATH, **CHOSEN).status_code == 404
    assert place.house.look(SHOP) == Look(name=SHOP)


def test_the_form_is_sent_with_its_picture(owner: Browser) -> None:
    (form,) = [one for one in owner.read(PATH).forms if one.get("action") == PATH]
    # Without scripts and with them: htmx reads it too.
    assert form["enctype"] == "multipart/form-data"

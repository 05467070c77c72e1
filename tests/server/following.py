"""Links that somebody follows or previews, and what a browser makes of the answers."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import update
from werkzeug.test import TestResponse

from goodword.storage.tables import codes
from goodword_server.house import House
from tests.sdk.builders import Clock
from tests.server.builders import LINES_PREVIEWER, Place

PREVIEWERS = {
    "line": LINES_PREVIEWER,
    "facebook": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "slack": "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "twitter": "Twitterbot/1.0",
    "whatsapp": "WhatsApp/2.23.20.0",
    "telegram": "TelegramBot (like TwitterBot)",
}
AHEAD_OF_A_CLICK = [
    {"Sec-Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"Purpose": "prefetch"},
    {"Purpose": "preview"},
    {"X-Purpose": "preview"},
    {"X-Moz": "prefetch"},
]


class Page(HTMLParser):
    """What a browser makes of a page: its tags with their attributes, and its visible words."""

    def __init__(self, answer: TestResponse) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(answer.get_data(as_text=True))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def og(self, name: str) -> str | None:
        (found,) = [one for tag, one in self.tags if one.get("property") == f"og:{name}"]
        return found["content"]

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def stays_with_the_shop(answer: TestResponse) -> None:
    assert answer.status_code == 302
    place = urlsplit(answer.headers["Location"])
    assert (place.scheme, place.netloc) == ("https", "tea.example")
    assert place.path.startswith("/")
    assert answer.headers["Location"].isascii()
    assert answer.headers["Location"].isprintable()
    assert "\\" not in answer.headers["Location"]


def end_code(house: House, clock: Clock) -> None:
    with house.database.connect() as connection:
        connection.execute(update(codes).values(ended=int(clock.at.timestamp() * 1_000_000)))
        connection.commit()


def preview(place: Place, code: str = "ALICE10", **given: Any) -> TestResponse:
    headers = {"User-Agent": PREVIEWERS["line"], **given.pop("headers", {})}
    return place.click(code, headers=headers, **given)

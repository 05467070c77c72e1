"""The app as a whole: its pages load nothing from elsewhere, and it is made from settings."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import goodword_server
from goodword.errors import Invalid
from goodword_server import sentences
from goodword_server.app import create_app
from tests.sdk.builders import Clock
from tests.server.builders import (
    LINES_PREVIEWER,
    Place,
    a_house,
    a_place,
    client_of,
    problem,
    settings_of,
)

TEMPLATES = sorted((Path(goodword_server.__file__).parent / "templates").rglob("*.*"))
BOT = {"User-Agent": LINES_PREVIEWER}


@pytest.fixture(params=["/nowhere/r/ALICE10", "/tea-house/r/ALICE10"], ids=["unknown", "preview"])
def page(request: pytest.FixtureRequest, door: Place) -> tuple[str, dict[str, str]]:
    answer = door.client.get(request.param, headers=BOT)
    assert answer.mimetype == "text/html"
    return answer.get_data(as_text=True), dict(answer.headers)


def test_a_page_may_load_nothing_and_stand_in_no_frame(page: tuple[str, dict[str, str]]) -> None:
    rules = page[1]["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in rules
    assert "frame-ancestors 'none'" in rules
    assert "base-uri 'none'" in rules
    assert "form-action 'self'" in rules
    assert page[1]["X-Content-Type-Options"] == "nosniff"


def test_a_page_asks_for_nothing_that_it_may_not_load(page: tuple[str, dict[str, str]]) -> None:
    assert not re.findall(r"<(script|img|iframe|object|embed)\b", page[0])
    assert not re.findall(r"<link(?![^>]*rel=.canonical)", page[0])
    assert not re.findall(r"@import|url\(|\bstyle=|\bon[a-z]+=", page[0])


def test_a_page_fits_a_phone_and_says_its_language(page: tuple[str, dict[str, str]]) -> None:
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in page[0]
    assert re.match(r'<!doctype html>\n<html lang="(en|zh-Hant)"', page[0])


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_names_a_foreign_host(template: Path) -> None:
    named = set(re.findall(r"(?:https?:)?//[\w.-]+", template.read_text(encoding="utf-8")))
    # The name of a vocabulary, which no browser fetches.
    assert named <= {"https://ogp.me"}


def test_a_browser_that_looks_for_an_icon_is_told_that_there_is_none(door: Place) -> None:
    answer = door.client.get("/favicon.ico")
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.cache_control.max_age


def test_an_answer_that_is_no_page_is_never_taken_for_one(door: Place) -> None:
    for address in ("/healthz", "/nothing", "/v1/thanks"):
        answer = door.client.get(address)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype in {"application/json", "application/problem+json"}


def test_what_is_not_there_is_told_as_a_problem(door: Place) -> None:
    for address in ("/", "/nothing", "/static/page.css", "/tea-house/r/", "/tea-house"):
        assert problem(door.client.get(address))["status"] == 404


@pytest.mark.parametrize(("method", "status"), [("GET", 404), ("PUT", 405)])
def test_a_browser_that_misses_a_page_reads_a_sentence(
    door: Place, method: str, status: int
) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "zh-TW"}
    address = "/tea-house/c/ALICE10" + ("/" if method == "GET" else "")
    answer = door.client.open(address, method=method, headers=browser)
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "這裡什麼都沒有" in answer.get_data(as_text=True)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert ("Allow" in answer.headers) is (status == 405)
    assert problem(door.client.get("/v1/nothing", headers=browser))["status"] == 404


def test_an_app_makes_its_own_house_from_settings(on_sqlite: str) -> None:
    app = create_app(settings_of(on_sqlite))
    assert app.test_client().get("/readyz").status_code == 200
    app.extensions["goodword"].close()


def test_without_settings_it_reads_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "SECRETS", "PUBLIC_URL"):
        monkeypatch.delenv(f"GOODWORD_{name}", raising=False)
    with pytest.raises(Invalid, match="GOODWORD_DATABASE_URL"):
        create_app()


def test_two_apps_in_one_process_know_nothing_of_each_other(
    on_sqlite: str, tmp_path: Path, clock: Clock
) -> None:
    elsewhere = f"sqlite:///{tmp_path / 'other.db'}"
    with a_house(on_sqlite, clock) as one, a_house(elsewhere, clock) as other:
        other.migrate()
        assert a_place(one).click().status_code == 302
        assert client_of(other).get("/tea-house/r/ALICE10").status_code == 404


# What is called the same everywhere.
BY_ONE_NAME = {"goodword"}


def test_every_sentence_is_said_in_both_languages_with_the_same_facts() -> None:
    english, chinese = (sentences._SENTENCES[language] for language in ("en", "zh-Hant"))
    assert english.keys() == chinese.keys()
    for key, sentence in english.items():
        assert sorted(re.findall(r"{(\w+)}", sentence)) == sorted(
            re.findall(r"{(\w+)}", chinese[key])
        )
        assert re.search("[\u4e00-\u9fff]", chinese[key]) or chinese[key] in BY_ONE_NAME
        assert not re.search("[\u4e00-\u9fff]", sentence)

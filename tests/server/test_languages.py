"""Which of our two languages a reader gets."""

from __future__ import annotations

import pytest
from flask import Request
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder

from goodword import words
from goodword_server.languages import LANGUAGES, LOCALES, NAMES, language_of


def test_every_language_that_the_library_speaks_is_spoken_here() -> None:
    assert set(LANGUAGES) == set(NAMES) == set(LOCALES) == set(words.LANGUAGES)


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "en"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8,en;q=0.7", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("zh-Hant-TW", "zh-Hant"),
        ("ZH-tw", "zh-Hant"),
        ("zh", "zh-Hant"),
        ("en-GB", "en"),
        ("en;q=0.5,zh-TW;q=0.9", "zh-Hant"),
        ("zh-TW;q=0.5,en;q=0.9", "en"),
        ("ja,zh-TW;q=0.8", "zh-Hant"),
        ("ja", "en"),
        ("zh-CN,en;q=0.5", "en"),
        ("*", "en"),
        (";;;", "en"),
        ("zh-TW;q=nonsense", "en"),
    ],
)
def test_a_reader_gets_what_the_browser_asks_for(asked: str, language: str) -> None:
    environ = EnvironBuilder(headers=Headers([("Accept-Language", asked)])).get_environ()
    assert language_of(Request(environ)) == language

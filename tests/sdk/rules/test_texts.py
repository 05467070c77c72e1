"""Which texts can be kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goodword.rules.texts import can_be_kept


@pytest.mark.parametrize("text", ["", "tea", "好茶 🍵", "a\nb\tc", "\u200b", "\x01"])
def test_what_people_write_can_be_kept(text: str) -> None:
    assert can_be_kept(text)


@pytest.mark.parametrize("text", ["\0", "te\0a", "\ud800", "tea\udfff"])
def test_what_no_database_keeps_cannot(text: str) -> None:
    assert not can_be_kept(text)


@given(st.text(st.characters(codec=None)))
def test_what_can_be_kept_can_be_written(text: str) -> None:
    if can_be_kept(text):
        assert text.encode().decode() == text

"""Drawn cards are kept in a folder: bounded, private, and never in the way."""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from goodword_server.cards.keeping import SECONDS_MOST, Kept

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps its own guard")


class Later:
    """The time, and a little more."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> float:
        return time.time() + self.ahead


def kept_in(folder: Path, secret: str = "secret", **more: Any) -> Kept:
    return Kept(folder, secret, **more)


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_card_is_found_again(tmp_path: Path) -> None:
    kept = kept_in(tmp_path / "cards")
    assert kept.find("one") is None
    kept.keep("one", b"card")
    assert kept.find("one") == b"card"
    # By another process, too.
    assert kept_in(tmp_path / "cards").find("one") == b"card"
    assert len(names(tmp_path / "cards")) == 1


def test_what_is_kept_opens_with_its_mark_alone(tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    kept_in(folder).keep("a mark", b"\x89PNG a card")
    (file,) = folder.iterdir()
    assert b"card" not in file.read_bytes()
    assert "mark" not in file.name
    # Nor does a mark alone, without the server's secret.
    assert kept_in(folder, "another").find("a mark") is None
    assert kept_in(folder).find("a mark") == b"\x89PNG a card"


def test_what_was_cut_off_or_exchanged_is_not_shown(tmp_path: Path) -> None:
    folder = tmp_path / "cards"
    kept = kept_in(folder)
    kept.keep("one", b"first")
    (one,) = folder.iterdir()
    kept.keep("two", b"second")
    (two,) = names(folder) - {one.name}
    one.write_bytes((folder / two).read_bytes())
    assert kept.find("one") is None
    for left in (0, 5, 20):
        one.write_bytes(b"x" * left)
        assert kept.find("one") is None
    kept.keep("one", b"first")
    assert kept.find("one") == b"first"


def test_the_oldest_go_first_when_there_are_too_many(tmp_path: Path) -> None:
    kept = kept_in(tmp_path, bytes_most=100)
    tmp_path.chmod(0o700)
    for age, name in enumerate(("one", "two", "three")):
        before = names(tmp_path)
        kept.keep(name, b"x" * 20)
        (made,) = names(tmp_path) - before
        os.utime(tmp_path / made, (time.time() - 100 + age, time.time() - 100 + age))
    kept.keep("four", b"x" * 20)
    found = [name for name in ("one", "two", "three", "four") if kept.find(name)]
    assert found == ["three", "four"]
    assert len(names(tmp_path)) == 2


def test_one_that_is_larger_than_all_room_is_not_kept(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    kept = kept_in(tmp_path, bytes_most=100)
    kept.keep("large", b"x" * 101)
    assert names(tmp_path) == set()


def test_none_is_shown_for_more_than_a_day(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    later = Later()
    kept = kept_in(tmp_path, now=later)
    kept.keep("one", b"card")
    later.ahead = SECONDS_MOST + 1
    assert kept.find("one") is None
    (one,) = names(tmp_path)
    kept.keep("two", b"card")
    assert one not in names(tmp_path)


@posix
def test_a_folder_that_others_may_write_to_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tmp_path.chmod(0o777)
    (tmp_path / "mark").write_bytes(b"a card that somebody else put there")
    kept = kept_in(tmp_path)
    assert kept.find("mark") is None
    with caplog.at_level(logging.WARNING):
        kept.keep("one", b"card")
        kept.keep("two", b"card")
    assert names(tmp_path) == {"mark"}
    # Said once.
    assert [record.message for record in caplog.records] == [
        f"cards are not kept: {tmp_path} is open to others"
    ]


@posix
def test_a_link_to_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere, link = tmp_path / "elsewhere", tmp_path / "link"
    elsewhere.mkdir(0o700)
    link.symlink_to(elsewhere)
    kept_in(link).keep("one", b"card")
    assert names(elsewhere) == set()


def test_where_nothing_can_be_kept_nothing_fails(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    kept = kept_in(tmp_path / "file" / "cards")
    kept.keep("one", b"card")
    assert kept.find("one") is None

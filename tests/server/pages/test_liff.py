"""LINE's script is just what the record says, with its terms beside it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import goodword_server

HERE = Path(goodword_server.__file__).parent / "static" / "vendored"
RECORD: dict[str, Any] = json.loads((HERE / "vendored.json").read_text("utf-8"))


@pytest.mark.parametrize("name", RECORD["files"])
def test_every_file_is_what_the_record_says(name: str) -> None:
    digest = hashlib.sha512((HERE / name).read_bytes()).digest()
    told = RECORD["files"][name]["sha512"]
    assert told == "sha512-" + base64.b64encode(digest).decode()


def test_every_part_has_a_version_a_licence_and_a_hash() -> None:
    for part in (RECORD, *RECORD["parts"], *RECORD["bundler"]):
        assert {"package", "version", "licence"} <= part.keys()
    assert all(part["sha512"].startswith("sha512-") for part in RECORD["parts"])
    assert {part["package"].split("/")[0] for part in RECORD["parts"]} == {
        *("@liff", "@line", "tiny-sha256", "tslib"),
    }


def test_its_terms_stand_beside_it_and_nothing_else_does() -> None:
    assert "LINE Developers Agreement" in (HERE / "liff.LICENSE.md").read_text("utf-8")
    assert {path.name for path in HERE.iterdir()} == {*RECORD["files"], "vendored.json"}

"""What others wrote is just what the record says, with its licence beside it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

import goodword_server

pytestmark = pytest.mark.slow

HERE = Path(goodword_server.__file__).parent / "shell" / "static" / "vendored"
PACKAGES: list[dict[str, Any]] = json.loads((HERE / "vendored.json").read_text("utf-8"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_every_file_is_what_the_record_says(package: dict[str, Any]) -> None:
    for name, told in package["files"].items():
        digest = hashlib.sha512((HERE / name).read_bytes()).digest()
        assert told["sha512"] == "sha512-" + base64.b64encode(digest).decode()


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_every_package_has_its_licence_beside_it(package: dict[str, Any]) -> None:
    assert package["licence"] in ("MIT", "0BSD")
    (licence,) = [name for name in package["files"] if "LICENSE" in name]
    assert "Permission to use, copy" in (text := (HERE / licence).read_text("utf-8")) or (
        "Permission is hereby granted" in text
    )


def test_nothing_lies_there_that_the_record_does_not_name() -> None:
    named = {name for package in PACKAGES for name in package["files"]}
    assert {path.name for path in HERE.iterdir()} == named | {"vendored.json"}

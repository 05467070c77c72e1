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

SERVER = Path(goodword_server.__file__).parent
# What LINE's bundle is made of stands in a record of its own, and `test_liff` reads it.
LIFF = SERVER / "static" / "vendored"
FOLDERS = sorted(set(SERVER.rglob("vendored")) - {LIFF})
PACKAGES: list[tuple[Path, dict[str, Any]]] = [
    (folder, package)
    for folder in FOLDERS
    for package in json.loads((folder / "vendored.json").read_text("utf-8"))
]
GRANTS = {
    "MIT": "Permission is hereby granted",
    "0BSD": "Permission to use, copy",
    "OFL-1.1": "SIL OPEN FONT LICENSE Version 1.1",
}
every = pytest.mark.parametrize(
    ("folder", "package"), PACKAGES, ids=[package["package"] for _, package in PACKAGES]
)


@every
def test_every_file_is_what_the_record_says(folder: Path, package: dict[str, Any]) -> None:
    for name, told in package["files"].items():
        digest = hashlib.sha512((folder / name).read_bytes()).digest()
        assert told["sha512"] == "sha512-" + base64.b64encode(digest).decode()


@every
def test_every_package_has_its_licence_beside_it(folder: Path, package: dict[str, Any]) -> None:
    (licence,) = [name for name in package["files"] if "LICENSE" in name]
    assert GRANTS[package["licence"]] in (folder / licence).read_text("utf-8")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parent.name)
def test_nothing_lies_there_that_the_record_does_not_name(folder: Path) -> None:
    named = {name for at, package in PACKAGES if at == folder for name in package["files"]}
    assert {path.name for path in folder.iterdir()} == named | {"vendored.json"}


def test_what_is_vendored_is_known() -> None:
    assert {str(folder.relative_to(SERVER).as_posix()) for folder in FOLDERS} == {
        *("cards/vendored", "shell/static/vendored")
    }

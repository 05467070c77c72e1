"""What Shopify wrote is just what the record says, with its licence beside it."""

from __future__ import annotations

import base64
import hashlib
import json
import lzma
from pathlib import Path
from typing import Any

import pytest

import goodword_shopify
from goodword_shopify.standin.schema import VERSIONS, version

pytestmark = pytest.mark.slow

HERE = Path(goodword_shopify.__file__).parent / "standin" / "vendored"
PACKAGES: list[dict[str, Any]] = json.loads((HERE / "vendored.json").read_text("utf-8"))


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["package"])
def test_every_file_is_what_the_record_says(package: dict[str, Any]) -> None:
    for name, told in package["files"].items():
        content = (HERE / name).read_bytes()
        digest = hashlib.sha512(lzma.decompress(content) if name.endswith(".xz") else content)
        assert told["sha512"] == "sha512-" + base64.b64encode(digest.digest()).decode()


def test_the_licences_lie_beside_it() -> None:
    schemas, examples = PACKAGES
    assert schemas["licence"] == "ISC"
    assert "Permission to use, copy" in (HERE / "dev-mcp.LICENSE").read_text("utf-8")
    # Its archive holds no licence but the one its manifest names.
    manifest = json.loads((HERE / "webhook-schemas.package.json").read_text("utf-8"))
    assert manifest["license"] == examples["licence"] == "MIT"


def test_nothing_lies_there_that_the_record_does_not_name() -> None:
    named = {name for package in PACKAGES for name in package["files"]}
    assert {path.name for path in HERE.iterdir()} == named | {"vendored.json"}


@pytest.mark.parametrize("name", VERSIONS)
def test_a_schema_is_the_whole_one(name: str) -> None:
    at = version(name)
    assert len(at.schema.type_map) > 3500
    assert len(at.scopes) > 1400
    mutation = at.schema.mutation_type
    assert mutation is not None
    assert mutation.fields["discountCodeBasicCreate"].args.keys() == {"basicCodeDiscount"}


def test_a_version_that_was_not_vendored_is_not_made_up() -> None:
    with pytest.raises(FileNotFoundError):
        version("2026-13")

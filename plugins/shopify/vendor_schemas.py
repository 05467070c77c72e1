"""Fetches Shopify's schemas and examples: `python3 plugins/shopify/vendor_schemas.py`.

Needs npm, and only whoever changes a version needs to run it: the files stand in the repository,
beside a record of package, version, licence and SHA-512, which a test compares with them.

A schema stays the real one, less its prose: every type, field, argument, default and deprecation,
and the access scopes that each asks for.  The recorded hash is of what is packed, since another
release of xz may pack it otherwise.
"""

from __future__ import annotations

import gzip
import json
import lzma
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

# What fetches for the server fetches for the plugins as well.
sys.path.append(str(Path(__file__).parents[2] / "server"))
from vendor import fetched, sha512

HERE: Final = Path(__file__).parent / "goodword_shopify" / "standin" / "vendored"
RECORD: Final = HERE / "vendored.json"


def main() -> None:
    """Fetch every package of the record, and write what its files are."""
    packages = json.loads(RECORD.read_text("utf-8"))
    with TemporaryDirectory() as folder:
        for package in packages:
            _take(package, fetched(package, Path(folder)))
    RECORD.write_text(json.dumps(packages, indent=2) + "\n", "utf-8")


def _take(package: dict[str, Any], archive: Path) -> None:
    with tarfile.open(archive) as opened:
        for name, file in package["files"].items():
            inner = opened.extractfile(f"package/{file['from']}")
            assert inner is not None
            content = _SHAPED.get(file.get("as"), bytes)(inner.read())
            (HERE / name).write_bytes(
                lzma.compress(content, preset=9) if name.endswith(".xz") else content
            )
            file["sha512"] = sha512(content)


def schema(packed: bytes) -> bytes:
    """Return an introspected schema without its prose, and the scopes of its types and fields."""
    told = json.loads(gzip.decompress(packed))
    scopes = {
        f"{item['typeName']}.{item['fieldName']}" if "fieldName" in item else item["typeName"]: (
            sorted(set(item["offlineScopes"]))
        )
        for item in told["offline_scopes"]["items"]
        if item["offlineScopes"]
    }
    return _json({**_without_prose(told["data"]), "scopes": scopes})


def example(packed: bytes) -> bytes:
    """Return the example body of a webhook."""
    return json.dumps(json.loads(packed)["response"], indent=1, ensure_ascii=False).encode()


def _without_prose(told: Any) -> Any:
    if isinstance(told, dict):
        return {name: _without_prose(value) for name, value in told.items() if _bears(name, value)}
    return [_without_prose(one) for one in told] if isinstance(told, list) else told


def _bears(name: str, value: object) -> bool:
    return name != "description" or not isinstance(value, (str, type(None)))


def _json(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


_SHAPED: Final[dict[str | None, Callable[[bytes], bytes]]] = {
    "schema": schema,
    "example": example,
}

if __name__ == "__main__":
    main()

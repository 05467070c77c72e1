"""Fetches what the plugin ships but we did not write, and copies the server's goodword.js.

`python3 plugins/woocommerce/wordpress/vendoring.py` needs npm, and only whoever changes a version
needs to run it: the files stand in the repository, beside a record of package, version, licence and
SHA-512, which a test compares with them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

HERE: Final = Path(__file__).parent
ASSETS: Final = HERE / "goodword" / "assets"
RECORD: Final = HERE / "vendored.json"
WIDGET: Final = HERE.parents[2] / "server" / "goodword_server" / "widget" / "goodword.js"


def main() -> None:
    """Fetch every package of the record, and write what its files are."""
    packages = json.loads(RECORD.read_text("utf-8"))
    with TemporaryDirectory() as folder:
        for package in packages:
            _take(package, _fetched(package, Path(folder)))
    RECORD.write_text(json.dumps(packages, indent=2) + "\n", "utf-8")
    shutil.copy(WIDGET, ASSETS / WIDGET.name)


def sha512(content: bytes) -> str:
    """Return the hash as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def _fetched(package: dict[str, Any], folder: Path) -> Path:
    command = ["npm", "pack", f"{package['package']}@{package['version']}", "--json", "--silent"]
    said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    archive = folder / str(json.loads(said.stdout)[0]["filename"])
    found = sha512(archive.read_bytes())
    if found != package["sha512"]:
        raise SystemExit(f"{package['package']} is not what the record knows: {found}")
    return archive


def _take(package: dict[str, Any], archive: Path) -> None:
    with tarfile.open(archive) as opened:
        for name, file in package["files"].items():
            inner = opened.extractfile(f"package/{file['from']}")
            assert inner is not None
            content = inner.read()
            target = ASSETS / "vendored" / name
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(content)
            file["sha512"] = sha512(content)


if __name__ == "__main__":
    main()

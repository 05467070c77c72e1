"""Fetches what the owner's shell shows but did not write: `python3 server/vendor.py`.

Needs npm, and only whoever changes a version needs to run it: the files stand in the repository,
beside a record of package, version, licence and SHA-512, which a test compares with them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

HERE: Final = Path(__file__).parent / "goodword_server" / "shell" / "static" / "vendored"
RECORD: Final = HERE / "vendored.json"


def main() -> None:
    """Fetch what the owner's shell shows."""
    renew(RECORD, HERE)


def renew(record: Path, target: Path) -> None:
    """Fetch every package of a record into a folder, and write what its files are."""
    packages = json.loads(record.read_text("utf-8"))
    with TemporaryDirectory() as folder:
        for package in packages:
            _take(package, fetched(package, Path(folder)), target)
    record.write_text(json.dumps(packages, indent=2) + "\n", "utf-8")


def fetched(package: dict[str, str], folder: Path) -> Path:
    """Return the package's archive, if it is the one that the record knows."""
    command = ["npm", "pack", f"{package['package']}@{package['version']}", "--json", "--silent"]
    said = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    (packed,) = json.loads(said.stdout)
    archive = folder / str(packed["filename"])
    found = sha512(archive.read_bytes())
    if found != package["sha512"]:
        raise SystemExit(f"{package['package']} is not what the record knows: {found}")
    return archive


def _take(package: dict[str, str], archive: Path, target: Path) -> None:
    files: dict[str, dict[str, str]] = package["files"]  # type: ignore[assignment]
    with tarfile.open(archive) as opened:
        for name, file in files.items():
            inner = opened.extractfile(f"package/{file['from']}")
            assert inner is not None
            content = inner.read()
            (target / name).write_bytes(content)
            file["sha512"] = sha512(content)


def sha512(content: bytes) -> str:
    """Return the hash as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


if __name__ == "__main__":
    main()

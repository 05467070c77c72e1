"""Makes `liff.js`, LINE's own script for apps inside LINE: `python3 server/vendor_liff.py`.

Needs npm, and only whoever changes a version needs to run it.  LINE gives its LIFF SDK out as many
small packages, to be bundled into the page that uses it; of those the record names what a page
needs to open the picker of friends, each with its version and SHA-512, and so it does with the
bundler.  Its terms are those that the licence beside it names: they are no free licence, and
concern only the shops that have a LIFF app, whose pages alone load it.
"""

from __future__ import annotations

import json
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from vendor import fetched, sha512

HERE: Final = Path(__file__).parent / "goodword_server" / "static" / "vendored"
RECORD: Final = HERE / "vendored.json"
_ENTRY: Final = """\
import liff from "@line/liff/core";
import IsApiAvailable from "@line/liff/is-api-available";
import IsInClient from "@line/liff/is-in-client";
import IsLoggedIn from "@line/liff/is-logged-in";
import ShareTargetPicker from "@line/liff/share-target-picker";

const parts = [IsApiAvailable, IsInClient, IsLoggedIn, ShareTargetPicker];
parts.forEach((Part) => liff.use(new Part()));
window.liff = liff;
"""


def main() -> None:
    """Fetch every package of the record, bundle them, and write what came out."""
    record: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))
    with TemporaryDirectory() as made:
        folder = Path(made)
        for package in (*record["parts"], *record["bundler"]):
            _unpack(fetched(package, folder), folder / "node_modules" / package["package"])
        (folder / "entry.js").write_text(_ENTRY, "utf-8")
        content = _bundled(folder)
        licence = (folder / "node_modules" / "@line" / "liff" / "README.md").read_bytes()
    for name, bytes_ in (("liff.js", content), ("liff.LICENSE.md", licence)):
        (HERE / name).write_bytes(bytes_)
        record["files"][name] = {"sha512": sha512(bytes_)}
    RECORD.write_text(json.dumps(record, indent=2) + "\n", "utf-8")


def _unpack(archive: Path, target: Path) -> None:
    with tarfile.open(archive) as opened:
        for member in opened.getmembers():
            path = Path(*Path(member.name).parts[1:])
            inner = opened.extractfile(member)
            if inner is None or ".." in path.parts:
                continue
            (target / path).parent.mkdir(parents=True, exist_ok=True)
            (target / path).write_bytes(inner.read())


def _bundled(folder: Path) -> bytes:
    command = ["node_modules/@esbuild/linux-x64/bin/esbuild", "entry.js", "--bundle", "--minify"]
    (folder / command[0]).chmod(0o755)
    command += ["--format=iife", "--target=es2019", "--outfile=liff.js", "--log-level=error"]
    subprocess.run(command, cwd=folder, check=True)
    return (folder / "liff.js").read_bytes()


if __name__ == "__main__":
    main()

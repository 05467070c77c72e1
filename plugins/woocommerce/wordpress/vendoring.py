"""Fetches what the plugin ships but we did not write, and copies the server's goodword.js.

`python3 plugins/woocommerce/wordpress/vendoring.py` needs npm, and only whoever changes a version
needs to run it: the files stand in the repository, beside a record of package, version, licence and
SHA-512, which a test compares with them.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

# What fetches for the server fetches for the plugins as well.
sys.path.append(str(Path(__file__).parents[3] / "server"))
from vendor import renew

HERE: Final = Path(__file__).parent
ASSETS: Final = HERE / "goodword" / "assets"
RECORD: Final = HERE / "vendored.json"
WIDGET: Final = HERE.parents[2] / "server" / "goodword_server" / "widget" / "goodword.js"


def main() -> None:
    """Fetch every package of the record, and copy what the server has."""
    renew(RECORD, ASSETS / "vendored")
    shutil.copy(WIDGET, ASSETS / WIDGET.name)


if __name__ == "__main__":
    main()

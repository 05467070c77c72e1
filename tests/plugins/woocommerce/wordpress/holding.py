"""Holds facts.json against a WooCommerce that is at hand: `python -m … .holding FOLDER`.

None can be had where the tests run; whoever has one looks before a release.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

FACTS: Final = Path(__file__).parent / "facts.json"
# Their last parts are a tab's own name.
_MADE_UP: Final = re.compile(r"(woocommerce_account_|woocommerce_endpoint_)goodword(_\w+)")


def main(folder: str) -> int:
    """Print what a WooCommerce has not; return how much that is."""
    source = "\n".join(
        path.read_text("utf-8", errors="replace")
        for part in ("includes", "src", "woocommerce.php", "templates")
        for path in _files(Path(folder) / part)
    )
    version = re.search(r"^ \* Version: (\S+)", source, re.MULTILINE)
    missing = list(_missing(json.loads(FACTS.read_text("utf-8")), source))
    print(f"WooCommerce {version[1] if version else '?'}: {', '.join(missing) or 'has all of it'}")
    return len(missing)


def _files(place: Path) -> Iterator[Path]:
    return iter([place]) if place.is_file() else place.rglob("*.php")


def _missing(facts: dict[str, Any], source: str) -> Iterator[str]:
    for hook in facts["hooks"]:
        parts = _MADE_UP.fullmatch(hook)
        pattern = rf"'{parts[1]}' \. .{{1,30}} \. '{parts[2]}'" if parts else rf"['\"]{hook}['\"]"
        if not re.search(pattern, source):
            yield hook
    named = [*facts["functions"], *(name for all_ in facts["methods"].values() for name in all_)]
    for name in named:
        if not re.search(rf"function &?{name}\b", source):
            yield f"{name}()"
    for table in facts["tables"]:
        if table not in source:
            yield table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

"""Writes the WordPress plugin as a zip: `python -m goodword_woocommerce [FOLDER]`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from goodword_woocommerce import packing


def main(arguments: Sequence[str]) -> int:
    """Write the zip into a folder, which is ``dist`` unless another is named."""
    folder = Path(arguments[0] if arguments else "dist")
    folder.mkdir(parents=True, exist_ok=True)
    made = folder / packing.name()
    made.write_bytes(packing.packed())
    print(f"{made}: {made.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

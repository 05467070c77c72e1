"""A real server on a real socket, for examples and pages that ask one."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from goodword_server.house import House
from tests.sdk.builders import Clock
from tests.server.builders import a_house
from tests.server.processes import Served

SCRIPTS: Final = Path(sys.executable).parent
"""Where our commands lie."""


@dataclass(frozen=True)
class Serving:
    """A server, and keys of as many shops as are wanted."""

    url: str
    house: House

    def environment(self, shop: str) -> dict[str, str]:
        """Return what examples read: where to ask, and with which key."""
        return {"GOODWORD_URL": self.url, "GOODWORD_KEY": self.house.new_key(shop)}


@contextmanager
def a_server(folder: Path) -> Iterator[Serving]:
    """Run `goodword serve` on a database in the folder."""
    url = f"sqlite:///{folder / 'served.db'}"
    with a_house(url, Clock()) as house:
        house.migrate()
        served = Served(url)
        try:
            yield Serving(f"http://127.0.0.1:{served.port}", house)
        finally:
            served.running.kill()


# Ours because a machine need not have one; its own because that is what people use.
CURLS: Final = ["ours", *(["its own"] if shutil.which("curl") else [])]


def shell(folder: Path, curl: str) -> dict[str, str]:
    """Return an environment with our commands and one of `CURLS`."""
    places = [str(SCRIPTS), os.environ["PATH"]]
    if curl == "ours":
        made = folder / "bin" / "curl"
        made.parent.mkdir(exist_ok=True)
        program = Path(__file__).with_name("curl.py")
        made.write_text(f'#!/bin/sh\nexec {sys.executable} {program} "$@"\n')
        made.chmod(0o755)
        places.insert(0, str(made.parent))
    return {**os.environ, "PATH": os.pathsep.join(places)}

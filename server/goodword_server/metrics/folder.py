"""The folder in which the processes of one `goodword serve` count together."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Final

FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"


@contextmanager
def shared() -> Iterator[None]:
    """Let all processes that are started meanwhile count together, from nothing on.

    In a folder of their own, whatever the environment says: what another server counted is not
    theirs.  prometheus_client must not have been imported before.
    """
    with TemporaryDirectory(prefix="goodword-metrics-") as folder:
        os.environ[FOLDER] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER]

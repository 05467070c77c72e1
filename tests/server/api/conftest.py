"""What is not even looked at where it would not run."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the fuzzing alone in a quick run: to make up what is sent takes longer than much else.

    All of it is slow, and would be chosen out after that.
    """
    quick = "not slow" in config.getoption("markexpr")
    return True if quick and collection_path.name == "test_fuzz.py" else None

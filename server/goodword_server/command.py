"""The command `goodword`, also where only the library is installed."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line, or say what it needs."""
    try:
        from goodword_server.cli import main as run
    except ModuleNotFoundError as error:
        sys.exit(
            f"goodword: this command is the server's, and {error.name} is not installed:"
            " install goodword[server]"
        )
    run()

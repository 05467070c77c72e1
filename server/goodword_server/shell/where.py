"""Where the shell stands among the server's pages."""

from __future__ import annotations

from typing import Final

AT: Final = "/owner"

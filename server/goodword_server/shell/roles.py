"""What an account may do in a shop."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What an account is in a shop; each may do what those before it may."""

    READONLY = "readonly"
    """Sees."""
    STAFF = "staff"
    """Also decides reviews, keeps thanks, and has things tried again."""
    OWNER = "owner"
    """Also saves programs, makes keys, and says who may sign in."""

    def may(self, needs: Role) -> bool:
        """Whether this role is enough."""
        ranks = list(Role)
        return ranks.index(self) >= ranks.index(needs)

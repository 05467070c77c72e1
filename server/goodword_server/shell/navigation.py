"""The way through the shell: few headings, and the pages below the one that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from goodword_server.shell.roles import Role

GROUPS: Final[Mapping[str, Sequence[str]]] = {
    "shop": ("health", "connect", "stuck"),
    "referrals": ("programs", "invite", "why", "reviews", "thanks"),
    "words": ("messages", "look", "proofs"),
    "settings": ("webhooks", "keys", "members", "data", "log"),
}
"""The pages of a shop, below their headings."""
OWNERS: Final = frozenset({"invite", "members", "data"})
"""What only an owner sees."""
WITHIN: Final = {"program": "programs", "message": "messages", "webhook": "webhooks"}
"""What is opened from a page, and stands at its place."""


class Link(NamedTuple):
    """One link of the navigation."""

    name: str
    page: str
    is_here: bool


class Navigation(NamedTuple):
    """What the top of a page offers."""

    groups: Sequence[Link]
    pages: Sequence[Link]


def navigation(template: str, role: Role) -> Navigation:
    """Return the way on from a page, by its template, for somebody of this role."""
    here = WITHIN.get(template, template)
    group = next(name for name, pages in GROUPS.items() if here in pages)
    return Navigation(
        groups=[Link(name, _seen(name, role)[0], name == group) for name in GROUPS],
        pages=[Link(name, name, name == here) for name in _seen(group, role)],
    )


def _seen(group: str, role: Role) -> Sequence[str]:
    return [name for name in GROUPS[group] if name not in OWNERS or role.may(Role.OWNER)]

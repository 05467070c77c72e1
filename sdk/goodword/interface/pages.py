"""What a goodword server does beside a shop's referrals: it has a page for each advocate.

Who embeds the library shows advocates what they have on pages of their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod

from goodword.model.invitation import PageLink


class Pages(ABC):
    """The pages of a shop's advocates."""

    @abstractmethod
    def open(self, id: str) -> PageLink:
        """Return a link to an advocate's page, for whoever is signed in at the shop as them.

        It needs no password and is good for thirty days: lead them there, and show it to nobody
        else.  Raises `UnknownAdvocate`.
        """

    @abstractmethod
    def close(self, id: str) -> None:
        """Let no link and no session of an advocate open their page any more; new links do.

        Raises `UnknownAdvocate`.
        """

"""What a goodword server does beside a shop's referrals: it tells others what happens.

Who embeds the library needs none of it: `Engine.listen` and a carrier hand events over.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence

from goodword.model.webhook import NewWebhook, Webhook


class Webhooks(ABC):
    """Who is told what happens."""

    @abstractmethod
    def add(
        self, url: str, *, types: Collection[str] = (), contact: str | None = None
    ) -> NewWebhook:
        """Tell an address what happens from now on, and return it with its secret.

        ``url``: of the open internet, by https.  ``types``: of these events alone; none: of all.
        ``contact``: an e-mail address that is told when it is paused.  Raises `Invalid` and
        `TooManyEndpoints`.
        """

    @abstractmethod
    def list(self) -> Sequence[Webhook]:
        """Return all of them, oldest first."""

    @abstractmethod
    def find(self, id: str) -> Webhook:
        """Return one of them; raise `UnknownEndpoint` if there is none of this id."""

    @abstractmethod
    def rotate(self, id: str) -> NewWebhook:
        """Give it another secret; the one before signs too for 24 hours.

        Raises `UnknownEndpoint`.
        """

    @abstractmethod
    def remove(self, id: str) -> None:
        """Tell it nothing more, ever, and keep nothing of it; raise `UnknownEndpoint`."""

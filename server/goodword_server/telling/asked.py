"""Webhooks as they are asked for over HTTP."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from goodword.interface.webhooks import Webhooks
from goodword.model.webhook import NewWebhook, Webhook
from goodword_server.storage.endpoints import Endpoint
from goodword_server.telling.endpoints import Added, Endpoints


class ShopWebhooks(Webhooks):
    """One shop's endpoints, without what only an owner's page shows."""

    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints

    def add(
        self, url: str, *, types: Collection[str] = (), contact: str | None = None
    ) -> NewWebhook:
        return _new(self._endpoints.add(url, tuple(types), contact))

    def list(self) -> Sequence[Webhook]:
        return [_told(one) for one in self._endpoints.list()]

    def find(self, id: str) -> Webhook:
        return _told(self._endpoints.find(id))

    def rotate(self, id: str) -> NewWebhook:
        return _new(self._endpoints.rotate(id))

    def remove(self, id: str) -> None:
        self._endpoints.drop(id)


def _new(added: Added) -> NewWebhook:
    return NewWebhook(webhook=_told(added.endpoint), secret=added.secret.text)


def _told(one: Endpoint) -> Webhook:
    return Webhook(
        id=one.id,
        url=one.url,
        types=one.types,
        contact=one.contact,
        made=one.made,
        failing=one.failing,
        paused=one.paused,
        why=one.why,
    )

"""The recorded shop's webhooks, with WooCommerce's habits: no retries, and off after failures."""

from __future__ import annotations

from typing import Any, Final

from goodword_woocommerce.standin.recording import Recorded, answer, signed

Json = dict[str, Any]

_FAILURES_MOST: Final = 6
# What a REST request may set, as far as it is told here.
_SET: Final = ("name", "topic", "delivery_url", "status", "secret")


class Hooks:
    """Webhooks by their ids."""

    def __init__(self) -> None:
        self.by_id: dict[int, Json] = {}
        self.secrets: dict[int, str] = {}
        """What each signs with: never told over REST."""
        self.failures: dict[int, int] = {}
        self._last = 15

    def make(self, body: Json) -> Json:
        """Make a webhook; whether its address can be reached does not matter."""
        self._last += 1
        id = self._last
        self.by_id[id] = answer("webhook-create")[2] | {"id": id, "name": body.get("name", "")}
        self.failures[id] = 0
        return self.change(id, body)

    def change(self, id: int, body: Json) -> Json:
        """Set fields.  One that was off goes on with as many failures as it had, or nearly."""
        hook = self.by_id[id]
        if body.get("status") == "active" and hook["status"] == "disabled":
            self.failures[id] = _FAILURES_MOST
        hook |= {name: body[name] for name in _SET if name in body and name != "secret"}
        if "secret" in body:
            self.secrets[id] = body["secret"]
        return hook

    def delete(self, id: int) -> Json:
        """Remove a webhook for good."""
        self.failures.pop(id)
        self.secrets.pop(id, None)
        return self.by_id.pop(id)

    def tell(self, topic: str, body: bytes) -> list[tuple[int, Recorded]]:
        """Return what is sent of an event, by the webhook that sends it."""
        return [
            (id, signed(body, topic, self.secrets[id]))
            for id, hook in self.by_id.items()
            if hook["topic"] == topic and hook["status"] == "active"
        ]

    def answered(self, id: int, status: int) -> None:
        """Count how a delivery was answered; the seventh failure in a row turns a webhook off."""
        if 200 <= status < 300 or status in (301, 302):
            self.failures[id] = 0
            return
        self.failures[id] += 1
        if self.failures[id] > _FAILURES_MOST:
            self.by_id[id]["status"] = "disabled"

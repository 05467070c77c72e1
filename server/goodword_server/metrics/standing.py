"""How things stand, read from the database when they are asked for: once, by whoever answers."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from goodword.model.followup import Duty
from goodword_server.house import House
from goodword_server.storage import gauges
from goodword_server.storage.gauges import Waiting

_log = logging.getLogger("goodword_server")


class Standing(Collector):
    """Tells how much waits; without a database, that there is none."""

    def __init__(self, house: House) -> None:
        self._house = house

    def collect(self) -> Iterator[GaugeMetricFamily]:
        now = self._house.now()
        try:
            found = self._house.database.read(lambda session: gauges.waiting(session, now))
        except Exception:
            # What the processes counted is told all the same.
            _log.exception("how things stand could not be read")
            found = None
        yield _one("goodword_database_up", "Whether the database answers.", int(found is not None))
        if found is not None:
            yield from _all(found, now)


def _all(found: Waiting, now: datetime) -> Iterator[GaugeMetricFamily]:
    yield _one("goodword_inbox_waiting", "Deliveries that could be read now.", found.deliveries)
    yield _one(
        "goodword_inbox_oldest_seconds",
        "How long the oldest of them has waited.",
        _seconds(found.oldest_delivery, now),
    )
    yield _one("goodword_inbox_dead", "Deliveries that wait for a person.", found.dead_deliveries)
    yield _by_duty(found)
    yield _one(
        "goodword_deeds_oldest_seconds",
        "How long one of them has waited at most.",
        _seconds(found.oldest_deed, now),
    )
    yield _one("goodword_deeds_dead", "Deeds that wait for a person.", found.dead_deeds)
    yield _one("goodword_thanks_owed", "Thanks that are owed.", found.thanks)
    yield _one(
        "goodword_thanks_late_seconds",
        "How long ago one of them was to be said at most.",
        _seconds(found.first_thanks_by, now),
    )
    yield _one("goodword_webhooks_waiting", "Webhooks that could be sent now.", found.webhooks)
    yield _one("goodword_webhooks_dead", "Webhooks that wait for a person.", found.dead_webhooks)
    yield _one(
        "goodword_tills_in_trouble",
        "Shops whose till did not answer when it was last asked.",
        found.tills_in_trouble,
    )
    if found.last_beat is not None:
        yield _one(
            "goodword_worker_seen_seconds",
            "How long ago a worker was last seen at work; it says so every half minute.",
            _seconds(found.last_beat, now),
        )


def _by_duty(found: Waiting) -> GaugeMetricFamily:
    family = GaugeMetricFamily(
        "goodword_deeds_due", "Deeds that could be done now.", labels=["duty"]
    )
    # All of them each time: what ended must be told as nothing.
    for duty in Duty:
        family.add_metric([duty.value], found.deeds.get(duty.value, 0))
    return family


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _seconds(since: datetime | None, now: datetime) -> float:
    return 0.0 if since is None else max(0.0, (now - since).total_seconds())

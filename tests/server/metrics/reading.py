"""What an operator's Prometheus makes of an answer."""

from __future__ import annotations

from typing import Final

from prometheus_client.parser import text_string_to_metric_families

TOKEN: Final = "token-of-the-operator-0123456789abcdef"
BEARER: Final = {"Authorization": f"Bearer {TOKEN}"}


def read(told: str) -> dict[str, dict[frozenset[str], float]]:
    """The samples of each name, by what they are labelled with."""
    found: dict[str, dict[frozenset[str], float]] = {}
    for family in text_string_to_metric_families(told):
        for sample in family.samples:
            labels = frozenset(sample.labels.values())
            known = found.setdefault(sample.name, {})
            assert labels not in known, f"{sample.name} is told twice of {set(labels)}"
            known[labels] = sample.value
    return found


def value(told: str, name: str, *labels: str) -> float:
    """One number; 0 if nothing is told of it."""
    return read(told).get(name, {}).get(frozenset(labels), 0.0)

"""Counts that nobody asked for: what is to be counted is told here, and costs nothing."""

from __future__ import annotations


class Silent:
    """Counts nothing."""

    def request(self, rule: str, method: str, status: int, seconds: float) -> None:
        """Count an answer: by the rule of its route, never by its path."""

    def webhook(self, status: int | None) -> None:
        """Count a try to tell an endpoint; None: there was no answer."""

    def till(self, platform: str, answer: str) -> None:
        """Count what came of a question at a till: ``answered``, or the reason of its trouble."""

    def deed(self, carrier: str, result: str) -> None:
        """Count what came of a deed that a carrier was handed."""

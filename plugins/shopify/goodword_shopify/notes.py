"""What is written down before a call that bears no key, so that a second try knows of the first.

It lies with the credentials: in the one place that is kept safe, and changed by one at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from goodword.platforms import NOTE, Safe


class Notes:
    """One shop's notes."""

    def __init__(self, shop: str, safe: Safe) -> None:
        self._shop = shop
        self._safe = safe

    def read(self, about: str) -> str | None:
        """Return a note; None if there is none."""
        return self._safe.renew(self._shop, lambda kept: kept).get(NOTE + about)

    def begin(self, about: str, note: str) -> str | None:
        """Write a note, unless there is one already: then return that."""
        before: list[str] = []

        def noted(kept: Mapping[str, str]) -> Mapping[str, str]:
            if NOTE + about not in kept:
                return {**kept, NOTE + about: note}
            before.append(kept[NOTE + about])
            return kept

        self._safe.renew(self._shop, noted)
        return before[0] if before else None

    def tidy(self, is_over: Callable[[str, str], bool]) -> None:
        """Strike out the notes that are over, by what they are about and what they say."""

        def tidied(kept: Mapping[str, str]) -> Mapping[str, str]:
            over = [
                name
                for name, note in kept.items()
                if name.startswith(NOTE) and is_over(name.removeprefix(NOTE), note)
            ]
            return {name: one for name, one in kept.items() if name not in over} if over else kept

        self._safe.renew(self._shop, tidied)

    def settle(self, **notes: str | None) -> None:
        """Write notes in the place of those there are, all at once; None strikes one out."""
        changed = {NOTE + about: note for about, note in notes.items()}

        def settled(kept: Mapping[str, str]) -> Mapping[str, str]:
            left = {name: note for name, note in kept.items() if name not in changed}
            return left | {name: note for name, note in changed.items() if note is not None}

        self._safe.renew(self._shop, settled)

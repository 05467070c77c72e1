"""Whose account store credit is for: noted before the shop is asked, until it has answered.

What tells an advocate may change while nobody knows what became of a call.  Whoever then looked
into another account would find nothing there, and give it a second time.
"""

from __future__ import annotations

from goodword.model.followup import Grant
from goodword_shopify.fields import gid
from goodword_shopify.granting import Counter


class Owners:
    """The owners of one shop's accounts."""

    def __init__(self, counter: Counter) -> None:
        self._client = counter.client
        self._notes = counter.notes

    def begin(self, grant: Grant) -> str:
        """Return whose account it is, and note it."""
        owner = self._found(grant)
        return self._notes.begin(_about(grant), owner) or owner

    def noted(self, grant: Grant) -> str:
        """Return whose account a try was for of which nothing was heard; else whose it is now."""
        return self._notes.read(_about(grant)) or self._found(grant)

    def settle(self, grant: Grant) -> None:
        """Strike the note out: what became of it is known."""
        self._notes.settle(**{_about(grant): None})

    def _found(self, grant: Grant) -> str:
        """Return whose account it is: by the e-mail, else by the id that the shop knows."""
        customer = None
        if grant.email:
            customer = self._client.ask("CustomerByEmail", email=grant.email)[
                "customerByIdentifier"
            ]
        id = gid("Customer", grant.person)
        if customer is None and id is not None:
            customer = self._client.ask("CustomerById", id=id)["customer"]
        if customer is None:
            raise self._client.refused("nobody of this e-mail or id has an account at the shop")
        return str(customer["id"])


def _about(grant: Grant) -> str:
    return f"owner {grant.id}"

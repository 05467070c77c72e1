"""How a shop is connected, as JSON for its own staff: what the page in its admin will show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from goodword import words
from goodword.storage.sql import Session
from goodword_server.apps.asking import Asking
from goodword_server.house import House
from goodword_server.shell.signs import said
from goodword_server.storage import accounts, inbox, rounds, signs


def status(house: House, asked: Asking) -> Mapping[str, Any]:
    """Return how a shop is connected, in the language that is asked for."""
    return house.database.read(lambda session: _status(house, session, asked))


def _status(house: House, session: Session, asked: Asking) -> Mapping[str, Any]:
    shop, installation = asked.shop, asked.connected.installation
    last, till = inbox.last(session, shop), signs.till_of(session, shop)
    trouble = till.trouble if till else None
    found = said(rounds.of(session, shop), asked.language)
    return {
        "shop": shop,
        "url": installation.url,
        "desk": f"{house.settings.public_url}/owner/shops/{shop}/",
        "owned": bool(accounts.members_of(session, shop)),
        "programs": [one.name for one in asked.referrals.programs.list()],
        "last_delivery": last.isoformat() if last else None,
        "trouble": words.tell(trouble, asked.language) if trouble else None,
        "signs": [one._asdict() for one in found],
    }

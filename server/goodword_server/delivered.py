"""One delivery on its way from the inbox into the book, and what may be in its way."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from goodword.errors import AnswerLost, GoodwordError, TillDown
from goodword.model.order import Order
from goodword.model.trouble import Trouble, given_up, trouble_of
from goodword.platforms import DataAsked, PeopleMerged, PersonForgotten
from goodword.storage.sql import Session
from goodword_server.storage import inbox
from goodword_server.storage.inbox import Kept
from goodword_server.storage.installations import Connected

_log = logging.getLogger("goodword_server")
_TRIES_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class State:
    """An order to record, and whether the shop itself said so just now."""

    order: Order
    confirmed: bool


@dataclass(slots=True)
class Page:
    """One delivery on its way from the inbox into the book; or an order that the till listed."""

    kept: Kept | None
    states: list[State] = field(default_factory=list)
    forgotten: list[PersonForgotten] = field(default_factory=list)
    """Whom the platform says to forget."""
    merged: list[PeopleMerged] = field(default_factory=list)
    asked: list[DataAsked] = field(default_factory=list)
    left: Connected | None = None
    """What opened a shop whose owner does without us."""
    clears: bool = False
    """Nothing is to be kept of the shop's people."""
    verdict: str = "nothing to record"
    later: str | None = None
    dead: str | None = None
    conflict: str | None = None
    """The id of an order of which only the till can say what is true."""


@contextmanager
def troubles(page: Page, shop: str) -> Iterator[None]:
    """Note on the page what went wrong: wait for the shop, or leave it to a person."""
    try:
        yield
    except (TillDown, AnswerLost) as error:
        page.later = trouble_of(error)
    except GoodwordError as error:
        page.dead = trouble_of(error)
    except Exception as error:
        # A fault of ours or of a plugin: nothing is lost, a person looks at it.
        _log.exception("a delivery to %s could not be read", shop)
        kind = type(error).__name__
        page.dead = Trouble(f"{kind} while it was read", "reading_fault", kind=kind)


def newest(*states: Order | None) -> Order | None:
    found = [state for state in states if state is not None]
    return max(found, key=lambda one: (one.modified is not None, one.modified), default=None)


def put_off(session: Session, shop: str, kept: Kept, why: str, now: datetime) -> None:
    if kept.tries >= _TRIES_MOST:
        inbox.bury(session, shop, kept, given_up(kept.tries, why))
        return
    pause = min(21_600.0, 10.0 * 2.0**kept.tries) * random.uniform(0.5, 1.0)
    inbox.put_off(session, shop, kept, why, now + timedelta(seconds=pause))

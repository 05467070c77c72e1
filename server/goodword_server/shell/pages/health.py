"""How a connected shop is doing, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from flask.typing import ResponseReturnValue

from goodword.storage import owing, stuck
from goodword.storage.owing import Debt
from goodword.storage.sql import Book, Session
from goodword.words.messages.values import granted
from goodword_server.shell.desk import Desk
from goodword_server.shell.language import current
from goodword_server.shell.paging import Pages, show
from goodword_server.shell.signs import said
from goodword_server.storage import data_requests, dispatches, inbox, keys, rounds, signs
from goodword_server.storage.installations import Connected
from goodword_server.watching import backfill
from goodword_server.watching.backfill import Backfill

# A worker beats every half minute; what waits longer than this waits for one.
_LATE: Final = timedelta(minutes=3)
_SILENT: Final = timedelta(hours=2)
_COUNTED_MOST: Final = 1000
_NAMED_MOST: Final = 20
# For so long somebody may wonder why it took that long.
_ALOUD: Final = timedelta(days=7)


def add(pages: Pages) -> None:
    """Add the page."""

    @pages.sees("/")
    def health(desk: Desk) -> ResponseReturnValue:
        connected, sealed = connected_of(desk)
        facts = desk.read(lambda session: {**_facts(desk, session), **_rounds(desk, session)})
        over = None if connected or sealed else desk.house.left(desk.shop)
        left = over.left if over else None
        return show("health", desk, connected=connected, sealed=sealed, left=left, **facts)


def connected_of(desk: Desk) -> tuple[Connected | None, bool]:
    """Return the installation, and whether there is one that cannot be opened any more."""
    try:
        return desk.house.installation_of(desk.shop), False
    except ValueError:
        return None, True


def _facts(desk: Desk, session: Session) -> dict[str, object]:
    now = desk.house.now()
    beat = signs.last_beat(session)
    waiting, oldest = inbox.waiting(session, desk.shop, now)
    plugin = keys.plugin(session, desk.shop, now)
    asked, answer_by = data_requests.unanswered(session, desk.shop)
    return {
        "asked": asked,
        "answer_by": answer_by,
        "plugin": plugin,
        "plugged": plugin is not None and plugin.is_there(now),
        "last": inbox.last(session, desk.shop),
        "till": signs.till_of(session, desk.shop),
        "dead": inbox.count_dead(session, desk.shop)
        + stuck.count(Book(session, desk.shop))
        + len(dispatches.dead(session, desk.shop, _COUNTED_MOST)),
        "debts": [_said(one) for one in owing.debts(Book(session, desk.shop), _NAMED_MOST)],
        "waiting": waiting,
        "late": oldest is not None and now - oldest > _LATE,
        "oldest": oldest,
        "beat": beat,
        "at_work": beat is not None and now - beat <= _LATE,
    }


def _said(debt: Debt) -> tuple[str, str, Sequence[str]]:
    """Return who owes, how much, and of which orders."""
    return debt.name or debt.advocate, granted(debt.worth, current()), debt.orders


def _rounds(desk: Desk, session: Session) -> dict[str, object]:
    """Return what was found when the shop was last looked at."""
    made = rounds.of(session, desk.shop)
    orders, last = made.get("orders"), inbox.last(session, desk.shop)
    before = backfill.of(orders.notes) if orders else None
    found = orders is not None and orders.notes.get("found", 0) > 0
    mended = made["hooks"].notes.get("mended_at") if "hooks" in made else None
    return {
        "rounds": made,
        "backfill": before,
        "aloud": before is not None and _is_aloud(before, desk.house.now()),
        "signs": list(said(made, current())),
        # Orders change, and nothing arrives.
        "silent": found and (last is None or desk.house.now() - last > _SILENT),
        "mended_at": datetime.fromisoformat(mended) if mended else None,
    }


def _is_aloud(one: Backfill, now: datetime) -> bool:
    """Whether an owner is to look at why orders were not read from a file."""
    return one.why is not None and (one.ended is None or now - one.ended < _ALOUD)

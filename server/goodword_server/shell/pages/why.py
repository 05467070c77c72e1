"""Why an order counts, or does not."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid, UnknownOrder
from goodword.model.outcome import Explanation
from goodword_server.shell import language
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, show


def add(pages: Pages) -> None:
    """Add the page."""

    @pages.sees("/why")
    def why(desk: Desk) -> ResponseReturnValue:
        order = request.args.get("order", "").strip().removeprefix("#")
        told = _explained(desk, order) if order else None
        return show("why", desk, order=order, told=told, unknown=bool(order) and told is None)


def _explained(desk: Desk, order: str) -> Explanation | None:
    try:
        return desk.referrals.credit.explain(order, language=language.current())
    except (UnknownOrder, Invalid):
        return None

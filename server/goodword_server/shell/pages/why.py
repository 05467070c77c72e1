"""Why an order counts, or does not."""

from __future__ import annotations

from dataclasses import replace

from flask import request
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid, TillTrouble, UnknownOrder
from goodword.model.order import Order
from goodword.model.outcome import Explanation, Trial
from goodword_server.house import UnknownShop
from goodword_server.shell import language
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, show


def add(pages: Pages) -> None:
    """Add the page."""

    @pages.sees("/why")
    def why(desk: Desk) -> ResponseReturnValue:
        order = request.args.get("order", "").strip().removeprefix("#")
        told = _explained(desk, order) if order else None
        trial = _as_real(desk, told.state) if told and told.state.test else None
        unknown = bool(order) and told is None
        return show("why", desk, order=order, told=told, unknown=unknown, trial=trial)


def _explained(desk: Desk, order: str) -> Explanation | None:
    try:
        return desk.referrals.credit.explain(order, language=language.current())
    except (UnknownOrder, Invalid):
        return None


def _as_real(desk: Desk, kept: Order) -> Trial:
    """Say what a test order would come to if it were a real one; nothing is changed by it."""
    try:
        # What is kept says nothing of people, by which some verdicts are found.
        asked = desk.house.till(desk.shop).order(kept.id)
    except (TillTrouble, UnknownShop, Invalid):
        asked = None
    order = replace(asked or kept, test=False)
    return desk.referrals.programs.try_out(order, language=language.current())

"""Referrals that a person should look at."""

from __future__ import annotations

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from goodword.errors import RulingInvalid
from goodword.model.credit import Verdict
from goodword.words import say
from goodword_server.shell import language
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, a_page, done, failed, show
from goodword_server.shell.roles import Role

_MOST: Final = 50
_VERDICTS: Final = {str(verdict): verdict for verdict in Verdict}


def add(pages: Pages) -> None:
    """Add the page and its form."""

    @pages.sees("/reviews")
    def reviews(desk: Desk) -> ResponseReturnValue:
        found, more = a_page(desk.referrals.reviews.open, _MOST)
        shared = {one.order: _shared(desk, one.order) for one in found}
        return show("reviews", desk, open=found, more=more, shared=shared)

    @pages.does("/reviews", Role.STAFF)
    def decide_review(desk: Desk) -> ResponseReturnValue:
        order, reason = request.form.get("order", ""), request.form.get("reason", "").strip()
        verdict = _VERDICTS.get(request.form.get("verdict", ""))
        if verdict is None:
            return failed(desk, "reviews", "reviews.no_verdict")
        try:
            desk.act(
                f"review_{verdict}",
                order,
                lambda referrals, _session: referrals.reviews.decide(
                    order, verdict, reason=reason, by=desk.person.key
                ),
            )
        except RulingInvalid:
            return failed(desk, "reviews", "reviews.no_reason")
        return done(desk, "reviews", f"reviews.{verdict}", order=order)


def _shared(desk: Desk, order: str) -> list[str]:
    """Say by what friend and advocate seem to be one household; never the phone or address."""
    winner = desk.referrals.credit.explain(order).winner
    return [say(f"shared.{one}", language.current()) for one in (winner.shared if winner else ())]

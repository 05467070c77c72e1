"""Thanks that are owed."""

from __future__ import annotations

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, a_page, done, show
from goodword_server.shell.roles import Role

CHANNELS: Final = ("in_person", "phone", "mail", "line", "card")
_MOST: Final = 50


def add(pages: Pages) -> None:
    """Add the page and its form."""

    @pages.sees("/thanks")
    def thanks(desk: Desk) -> ResponseReturnValue:
        owed, more = a_page(desk.referrals.thanks.owed, _MOST)
        now = desk.house.now()
        return show("thanks", desk, owed=owed, more=more, now=now, channels=CHANNELS)

    @pages.does("/thanks", Role.STAFF)
    def keep_thanks(desk: Desk) -> ResponseReturnValue:
        id, told = request.form.get("id", ""), request.form.get("channel", "")
        channel = told if told in CHANNELS else CHANNELS[0]
        kept = desk.act(
            "thanks_kept",
            lambda kept: kept.order,
            lambda referrals, _session: referrals.thanks.keep(id, channel=channel),
        )
        return done(desk, "thanks", "thanks.kept", name=kept.name or kept.advocate)

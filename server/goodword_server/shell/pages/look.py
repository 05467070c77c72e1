"""How the shop shows itself to friends and advocates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid
from goodword.storage.sql import Session
from goodword.words import LANGUAGES
from goodword.zones import zones
from goodword_server.faces import logo_path
from goodword_server.logos import BYTES_MOST, SIDE_MOST, Picture, picture
from goodword_server.looks import NAME_LONGEST, SHARES_MOST, Look, Share, checked
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, show
from goodword_server.shell.roles import Role
from goodword_server.storage import looks

UPLOAD_MOST: Final = 1_048_576
"""Bytes of a form with a logo in it: enough to say kindly that the logo is too large."""


def add(pages: Pages) -> None:
    """Add the page and its form."""

    @pages.sees("/look")
    def look(desk: Desk) -> ResponseReturnValue:
        return _form(desk, _filled(desk.house.look(desk.shop)))

    @pages.does("/look", Role.OWNER)
    def save_look(desk: Desk) -> ResponseReturnValue:
        try:
            told, logo = _told(), _uploaded()
        except Invalid as error:
            return _form(desk, _as_sent(), error), 422
        desk.act("look_saved", told.name, lambda _all, session: _save(desk, session, told, logo))
        return done(desk, "look", "look.saved")


def _save(desk: Desk, session: Session, look: Look, logo: Picture | None) -> None:
    looks.put(session, desk.shop, look, desk.house.now())
    if logo is not None:
        looks.put_logo(session, desk.shop, logo.logo, logo.png)
    elif "no_logo" in request.form:
        looks.put_logo(session, desk.shop, None, None)


def _told() -> Look:
    form = request.form
    return checked(
        Look(
            name=form.get("name", ""),
            colour=form.get("colour", ""),
            # What they are is asked of `checked`, like everything that somebody sent.
            shares=tuple(form.getlist("shares")),  # type: ignore[arg-type]
            liff=form.get("liff"),
            language=form.get("language", ""),
            zone=form.get("zone"),
        )
    )


def _uploaded() -> Picture | None:
    file = request.files.get("logo")
    uploaded = file.read(BYTES_MOST + 1) if file is not None else b""
    return picture(uploaded) if uploaded else None


def _filled(look: Look) -> Mapping[str, Any]:
    """Return the form as a look fills it in."""
    return {
        "name": look.name,
        "colour": look.colour,
        "shares": list(look.shares),
        "liff": look.liff or "",
        "language": look.language,
        "zone": look.zone or "",
    }


def _as_sent() -> Mapping[str, Any]:
    """Return the form as it was filled in."""
    fields = ("name", "colour", "liff", "language", "zone")
    sent = {name: request.form.get(name, "") for name in fields}
    return {**sent, "shares": request.form.getlist("shares")}


def _form(desk: Desk, values: Mapping[str, Any], wrong: Invalid | None = None) -> str:
    look = desk.house.look(desk.shop)
    return show(
        "look",
        desk,
        values=values,
        wrong=wrong.facts if wrong else None,
        logo=look.logo,
        logo_path=logo_path(desk.shop, look),
        spoken=LANGUAGES,
        zones=zones(),
        shares=list(Share),
        shares_most=SHARES_MOST,
        name_longest=NAME_LONGEST,
        kilobytes=BYTES_MOST // 1000,
        side_most=SIDE_MOST,
    )

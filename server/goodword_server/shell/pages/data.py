"""Who asked the shop what is kept of them: the answer to hand on, and whether it was."""

from __future__ import annotations

import json

from flask import Response, abort, request
from flask.typing import ResponseReturnValue

from goodword_server.disclosing import contacts, disclosed
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, failed, show
from goodword_server.shell.roles import Role
from goodword_server.storage import data_requests
from goodword_server.storage.data_requests import DataRequest


class _Answered(Exception):
    """It was answered before, or never asked."""


def add(pages: Pages) -> None:
    """Add the page, its files and its form."""

    @pages.sees("/data", Role.OWNER)
    def data(desk: Desk) -> ResponseReturnValue:
        vault, now = desk.house.vault, desk.house.now()
        asked = desk.read(lambda session: data_requests.every(session, vault, desk.shop))
        return show("data", desk, asked=asked, now=now, contacts=contacts)

    @pages.sees("/data/<id>", Role.OWNER)
    def data_file(desk: Desk, id: str) -> ResponseReturnValue:
        return _file(desk, _found(desk, id))

    @pages.does("/data", Role.OWNER)
    def answer_data(desk: Desk) -> ResponseReturnValue:
        id = request.form.get("id", "")
        now, who = desk.house.now(), desk.person.key
        try:
            desk.act(
                "data_answered",
                id,
                lambda _all, session: _answer(
                    data_requests.answer(session, desk.shop, id, who, now)
                ),
            )
        except _Answered:
            return failed(desk, "data", "data.gone")
        return done(desk, "data", "data.answered")


def _found(desk: Desk, id: str) -> DataRequest:
    vault = desk.house.vault
    found = desk.read(lambda session: data_requests.find(session, vault, desk.shop, id))
    if found is None or found.asked is None:
        abort(404)
    return found


def _file(desk: Desk, found: DataRequest) -> Response:
    """Return all that is kept of somebody, made just now and kept nowhere."""
    assert found.asked is not None
    told = json.dumps(disclosed(desk.referrals, found.asked), ensure_ascii=False, indent=1)
    answer = Response(told, content_type="application/json; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="data-{found.id}.json"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _answer(is_new: bool) -> None:
    if not is_new:
        raise _Answered

"""Inviting whom the shop vouches for: a list is looked at first, and then all of it is done."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid, Unknown
from goodword.model.invitation import Enrolled, Invited, Vouched
from goodword.model.moving import Wrong
from goodword.model.people import Relation
from goodword.words import LANGUAGES
from goodword_server.inviting import lists
from goodword_server.inviting.lists import BYTES_MOST, PEOPLE_MOST, People
from goodword_server.shell.desk import Desk
from goodword_server.shell.language import current
from goodword_server.shell.paging import Pages, done, show
from goodword_server.shell.roles import Role

UPLOAD_MOST: Final = 1_048_576
"""Bytes of a form with a list in it: enough to say kindly that the list is too large."""
_FIELDS: Final = ("program", "relation", "by", "language")
_SENT: Final = (Invited.NEW, Invited.JOINS)
_SHOWN_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Line:
    """What would be done about one line of a list."""

    line: int
    person: Vouched
    told: Enrolled


@dataclass(frozen=True, slots=True)
class Looked:
    """A list that was looked at."""

    found: People
    text: str
    """The list itself, to be sent once more."""
    lines: Sequence[Line] = ()

    @property
    def wrong(self) -> Sequence[Wrong]:
        """Everything that is wrong, by line and column."""
        return [*self.found.wrong, *_wrong(self.lines)]

    @property
    def sent(self) -> int:
        """How many would be mailed."""
        return sum(one.told.result in _SENT for one in self.lines)


def add(pages: Pages) -> None:
    """Add the page and its two forms."""

    @pages.sees("/invite", Role.OWNER)
    def invite(desk: Desk) -> ResponseReturnValue:
        return _form(desk, {"by": desk.person.email.partition("@")[0], "language": current()})

    @pages.does("/invite", Role.OWNER)
    def look_at_list(desk: Desk) -> ResponseReturnValue:
        """Say what would be done, line by line; nothing is kept."""
        asked = _asked()
        if "vouched" not in request.form:
            return _form(desk, asked, wrong="vouched"), 422
        data = _list()
        if not data:
            return _form(desk, asked, wrong="list"), 422
        try:
            looked = _look(desk, asked, data)
        except (Invalid, Unknown) as error:
            return _form(desk, asked, wrong=_field(error)), 422
        return _form(desk, asked, looked=looked), (422 if looked.wrong else 200)

    @pages.does("/invite/all", Role.OWNER)
    def invite_all(desk: Desk) -> ResponseReturnValue:
        """Do all of it, or nothing."""
        asked, data = _asked(), request.form.get("list", "").encode()
        try:
            people = lists.check(lists.read(data, _relation(asked)))
            told = desk.act(
                "people_invited",
                lambda told: f"{asked['program']}: {_sent(told)}",
                lambda referrals, _session: referrals.advocates.enroll(
                    asked["program"], people, by=asked["by"], language=asked["language"]
                ),
            )
        except (Invalid, Unknown):
            # Something changed since it was looked at: what is told now is true.
            return _again(desk, asked, data)
        return done(desk, "invite", "invite.done", count=_sent(told))


def _again(desk: Desk, asked: Mapping[str, str], data: bytes) -> ResponseReturnValue:
    try:
        looked = _look(desk, asked, data)
    except (Invalid, Unknown) as error:
        return _form(desk, asked, wrong=_field(error)), 422
    return _form(desk, asked, looked=looked), 422


def _look(desk: Desk, asked: Mapping[str, str], data: bytes) -> Looked:
    found = lists.read(data, _relation(asked))
    if found.wrong:
        # What cannot be read cannot be sent once more either.
        return Looked(found, "")
    told = desk.referrals.advocates.enroll(
        asked["program"], found.people, by=asked["by"], language=asked["language"], dry_run=True
    )
    lines = [
        Line(line, person, one)
        for line, person, one in zip(found.lines, found.people, told, strict=True)
    ]
    return Looked(found, data.decode(), lines)


def _wrong(lines: Iterable[Line]) -> Iterator[Wrong]:
    for one in lines:
        if one.told.result is Invited.WRONG:
            column = one.told.field or ""
            yield Wrong(f"field.{column}", one.told.mend or "", one.line, column)


def _sent(told: Sequence[Enrolled]) -> int:
    return sum(one.result in _SENT for one in told)


def _asked() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in _FIELDS}


def _list() -> bytes:
    file = request.files.get("list")
    return file.read(BYTES_MOST + 1) if file is not None else b""


def _relation(asked: Mapping[str, str]) -> Relation | None:
    return next((one for one in Relation if one == asked["relation"]), None)


def _field(error: Invalid | Unknown) -> str:
    field = str(error.facts.get("field", "program"))
    return field if field in ("by", "language", "program") else "list"


def _form(
    desk: Desk,
    asked: Mapping[str, str],
    *,
    looked: Looked | None = None,
    wrong: str | None = None,
) -> str:
    facts: dict[str, Any] = {
        "programs": desk.referrals.programs.list(),
        "relations": list(Relation),
        "spoken": LANGUAGES,
        "values": asked,
        "looked": looked,
        "wrong": wrong,
        "people_most": PEOPLE_MOST,
        "kilobytes": BYTES_MOST // 1024,
        "by_mail": desk.house.settings.mail is not None,
        "shown_most": _SHOWN_MOST,
    }
    return show("invite", desk, **facts)

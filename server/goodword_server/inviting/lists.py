"""A list of people as a spreadsheet saves it.

Pure: nothing of it is kept before all of it can be.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from goodword.errors import Invalid
from goodword.model.invitation import Vouched
from goodword.model.moving import Wrong
from goodword.model.people import Relation
from goodword_server import spreadsheets
from goodword_server.spreadsheets import Columns, Row, Unreadable

BYTES_MOST: Final = 262_144
PEOPLE_MOST: Final = 1_000
RELATION: Final = ("relation", "關係")
NAMES: Final = {
    "name": ("name", "姓名", "名字"),
    "email": ("email", "e-mail", "mail", "電子郵件", "電子信箱", "信箱"),
    "relation": RELATION,
    "id": ("id", "編號"),
    "phone": ("phone", "電話", "手機"),
}
_COLUMNS: Final = Columns(
    NAMES,
    needed=("name", "email"),
    empty="the file holds nobody: put a line of column names first, then a line for each person",
)
RELATIONS: Final[Mapping[str, Relation]] = {
    **{str(one): one for one in Relation},
    "顧客": Relation.CUSTOMER,
    "員工": Relation.EMPLOYEE,
    "供應商": Relation.SUPPLIER,
    "合作夥伴": Relation.PARTNER,
}
_MENDS: Final = {
    "too_large": f"the file is larger than {BYTES_MOST // 1024} kB; divide it",
    "too_many": f"the file holds more than {PEOPLE_MOST:,} people; divide it",
    "relation": f"is no relation; write one of {', '.join(Relation)}",
    "no_relation": "say how they stand to the shop, here or for the whole list",
}


@dataclass(frozen=True, slots=True)
class People:
    """What a list says."""

    people: Sequence[Vouched] = ()
    lines: Sequence[int] = ()
    """In which line of the file each begins."""
    wrong: Sequence[Wrong] = ()
    """While anything stands here, nobody is invited."""


def read(data: bytes, relation: Relation | None = None) -> People:
    """Return whom a file names, and what is wrong with it.

    ``relation``: of those for whom the file says none.
    """
    if len(data) > BYTES_MOST:
        return People(wrong=(_wrong("too_large"),))
    try:
        rows = list(spreadsheets.read(io.BytesIO(data), _COLUMNS))
    except Unreadable as error:
        return People(wrong=(error.wrong,))
    if len(rows) > PEOPLE_MOST:
        return People(wrong=(_wrong("too_many"),))
    return _read(rows, relation)


def check(found: People) -> Sequence[Vouched]:
    """Return the people of a list; raise `Invalid` with everything that is wrong with it."""
    if found.wrong:
        raise Invalid(field="list", mend="; ".join(map(str, found.wrong)))
    return found.people


def _wrong(reason: str, line: int = 0, column: str = "") -> Wrong:
    return Wrong(reason, _MENDS[reason], line, column)


def _read(rows: Sequence[Row | Wrong], relation: Relation | None) -> People:
    wrong: list[Wrong] = []
    people: list[Vouched] = []
    lines: list[int] = []
    for one in rows:
        if isinstance(one, Wrong):
            wrong.append(one)
            continue
        said = one.cells.get("relation", "")
        stands = RELATIONS.get(said.lower()) if said else relation
        if stands is None:
            wrong.append(_wrong("relation" if said else "no_relation", one.line, "relation"))
        else:
            people.append(_person(one.cells, stands))
            lines.append(one.line)
    return People(wrong=wrong) if wrong else People(people, lines)


def _person(cells: Mapping[str, str], relation: Relation) -> Vouched:
    return Vouched(
        name=cells["name"],
        email=cells["email"],
        relation=relation,
        id=cells.get("id") or None,
        phone=cells.get("phone") or None,
    )

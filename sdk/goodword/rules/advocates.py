"""Whether an advocate can be kept and invited, and a coupon stand for their code."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from goodword.errors import CodeInvalid, PersonInvalid
from goodword.model.people import Advocate, Relation
from goodword.model.program import Program

_COUPON_LONGEST: Final = 100


def check(advocate: Advocate, program: Program) -> None:
    """Raise `PersonInvalid`, if an advocate cannot be kept, or not be invited to the program."""
    check_person(advocate)
    check_relation(advocate.relation, program)


def check_person(advocate: Advocate) -> None:
    """Raise `PersonInvalid`, if an advocate cannot be kept."""
    if not 0 < len(advocate.id) <= 64:
        raise PersonInvalid(field="id", mend="give the shop's own id of the advocate, like 'c-17'")
    if "@" in advocate.id:
        raise PersonInvalid(field="id", mend="must not be an e-mail address; put that into `email`")
    if advocate.email is not None and "@" not in advocate.email:
        raise PersonInvalid(field="email", mend="is no e-mail address; leave it out or mend it")
    if advocate.ended is not None and advocate.ended.utcoffset() != timedelta(0):
        raise PersonInvalid(field="ended", mend="needs a moment in UTC with its time zone set")


def check_relation(relation: Relation, program: Program) -> None:
    """Raise `PersonInvalid`, if the program is not for such advocates."""
    if program.relations and relation not in program.relations:
        takes = ", ".join(program.relations)
        raise PersonInvalid(
            field="relation",
            mend=f"is {relation}, and program {program.name!r} is for: {takes}; "
            "choose another program for them",
        )


def check_coupon(text: str) -> None:
    """Raise `CodeInvalid`, if this cannot be the text of a coupon."""
    if not 0 < len(text) <= _COUPON_LONGEST:
        raise CodeInvalid(field="coupon", mend=f"needs 1 to {_COUPON_LONGEST} characters")

"""Nobody's change is lost: what is saved over what was read, and over nothing newer."""

from __future__ import annotations

from flask import Request

from goodword.errors import ProgramChanged, UnknownProgram
from goodword.interface.referrals import Referrals
from goodword_server.api.answering import tag_of


def version_meant(req: Request, referrals: Referrals, name: str) -> int | None:
    """Return the version of a program that ``If-Match`` or ``If-None-Match: *`` asks for.

    None: neither is asked.  Which one stands is asked once more by `programs.save`, in its own
    transaction.  Raises `ProgramChanged` where the tag is no longer that of the newest version.
    """
    if "HTTP_IF_MATCH" in req.environ:
        return _tagged_version(req, referrals, name)
    if "HTTP_IF_NONE_MATCH" in req.environ and req.if_none_match.star_tag:
        return 0
    return None


def _tagged_version(req: Request, referrals: Referrals, name: str) -> int:
    try:
        stands = referrals.programs.find(name)
    except UnknownProgram:
        raise ProgramChanged(name=name, version=0) from None
    if not req.if_match.contains(tag_of(stands)):
        raise ProgramChanged(name=name, version=stands.version)
    return stands.version

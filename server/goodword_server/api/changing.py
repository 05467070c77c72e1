"""Nobody's change is lost: what is saved over what was read, and over nothing newer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Request

from goodword.errors import Invalid, ProgramChanged, UnknownProgram
from goodword.interface.referrals import Referrals
from goodword.interface.routes import Route

HEED: Final = frozenset({"programs.save"})
"""The verbs that ask whether what they change still is what was read."""
_CONDITIONS: Final = ("If-Match", "If-None-Match", "If-Unmodified-Since")
_MEND: Final = "is not heeded by this request, which would change whatever stands; leave it out"


def check(req: Request, route: Route) -> None:
    """Raise `Invalid` for a condition that a change would pass over in silence."""
    if route.method == "GET":
        return
    for name in _CONDITIONS:
        if name in req.headers and not (route.verb in HEED and _is_heeded(req, name)):
            raise Invalid(field=name, mend=_MEND)


def _is_heeded(req: Request, name: str) -> bool:
    return name == "If-Match" or (name == "If-None-Match" and req.if_none_match.star_tag)


def version_meant(
    req: Request, referrals: Referrals, name: str, tag_of: Callable[[object], str]
) -> int | None:
    """Return the version of a program that ``If-Match`` or ``If-None-Match: *`` asks for.

    None: neither is asked.  Which one stands is asked once more by `programs.save`, in its own
    transaction.  Raises `ProgramChanged` where the tag is no longer that of the newest version.
    """
    if "HTTP_IF_MATCH" in req.environ:
        return _tagged_version(req, referrals, name, tag_of)
    if "HTTP_IF_NONE_MATCH" in req.environ and req.if_none_match.star_tag:
        return 0
    return None


def _tagged_version(
    req: Request, referrals: Referrals, name: str, tag_of: Callable[[object], str]
) -> int:
    try:
        stands = referrals.programs.find(name)
    except UnknownProgram:
        raise ProgramChanged(name=name, version=0) from None
    if not req.if_match.contains(tag_of(stands)):
        raise ProgramChanged(name=name, version=stands.version)
    return stands.version

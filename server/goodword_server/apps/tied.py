"""What ties a grant to the browser that began it: a signed cookie, good for half an hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from flask import Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

from goodword_server.house import House
from goodword_server.joining.states import AGREEMENT_LASTS

_NAME: Final = "goodword_agreement"
_SALT: Final = "goodword.agreement"


@dataclass(frozen=True, slots=True)
class Tied:
    """What a browser brings back."""

    state: str
    shop: str
    """Empty where the shop has no name here yet."""


def tie(answer: Response, house: House, tied: Tied) -> Response:
    """Let the browser keep what was begun in it."""
    answer.set_cookie(
        _name(house),
        _serializer(house).dumps([tied.state, tied.shop]),
        max_age=int(AGREEMENT_LASTS.total_seconds()),
        secure=_is_https(house),
        httponly=True,
        # It comes along when the shop leads back here, and from within no other page.
        samesite="Lax",
    )
    return answer


def untie(answer: Response, house: House) -> Response:
    """Let the browser keep it no longer."""
    answer.delete_cookie(_name(house), secure=_is_https(house), httponly=True, samesite="Lax")
    return answer


def tied_to(asked: Request, house: House) -> Tied | None:
    """Return what was begun in this browser; None if nothing was, or too long ago."""
    try:
        told: Any = _serializer(house).loads(
            asked.cookies.get(_name(house), ""), max_age=int(AGREEMENT_LASTS.total_seconds())
        )
        state, shop = told
    except (BadData, TypeError, ValueError):
        return None
    return Tied(str(state), str(shop))


def _serializer(house: House) -> URLSafeTimedSerializer:
    # It signs with the last one.
    return URLSafeTimedSerializer(list(reversed(house.settings.secrets)), salt=_SALT)


def _name(house: House) -> str:
    return f"__Host-{_NAME}" if _is_https(house) else _NAME


def _is_https(house: House) -> bool:
    return house.settings.public_url.startswith("https")

"""What a request proves: session tokens, app proxy, checkout tokens, and the way back from a grant.

ShopifyAPI is asked where it was found sound, with its gaps closed: it takes a token without an
end, a missing header makes it fail, and it keeps one secret for the whole process.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as chance
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import jwt
from shopify import ApiAccess, Session, session_token

from goodword.apps import RequestRefused
from goodword_shopify.domains import is_domain

_LEEWAY: Final = 10
_WINDOW: Final = 90
_STATE: Final = string.ascii_letters + string.digits
_HEADER_LONGEST: Final = 8192
_SIGNED_IN: Final = "logged_in_customer_id"


@dataclass(frozen=True, slots=True)
class Proven:
    """Who asks, as Shopify signed it."""

    domain: str
    subject: str | None = None
    """The member of staff of a session, or the customer; None: a guest."""


def session(authorization: str | None, client: str, secrets: Sequence[str]) -> Proven:
    """Return who is at the app's page in the admin; raise `RequestRefused`."""
    header = _bearer(authorization)
    for secret in secrets:
        try:
            claims = session_token.decode_from_header(header, client, secret)
        except (session_token.SessionTokenError, ValueError, TypeError, AttributeError):
            continue
        # Of a token without an end ShopifyAPI thinks nothing.
        if "exp" not in claims:
            raise RequestRefused(why="the token has no end")
        return Proven(_host(claims["dest"]), str(claims["sub"]))
    raise RequestRefused(why="the session token is not good")


def checkout(authorization: str | None, client: str, secrets: Sequence[str]) -> Proven:
    """Return which shop a page of the checkout or of an account belongs to.

    It proves the shop, and a customer who signed in; never an order.  Raises `RequestRefused`.
    """
    token = _bearer(authorization).removeprefix("Bearer ")
    for secret in secrets:
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                secret,
                audience=client,
                algorithms=["HS256"],
                leeway=_LEEWAY,
                options={"require": ["exp", "aud", "dest"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        subject = claims.get("sub")
        return Proven(_host(claims["dest"]), subject if isinstance(subject, str) else None)
    raise RequestRefused(why="the checkout's token is not good")


def proxy(query: Sequence[tuple[str, str]], secrets: Sequence[str], now: datetime) -> Proven:
    """Return whose storefront asks through the app proxy, and which customer is signed in.

    The signature keeps strangers out, not shoppers: whatever is asked so must change nothing.
    Raises `RequestRefused`.
    """
    given: dict[str, list[str]] = {}
    for name, value in query:
        given.setdefault(name, []).append(value)
    signature = "".join(given.pop("signature", []))
    joined = "".join(sorted(f"{name}={','.join(values)}" for name, values in given.items()))
    if not any(_signs(secret, joined, signature) for secret in secrets):
        raise RequestRefused(why="the signature does not fit")
    customers = given.get(_SIGNED_IN, [""])
    # What a shopper asks for is signed beside what Shopify says: of two nobody knows whose it is.
    if any(len(one) != 1 for one in (given.get("shop", ()), given.get("timestamp", ()), customers)):
        raise RequestRefused(why=f"shop, timestamp and {_SIGNED_IN} are named once")
    _check_time(given["timestamp"][0], now)
    return Proven(_domain(given["shop"][0]), customers[0] or None)


def new_state() -> str:
    """Return the word that ties a grant to the browser that began it.

    Letters and digits only: the official libraries sign other characters differently.
    """
    return "".join(chance.choice(_STATE) for _ in range(32))


def grant_page(domain: str, client: str, scopes: Sequence[str], back: str, state: str) -> str:
    """Return where an owner is sent to let the app in; ``back`` is where they return to."""
    asked = {
        "client_id": client,
        "scope": ",".join(scopes),
        "redirect_uri": back,
        "state": state,
    }
    return f"https://{_domain(domain)}/admin/oauth/authorize?{urlencode(asked)}"


def granted(
    query: Mapping[str, str], secrets: Sequence[str], state: str, now: datetime
) -> tuple[str, str]:
    """Return the shop and the code with which its owner came back; raise `RequestRefused`.

    ``state`` is what was tied to the browser, and the caller lets it be used once.
    """
    _domain(query.get("shop", ""))
    if not state or not hmac.compare_digest(query.get("state", "").encode(), state.encode()):
        raise RequestRefused(why="it was not begun in this browser")
    domain = led_here(query, secrets, now)
    code = query.get("code", "")
    if not code:
        raise RequestRefused(why="it brings no code")
    return domain, code


def led_here(query: Mapping[str, str], secrets: Sequence[str], now: datetime) -> str:
    """Return the shop from which Shopify led somebody here; raise `RequestRefused`."""
    domain = _domain(query.get("shop", ""))
    if not any(_signing(secret).validate_hmac(dict(query)) for secret in secrets):
        raise RequestRefused(why="the signature does not fit")
    _check_time(query.get("timestamp", ""), now)
    return domain


def covers(scope: str, wanted: Sequence[str]) -> bool:
    """Whether what was granted opens all that is wanted; writing includes reading."""
    return bool(ApiAccess(scope).covers(ApiAccess(list(wanted))))


def _signing(secret: str) -> type[Session]:
    # Of a class of its own: the library would keep the secret for the whole process.
    return type("Signing", (Session,), {"secret": secret})


def _signs(secret: str, text: str, signature: str) -> bool:
    made = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(made.encode(), signature.encode())


def _bearer(authorization: str | None) -> str:
    if not authorization or not authorization.startswith("Bearer "):
        raise RequestRefused(why="it has no bearer token")
    if len(authorization) > _HEADER_LONGEST:
        raise RequestRefused(why="its token is too long")
    return authorization


def _check_time(written: str, now: datetime) -> None:
    fits = written.isascii() and written.isdigit() and len(written) <= 12
    if not fits or abs(int(written) - now.timestamp()) > _WINDOW:
        raise RequestRefused(why="it is not of this minute")


def _host(dest: object) -> str:
    """Return the shop that a token is for; checkouts name it without a scheme."""
    text = str(dest)
    return _domain(text if "/" not in text else urlsplit(text).netloc)


def _domain(text: str) -> str:
    if not is_domain(text):
        raise RequestRefused(why="it names no shop of Shopify's")
    return text

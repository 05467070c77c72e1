"""How an app is let in: tokens that run out after an hour, and their successors."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any, Final

import jwt

from goodword_shopify.standin.answers import Answer, told
from goodword_shopify.standin.clock import Clock

Json = dict[str, Any]
HOUR: Final = timedelta(hours=1)
REFRESH: Final = timedelta(days=90)
_EXCHANGE: Final = "urn:ietf:params:oauth:grant-type:token-exchange"
_ID_TOKEN: Final = "urn:ietf:params:oauth:token-type:id_token"
_OFFLINE: Final = "urn:shopify:params:oauth:token-type:offline-access-token"


@dataclass(slots=True)
class Pass:
    """What lets an app into a shop."""

    domain: str
    scopes: frozenset[str]
    until: datetime | None
    refresh: str = ""


@dataclass(slots=True)
class Ticket:
    """What a new pass is given for."""

    domain: str
    until: datetime
    before: str = ""
    """The ticket that this one took the place of: good until this one is used."""


class Doors:
    """One app's keys and the passes that it was given."""

    def __init__(self, client: str, secret: str, clock: Clock) -> None:
        self.client = client
        self.secret = secret
        self._clock = clock
        self.scopes: dict[str, frozenset[str]] = {}
        """What each shop's owner granted."""
        self.passes: dict[str, Pass] = {}
        self.tickets: dict[str, Ticket] = {}
        self.codes: dict[str, str] = {}
        """Authorization codes that were not used yet, and the shops they are for."""

    def permanent(self, domain: str) -> str:
        """Return a token that never runs out, as apps had them before."""
        token = f"shpat_{token_hex(16)}"
        self.passes[token] = Pass(domain, self.scopes[domain], None)
        return token

    def code(self, domain: str) -> str:
        """Return a code as the shop's owner brings it back from the grant page."""
        made = token_hex(16)
        self.codes[made] = domain
        return made

    def session_token(self, domain: str, **other: Any) -> str:
        """Return a session token as App Bridge hands it to a page."""
        now = int(self._clock.now().timestamp())
        claims = {
            "iss": f"https://{domain}/admin",
            "dest": f"https://{domain}",
            "aud": self.client,
            "sub": "42",
            "exp": now + 60,
            "nbf": now,
            "iat": now,
            "jti": token_hex(8),
            "sid": token_hex(8),
        }
        return jwt.encode(claims | other, self.secret, algorithm="HS256")

    def give(self, domain: str) -> Json:
        """Let an app into a shop, as an exchange would."""
        return self._given(domain, "", HOUR)

    def enter(self, token: str, domain: str) -> Pass | None:
        """Return the pass, if it is for this shop and has not run out."""
        found = self.passes.get(token)
        if found is None or found.domain != domain:
            return None
        if found.until is not None and found.until <= self._clock.now():
            return None
        return found

    def shut(self, domain: str) -> None:
        """Take every pass and ticket of a shop back, as an uninstallation does."""
        self.passes = {token: one for token, one in self.passes.items() if one.domain != domain}
        self.tickets = {token: one for token, one in self.tickets.items() if one.domain != domain}

    def ask(self, domain: str, body: Json) -> Answer:
        """Answer ``POST /admin/oauth/access_token``."""
        if (body.get("client_id"), body.get("client_secret")) != (self.client, self.secret):
            return _no(401, "invalid_client")
        if body.get("grant_type") == "refresh_token":
            return self._refreshed(domain, str(body.get("refresh_token")))
        if body.get("grant_type") == _EXCHANGE:
            return self._exchanged(domain, body)
        if body.get("grant_type") == "client_credentials":
            return told(200, self._given(domain, "", timedelta(hours=24), renewable=False))
        if self.codes.pop(str(body.get("code")), None) == domain:
            return self._let_in(domain, body)
        return _no(400, "invalid_request")

    def _exchanged(self, domain: str, body: Json) -> Answer:
        subject, kind = str(body.get("subject_token")), body.get("subject_token_type")
        if body.get("requested_token_type") != _OFFLINE:
            return _no(400, "invalid_request")
        if kind == _OFFLINE:
            old = self.passes.get(subject)
            if old is None or old.domain != domain or old.until is not None:
                return _no(400, "invalid_subject_token")
            del self.passes[subject]
            return self._let_in(domain, body)
        if kind != _ID_TOKEN or not self._is_of(domain, subject):
            return _no(400, "invalid_subject_token")
        return self._let_in(domain, body)

    def _is_of(self, domain: str, token: str) -> bool:
        try:
            # It is the stand-in's clock that says whether a token's time is over.
            claims = jwt.decode(
                token,
                self.secret,
                audience=self.client,
                algorithms=["HS256"],
                options={"verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
        except jwt.PyJWTError:
            return False
        now = self._clock.now().timestamp()
        return bool(claims["dest"] == f"https://{domain}" and claims["exp"] > now)

    def _let_in(self, domain: str, body: Json) -> Answer:
        if body.get("expiring") != "1":
            token = self.permanent(domain)
            return told(200, {"access_token": token, "scope": self._scope(domain)})
        return told(200, self._given(domain, "", HOUR))

    def _refreshed(self, domain: str, token: str) -> Answer:
        ticket = self.tickets.get(token)
        if ticket is None or ticket.domain != domain or ticket.until <= self._clock.now():
            return _no(400, "invalid_grant")
        # Once the successor is used, what was before it is over.
        self.tickets.pop(ticket.before, None)
        return told(200, self._given(domain, token, HOUR))

    def _given(
        self, domain: str, before: str, lasting: timedelta, *, renewable: bool = True
    ) -> Json:
        now = self._clock.now()
        access = f"shpat_{token_hex(16)}"
        self.passes[access] = Pass(domain, self.scopes[domain], now + lasting)
        answer: Json = {
            "access_token": access,
            "scope": self._scope(domain),
            "expires_in": int(lasting.total_seconds()),
        }
        if renewable:
            refresh = f"shprt_{token_hex(16)}"
            self.tickets[refresh] = Ticket(domain, now + REFRESH, before)
            answer |= {
                "refresh_token": refresh,
                "refresh_token_expires_in": int(REFRESH.total_seconds()),
            }
        return answer

    def _scope(self, domain: str) -> str:
        return ",".join(sorted(self.scopes[domain]))


def _no(status: int, error: str) -> Answer:
    return Answer(status, json.dumps({"error": error, "error_description": error}))

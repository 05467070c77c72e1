"""The one place that speaks HTTP: JSON there, JSON back, and what went wrong told apart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from goodword.addresses import HERE
from goodword.errors import AnswerLost, TillDown, TillRefused, TillTrouble
from goodword.reaching import ending, never_sent, session

Json = dict[str, Any]

TIMEOUTS: Final = (5.0, 30.0)
"""Seconds to be connected, and to wait for the whole answer."""
_BYTES_MOST: Final = 16 * 1024 * 1024
_IDLE_SECONDS: Final = 15.0
_MOVED: Final = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered."""

    status: int
    body: Json | None
    """None: no JSON object, whatever the status says."""
    headers: Mapping[str, str]


class Caller:
    """Calls one shop.  Not for several threads at once."""

    def __init__(self, shop: str, url: str, timeouts: tuple[float, float] = TIMEOUTS) -> None:
        self.shop = shop
        self._url = url.rstrip("/")
        self._connecting, self._whole = timeouts
        self._session = session()
        # No proxy leads to this machine itself.
        self._session.trust_env = urlsplit(url).hostname not in HERE
        self._session.headers.update({"User-Agent": "goodword", "Accept": "application/json"})
        self._used = monotonic()

    def close(self) -> None:
        """Hang up."""
        self._session.close()

    def post(self, path: str, body: Json, headers: Mapping[str, str] | None = None) -> Said:
        """Return what the shop answers.

        Raises `TillDown` where it was never reached, `AnswerLost` where it may have been: nothing
        is tried a second time here.  Raises `TillRefused` where it sends us elsewhere.
        """
        if monotonic() - self._used > _IDLE_SECONDS:
            # The shop may hang up on a line that was silent, just as something is sent along it.
            self._session.close()
        failed: BaseException
        try:
            # A redirect would turn a POST into a GET, and carry the token to who knows whom.
            with ending(self._connecting + self._whole):
                response = self._session.post(
                    f"{self._url}{path}",
                    data=json.dumps(body).encode(),
                    headers={"Content-Type": "application/json", **(headers or {})},
                    timeout=(self._connecting, self._whole),
                    allow_redirects=False,
                    stream=True,
                )
                with response:
                    told = _body(response)
            self._used = monotonic()
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            failed = error
        else:
            if response.status_code in _MOVED:
                raise self._sent_elsewhere(response.status_code)
            return Said(response.status_code, _json(told), response.headers)
        # Outside the except block: the error names the address, and must not travel along.
        raise self._unanswered(failed)

    def _sent_elsewhere(self, status: int) -> TillRefused:
        what = f"the shop sends us on to another address ({status})"
        return TillRefused(shop=self.shop, what=what, cause="sent_elsewhere", status=status)

    def _unanswered(self, error: BaseException) -> TillTrouble:
        if never_sent(error):
            what = "the shop could not be reached"
            return TillDown(shop=self.shop, what=what, cause="unreachable")
        what = "the shop gave no answer: it may or may not have been done"
        return AnswerLost(shop=self.shop, what=what, cause="no_answer")


def _body(response: requests.Response) -> bytes:
    body = bytearray()
    while chunk := response.raw.read1(64 * 1024, decode_content=True):
        body += chunk
        if len(body) > _BYTES_MOST:
            raise requests.exceptions.ChunkedEncodingError("longer than any answer of a shop")
    return bytes(body)


def _json(body: bytes) -> Json | None:
    try:
        found = json.loads(body, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return None
    return found if isinstance(found, dict) else None

"""One call to a stranger: to the open internet alone, bounded in time and size."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final

import requests

from goodword.model.trouble import Trouble
from goodword.reaching import NotAllowed, causes, ending, session
from goodword_server.telling.addresses import may_be_called

SECONDS: Final = 15.0
"""What a whole call takes at most, from the first packet on."""
_TIMEOUT: Final = (5.0, 10.0)
_READ_MOST: Final = 4096
_AFTER_MOST: Final = 86_400
_INNER: Final = Trouble("its name leads to no address of the open internet", "inner_address")
_DISTRUSTED: Final = Trouble("its certificate cannot be trusted", "distrusted")
_LATE: Final = Trouble("it did not answer in time", "too_late")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a stranger answered: no more of it is kept."""

    status: int | None
    """None: there was no answer."""
    reason: str
    after: int | None = None
    """Seconds that it asked us to wait."""

    @property
    def is_fine(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def post(url: str, body: bytes, headers: Mapping[str, str], *, local: bool) -> Answer:
    """Send a body; ``local``: this machine's own addresses may be called, too."""
    may = partial(may_be_called, local=local)
    told: Answer | None = None
    try:
        with (
            session(may) as opened,
            ending(SECONDS) as deadline,
            _sent(opened, url, body, headers) as answer,
        ):
            if not deadline.is_over:
                told = Answer(answer.status_code, _answered(answer.status_code), _after(answer))
                _hear(answer)
    except (requests.RequestException, OSError, ValueError) as error:
        # Once it has answered, what it says beside that does not count.
        return told or Answer(None, _why(error))
    return told or Answer(None, _LATE)


def _sent(
    opened: requests.Session, url: str, body: bytes, headers: Mapping[str, str]
) -> requests.Response:
    return opened.post(
        url,
        data=body,
        headers={**headers, "User-Agent": "goodword"},
        timeout=_TIMEOUT,
        # Nobody is followed elsewhere.
        allow_redirects=False,
        stream=True,
    )


def _why(error: Exception) -> Trouble:
    if any(isinstance(cause, NotAllowed) for cause in causes(error)):
        return _INNER
    if isinstance(error, requests.exceptions.SSLError):
        return _DISTRUSTED
    if isinstance(error, requests.Timeout):
        return _LATE
    kind = type(error).__name__
    return Trouble(f"it was not reached, or broke off: {kind}", "broke_off", kind=kind)


def _answered(status: int) -> Trouble:
    return Trouble(f"it answered {status}", "answered", status=status)


def _hear(answer: requests.Response) -> None:
    """Let it say a little, so that it need not mind how we leave; what it says is not kept."""
    with suppress(Exception):
        answer.raw.read(_READ_MOST)


def _after(answer: requests.Response) -> int | None:
    told = answer.headers.get("Retry-After", "")
    return min(int(told), _AFTER_MOST) if told.isdecimal() and len(told) < 10 else None

"""The one place that speaks HTTP: WooCommerce's REST API through the `woocommerce` library.

The library raises nothing for an error status, follows redirects, waits 5 s and shows its keys in
addresses; what leaves this module is JSON of the expected shape, or one of the till's troubles in
plain words, without an address, a key or a shopper in it.
"""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

import requests
from woocommerce import API

from goodword.addresses import is_public
from goodword.errors import AnswerLost, TillDown, TillRefused, TillTrouble
from goodword.platforms import Installation
from goodword.reaching import NotAllowed, causes, ending, never_sent, proxies, session
from goodword.watching import PUBLIC, REACH
from goodword_woocommerce import joining
from goodword_woocommerce.fields import Json

TIMEOUT: Final = 30.0
WHOLE: Final = 120.0
"""Seconds that a whole call may take; the timeout begins anew with each byte."""
PAGE: Final = 100
"""Rows on a page of a list: more the shop does not tell at once."""
_PAGES_MOST: Final = 100
_BYTES_MOST: Final = 16 * 1024 * 1024

# Whoever answers so has not let the request through to WooCommerce.
_NOT_NOW: Final = frozenset({408, 425, 429, 503, 508, 521, 522, 523, 525, 526, 530})
# Seconds before a page of a list that is under way is asked for again.
_PAUSES: Final = (1.0, 4.0)
_NOT_AN_API: Final = "this is not a WooCommerce API"
_SENT_ON: Final = (
    f"{_NOT_AN_API}: it sends us on to another address; if the shop moved, connect it again there"
)
_RIGHTS: Final = "the keys may not do this: they need the right to read and write"
_NOT_LET_IN: Final = "woocommerce_rest_authentication_error"
_WORDS: Final = {
    _NOT_LET_IN: "the keys were refused: they are wrong, revoked or "
    "may not do this, or the shop calls itself by another address than it was connected under",
    "woocommerce_rest_cannot_view": "the keys were not seen or may not read: they, and whoever "
    "made them, need the right to read and write, and the shop's web server must pass the "
    "Authorization header on",
    "woocommerce_rest_cannot_create": _RIGHTS,
    "woocommerce_rest_cannot_edit": _RIGHTS,
    "rest_no_route": _NOT_AN_API,
}
# By what the same is said in other languages.
_CAUSES: Final = {
    _WORDS[_NOT_LET_IN]: "keys_refused",
    _WORDS["woocommerce_rest_cannot_view"]: "keys_unseen",
    _RIGHTS: "no_rights",
    _NOT_AN_API: "no_api",
}


class _WithoutQuery(logging.Filter):
    """Keeps keys, signatures and shoppers out of the log lines of urllib3."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                re.sub(r"\?\S*", "?...", one) if isinstance(one, str) and "/wc/v3/" in one else one
                for one in record.args
            )
        return True


_WITHOUT_QUERY: Final = _WithoutQuery()


class _Library(API):  # type: ignore[misc]
    """The library, over a session of ours, which minds where an address leads."""

    def __init__(self, *, public: bool, **given: Any) -> None:
        super().__init__(**given)
        self._public = public

    # The one place at which the library speaks HTTP: it takes no session from outside.  It would
    # also send what is signed twice, and to any address.
    def _API__request(  # noqa: N802
        self, method: str, endpoint: str, data: Any, params: Any = None, **asked: Any
    ) -> requests.Response:
        url: str = self._API__get_url(endpoint)
        headers = {"user-agent": self.user_agent, "accept": "application/json"}
        if self.is_ssl:
            asked |= {"auth": (self.consumer_key, self.consumer_secret), "params": params}
        else:
            url = self._API__get_oauth_url(f"{url}?{urlencode(params or {})}", method)
        if data is not None:
            asked["data"] = json.dumps(data, ensure_ascii=False).encode()
            headers["content-type"] = "application/json;charset=utf-8"
        with session(is_public if self._public else None) as opened:
            return opened.request(method, url, timeout=self.timeout, headers=headers, **asked)


class Client:
    """One shop's REST API."""

    def __init__(
        self,
        installation: Installation,
        *,
        timeout: float = TIMEOUT,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._shop = installation.shop
        keys = installation.credentials
        # Asked for at the first call: a shop without keys is a refusal like any other.
        self._keyless = not (keys.get("consumer_key") and keys.get("consumer_secret"))
        self._pause = pause
        self._public = installation.settings.get(REACH) == PUBLIC
        self._api = _Library(
            public=self._public,
            url=installation.url,
            consumer_key=keys.get("consumer_key", ""),
            consumer_secret=keys.get("consumer_secret", ""),
            timeout=timeout,
            user_agent="goodword",
        )
        self._url = installation.url
        logging.getLogger("urllib3.connectionpool").addFilter(_WITHOUT_QUERY)

    def one(self, path: str) -> Json:
        """Read one object."""
        return self._object(self._ask("get", path, params={}))

    def facts(self, path: str, **params: str) -> Json:
        """Read facts of the shop, which are no object with a number of its own."""
        answer = self._ask("get", path, params=params)[1]
        if not isinstance(answer, dict) or _code(answer):
            raise self._no_object(answer)
        return answer

    def many(self, path: str, **params: str | int) -> Iterator[Json]:
        """Read a list, page after page.

        Parameters are single values: the library signs lists wrongly over http.
        """
        for number in range(1, _PAGES_MOST + 1):
            rows, more = self.page(path, number, PAGE, **params)
            yield from rows
            if not more:
                return

    def page(
        self, path: str, number: int, size: int = PAGE, **params: str | int
    ) -> tuple[list[Json], bool]:
        """Read one page of a list; say whether there are more."""
        asked = {**params, "per_page": size, "page": number}
        response, answer = self._patiently(path, asked) if number > 1 else self._listed(path, asked)
        if not isinstance(answer, list) or not all(_is_object(row) for row in answer):
            raise self._no_object(answer)
        pages = re.fullmatch("[0-9]{1,9}", response.headers.get("X-WP-TotalPages", ""))
        more = number < int(pages[0]) if pages else len(answer) == size
        return answer, bool(answer) and more

    def _listed(self, path: str, asked: Json) -> tuple[requests.Response, Any]:
        return self._ask("get", path, params=asked)

    def _patiently(self, path: str, asked: Json) -> tuple[requests.Response, Any]:
        """Read on in a list that is under way: one hiccup is no reason to begin again."""
        for seconds in _PAUSES:
            try:
                return self._listed(path, asked)
            except TillDown:
                self._pause(seconds)
        return self._listed(path, asked)

    def create(self, path: str, body: Json) -> Json:
        """Make an object."""
        return self._object(self._ask("post", path, data=body), wrote=True)

    def change(self, path: str, body: Json) -> Json:
        """Set some fields of an object."""
        return self._object(self._ask("put", path, data=body), wrote=True)

    def delete(self, path: str) -> None:
        """Remove an object for good; one that is not there is removed."""
        try:
            self._ask("delete", path, params={"force": "true"})
        except TillRefused as refused:
            if refused.facts.get("status") not in (404, 410):
                raise

    def _ask(self, method: str, path: str, **asked: Any) -> tuple[requests.Response, Any]:
        if self._keyless:
            raise self.refused("the shop is connected without keys", cause="no_keys")
        try:
            return self._asked(method, path, **asked)
        except TillRefused as refused:
            # By http each request bears eight random digits, and the shop takes none twice: among
            # thousands that is bound to happen.  It let nothing through: once more, by others.
            if refused.facts.get("code") != _NOT_LET_IN or self._url.startswith("https"):
                raise
        return self._asked(method, path, **asked)

    def _asked(self, method: str, path: str, **asked: Any) -> tuple[requests.Response, Any]:
        wrote = method != "get"
        failed: BaseException
        try:
            # A redirect would turn a POST into a GET, and carry the keys to who knows whom.
            with ending(WHOLE):
                response = getattr(self._api, method)(
                    path, allow_redirects=False, stream=True, proxies=proxies(self._url), **asked
                )
                with response:
                    body = _body(response)
        except (requests.RequestException, ValueError) as error:
            failed = error
        else:
            answer = _json(response, body)
            if not response.ok or 300 <= response.status_code < 400:
                raise self._answered(response.status_code, answer, wrote)
            return response, answer
        # Outside the except block: the error names the address, and must not travel along.
        raise self._unanswered(failed, wrote)

    def _object(self, asked: tuple[requests.Response, Any], *, wrote: bool = False) -> Json:
        answer = asked[1]
        if _is_object(answer):
            found: Json = answer
            return found
        if wrote:
            # It said yes, and then something that cannot be read: a plugin's warning, say.
            raise self._lost("it answered something that cannot be read", "unreadable")
        raise self._no_object(answer)

    def _no_object(self, answer: Any) -> TillRefused:
        """Return the refusal of an answer with status 200 that is none, and may tell why."""
        code = _code(answer)
        if not code:
            return self.refused(_NOT_AN_API, cause="no_api")
        words = _WORDS.get(code, "the shop refused, though it called that a success")
        cause = _CAUSES.get(words, "no_success")
        return self.refused(f"{words} ({code})", code=code, cause=cause)

    def _unanswered(self, error: BaseException, wrote: bool) -> TillTrouble:
        if any(isinstance(cause, NotAllowed) for cause in causes(error)):
            return self.refused(
                "its name leads to no address of the open internet", cause="not_public"
            )
        if not isinstance(error, (requests.ConnectionError, requests.Timeout, *_BROKEN)):
            return self.refused("the shop's address or keys cannot be used", cause="unusable")
        if not wrote or never_sent(error):
            unsafe = isinstance(error, requests.exceptions.SSLError)
            why = "its certificate is not to be trusted" if unsafe else "nobody answers there"
            cause = "certificate" if unsafe else "unreachable"
            what = f"the shop could not be reached: {why}"
            return TillDown(shop=self._shop, what=what, cause=cause)
        return self._lost("the shop gave no answer", "no_answer")

    def _answered(self, status: int, answer: Any, wrote: bool) -> TillTrouble:
        if status < 400:
            return self.refused(f"{_SENT_ON} ({status})", cause="sent_elsewhere", status=status)
        if status in _NOT_NOW:
            facts = {"cause": "asks_to_wait", "status": status}
            return TillDown(shop=self._shop, what=f"the shop asks us to wait ({status})", **facts)
        if status >= 500:
            trouble = AnswerLost if wrote else TillDown
            facts = {"cause": "failed_midway" if wrote else "failed", "status": status}
            return trouble(shop=self._shop, what=f"the shop failed ({status})", **facts)
        code = _code(answer)
        if not code:
            barred = status == 403
            what = "something in front of the shop keeps us out" if barred else _NOT_AN_API
            cause = "kept_out" if barred else "no_api"
            return self.refused(f"{what} ({status})", cause=cause, status=status)
        return self._named(status, code)

    def _named(self, status: int, code: str) -> TillRefused:
        """Return a refusal that has a name of WordPress's own."""
        words = _WORDS.get(code, _RIGHTS if status in (401, 403) else "the shop refused")
        cause = {"cause": _CAUSES[words]} if words in _CAUSES else {}
        return self.refused(f"{words} ({status} {code})", code=code, status=status, **cause)

    def moved(self) -> str | None:
        """Return what the shop calls itself by now, if that is another address."""
        return joining.moved(self._url, public=self._public)

    def elsewhere(self, home: str) -> TillRefused:
        """Return the refusal of a shop that calls itself by another address."""
        what = f"it calls itself {home}: connect it under that address"
        return self.refused(what, cause="calls_itself", home=home)

    def refused(self, what: str, **facts: Any) -> TillRefused:
        """Return the refusal of this shop."""
        return TillRefused(shop=self._shop, what=what, **facts)

    def _lost(self, what: str, cause: str) -> AnswerLost:
        what = f"{what}: it may or may not have been done"
        return AnswerLost(shop=self._shop, what=what, cause=cause)


_BROKEN: Final = (
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


def _body(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > _BYTES_MOST:
            raise requests.exceptions.ChunkedEncodingError("longer than any answer of a shop")
    return bytes(body)


def _json(response: requests.Response, body: bytes) -> Any:
    """Return the answer's JSON; None where it is none, whatever the status line says."""
    if "json" not in response.headers.get("Content-Type", ""):
        return None
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _is_object(answer: Any) -> bool:
    """Whether it is one of WooCommerce's objects, which all have a number."""
    return isinstance(answer, dict) and type(answer.get("id")) is int


def _code(answer: Any) -> str:
    """Return WooCommerce's own name for an error, as far as it is one."""
    found = answer.get("code") if isinstance(answer, dict) else None
    return found if isinstance(found, str) and re.fullmatch(r"[a-z_]{1,80}", found) else ""

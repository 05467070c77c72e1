"""Joining a shop: what it calls itself, where its owner agrees, and the keys that it brings."""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import urlencode, urljoin, urlsplit

import requests

from goodword.addresses import is_public
from goodword.errors import Invalid, TillDown
from goodword.platforms import Delivery
from goodword.reaching import NotAllowed, causes, ending, proxies, session
from goodword.watching import Introduced, Keys

_AUTHORIZE: Final = "/wc-auth/v1/authorize"
_INDEX: Final = "/wp-json/"
_TIMEOUT: Final = (5.0, 10.0)
# The owner waits for it.
_WHOLE: Final = 20.0
_BYTES_MOST: Final = 2 * 1024 * 1024
_REDIRECTS_MOST: Final = 3
_LONGEST: Final = 200
"""Letters that an address may have which an owner is to read."""
_KEY: Final = re.compile("c[ks]_[A-Za-z0-9_]{1,100}")
_STATE: Final = re.compile("[A-Za-z0-9._~-]{16,200}")
_NO_SHOP: Final = (
    "no WooCommerce answers there: give the address of the shop's front page; its permalinks must "
    "not be “plain”, and the REST API must not be closed by a security plugin"
)


def introduced(url: str, *, public: bool) -> Introduced:
    """Ask a shop what it calls itself."""
    index = _index(url.rstrip("/"), public=public)
    names = index.get("namespaces")
    home = index.get("home")
    if not isinstance(names, list) or "wc/v3" not in names or not isinstance(home, str):
        raise Invalid(field="url", mend=_NO_SHOP, why="no_shop")
    name = index.get("name")
    return Introduced(url=home.rstrip("/"), name=name if isinstance(name, str) else "")


def moved(url: str, *, public: bool) -> str | None:
    """Return where a shop is by now that calls itself otherwise; None if it does not say."""
    try:
        home = introduced(url, public=public).url
        told = urlsplit(home)
    except (Invalid, TillDown, ValueError):
        return None
    is_address = told.scheme in ("http", "https") and told.hostname and len(home) <= _LONGEST
    return home if is_address and not same_place(home, url) else None


def same_place(one: str, other: str) -> bool:
    """Whether two addresses are one, but for a stroke at the end and the case of the host."""
    return _place(one) == _place(other)


def same_site(one: str, other: str) -> bool:
    """Whether two addresses lead to one site, by http or https, with or without www.

    What is no address leads nowhere.
    """
    try:
        places = [_place(url)[1:] for url in (one, other)]
    except ValueError:
        return False
    first, second = ((host.removeprefix("www."), path) for host, path in places)
    return first == second


def _place(url: str) -> tuple[str, str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.lower(), parts.path.rstrip("/")


def way(url: str, *, state: str, callback: str, back: str) -> str:
    """Return where the owner agrees."""
    asked = {
        "app_name": "goodword",
        "scope": "read_write",
        "user_id": state,
        "return_url": back,
        "callback_url": callback,
    }
    return f"{url}{_AUTHORIZE}?{urlencode(asked)}"


def keys(delivery: Delivery) -> Keys:
    """Read the keys that a shop posts after its owner's agreement."""
    try:
        told = json.loads(delivery.body)
    except (ValueError, RecursionError):
        raise Invalid(field="body", mend="is not JSON") from None
    if not isinstance(told, dict):
        raise Invalid(field="body", mend="is not an object")
    state, rights = told.get("user_id"), told.get("key_permissions")
    if not isinstance(state, str) or not _STATE.fullmatch(state):
        raise Invalid(field="user_id", mend="is not what we gave the shop to bring along")
    if rights != "read_write":
        raise Invalid(field="key_permissions", mend="must be read_write: one alone is not enough")
    return Keys(state=state, credentials={name: _key(told, name) for name in _KEYS})


_KEYS: Final = ("consumer_key", "consumer_secret")


def _key(told: dict[str, Any], name: str) -> str:
    found = told.get(name)
    if not isinstance(found, str) or not _KEY.fullmatch(found):
        # Never what it was: it may be a key all but for a letter.
        raise Invalid(field=name, mend="is not a key as WooCommerce makes them")
    return found


def _index(url: str, *, public: bool) -> dict[str, Any]:
    """Return what the REST API says of itself to anybody, wherever the address leads."""
    at = f"{url}{_INDEX}"
    for _ in range(_REDIRECTS_MOST + 1):
        answer, body = _get(at, public=public)
        onward = answer.headers.get("Location") if answer.is_redirect else None
        if onward is None:
            return _object(answer, body)
        at = urljoin(at, onward)
        if urlsplit(at).scheme not in ("http", "https"):
            break
    raise Invalid(
        field="url", mend="it sends us on again and again; give the address it ends at", why="round"
    )


def _get(url: str, *, public: bool) -> tuple[requests.Response, bytes]:
    failed: BaseException
    try:
        with session(is_public if public else None) as opened, ending(_WHOLE):
            answer = opened.get(
                url,
                timeout=_TIMEOUT,
                allow_redirects=False,
                stream=True,
                proxies=proxies(url),
                headers={"user-agent": "goodword", "accept": "application/json"},
            )
            with answer:
                return answer, _start(answer)
    except (requests.RequestException, ValueError, UnicodeError) as error:
        failed = error
    if any(isinstance(cause, NotAllowed) for cause in causes(failed)):
        raise Invalid(
            field="url", mend="it leads to no address of the open internet", why="not_public"
        )
    if isinstance(failed, requests.exceptions.SSLError):
        raise Invalid(field="url", mend="its certificate is not to be trusted", why="certificate")
    if isinstance(failed, (requests.ConnectionError, requests.Timeout)):
        raise TillDown(shop=urlsplit(url).hostname or "", what="nobody answers there")
    raise Invalid(field="url", mend="is not an address that can be called")


def _start(answer: requests.Response) -> bytes:
    """Return the body, as far as it is not longer than any index."""
    body = bytearray()
    for chunk in answer.iter_content(64 * 1024):
        body += chunk
        if len(body) > _BYTES_MOST:
            break
    return bytes(body)


def _object(answer: requests.Response, body: bytes) -> dict[str, Any]:
    if answer.ok and "json" in answer.headers.get("Content-Type", ""):
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            found = None
        if isinstance(found, dict):
            return found
    raise Invalid(field="url", mend=_NO_SHOP, why="no_shop")

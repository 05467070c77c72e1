"""Files that a shop wrote: fetched piece by piece, from Shopify's storage and from nowhere else.

The address comes with an answer of the shop's; no token goes there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlsplit

import requests
import urllib3.exceptions

from goodword.addresses import HERE, Address, is_public
from goodword.errors import TillDown, TillRefused, TillTrouble
from goodword.reaching import NotAllowed, causes, ending, session
from goodword_shopify.calling import TIMEOUTS
from goodword_shopify.fields import Json

STORES: Final = ("storage.googleapis.com", "shopify.com", "shopifycloud.com")
"""Where Shopify keeps files: these hosts, and those below them."""
_PIECE: Final = 2 * 1024 * 1024
_LINE_MOST: Final = 8 * 1024 * 1024
_PART: Final = re.compile(r"bytes (\d+)-(\d+)/(\d+)", re.ASCII)
_WAITS: Final = frozenset({408, 425, 429})
# What the storage says of an address that was good once.
_GONE: Final = range(400, 500)


class Files:
    """What one shop wrote."""

    def __init__(self, shop: str, url: str, timeouts: tuple[float, float] = TIMEOUTS) -> None:
        """``url``: the shop's own address."""
        self._shop = shop
        self._own = urlsplit(url)
        self._timeouts = timeouts

    def lines(self, url: str, at: int = 0) -> Iterator[tuple[Json, int]]:
        """Yield each line of a file from a place on, and where it ends.

        Raises `TillDown` where it broke off, and `TillRefused` with its ``cause``.
        """
        self._check(url)
        held, more = b"", True
        with closing(session(self._may)) as opened:
            while more:
                piece, more = self._piece(opened, url, at + len(held))
                *whole, held = (held + piece).split(b"\n")
                if not more and held:
                    whole, held = [*whole, held], b""
                for line in whole:
                    at += len(line) + 1
                    yield self._read(line), at
                if len(held) > _LINE_MOST:
                    raise self._refused("a line of it has no end", "file_unreadable")

    def _check(self, url: str) -> None:
        """Raise `TillRefused` for an address that is none of Shopify's storage."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            parts, host, port = urlsplit(""), "", None
        if self._is_here:
            # A shop on this machine, as a stand-in is, has its files there, too.
            good = (parts.scheme, parts.netloc) == (self._own.scheme, self._own.netloc)
        else:
            known = any(host == one or host.endswith(f".{one}") for one in STORES)
            good = parts.scheme == "https" and known and port in (None, 443) and "@" not in url
        if not good:
            what = (
                f"its file is to be fetched at {host[:100] or 'no address'}, no store of Shopify's"
            )
            raise self._refused(what, "file_elsewhere", host=host[:100])

    @property
    def _is_here(self) -> bool:
        return self._own.hostname in HERE

    def _may(self, address: Address) -> bool:
        return address.is_loopback if self._is_here else is_public(address)

    def _piece(self, opened: requests.Session, url: str, at: int) -> tuple[bytes, bool]:
        """Return what stands in a file from a place on, and whether more follows."""
        connecting, whole = self._timeouts
        failed: BaseException
        try:
            with (
                ending(connecting + whole),
                opened.get(
                    url,
                    headers={
                        "Range": f"bytes={at}-{at + _PIECE - 1}",
                        "Accept-Encoding": "identity",
                        "User-Agent": "goodword",
                    },
                    timeout=self._timeouts,
                    # Whoever sends us on sends us where nobody looked.
                    allow_redirects=False,
                    stream=True,
                ) as answer,
            ):
                return self._told(answer, at)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            failed = error
        # Outside the except block: the error names the address, which opens the file.
        raise self._unanswered(failed)

    def _told(self, answer: requests.Response, at: int) -> tuple[bytes, bool]:
        status = answer.status_code
        if status == 206:
            return self._part(answer, at)
        if status == 200:
            # It gives the whole of it or nothing: what was read before is passed over.
            _taken(answer, at)
            piece = _taken(answer, _PIECE)
            return piece, len(piece) == _PIECE
        if status == 416:
            return b"", False
        raise self._failed(status)

    def _part(self, answer: requests.Response, at: int) -> tuple[bytes, bool]:
        found = _PART.fullmatch(answer.headers.get("Content-Range", ""))
        if found is None or int(found[1]) != at:
            raise self._refused("another part of it came than was asked for", "file_unreadable")
        last, all_of_it = int(found[2]), int(found[3])
        piece = _taken(answer, _PIECE)
        if len(piece) != last - at + 1:
            raise TillDown(shop=self._shop, what="its file broke off", cause="unreachable")
        return piece, last + 1 < all_of_it

    def _failed(self, status: int) -> TillTrouble:
        if status in _WAITS:
            what = f"its storage asks us to wait ({status})"
            return TillDown(shop=self._shop, what=what, cause="asks_to_wait", status=status)
        if status in _GONE:
            return self._refused(f"its file is there no more ({status})", "file_gone")
        if status < 400:
            return self._refused(f"its file is elsewhere ({status})", "file_elsewhere", host="")
        what = f"its storage failed ({status})"
        return TillDown(shop=self._shop, what=what, cause="failed", status=status)

    def _unanswered(self, error: BaseException) -> TillTrouble:
        for one in causes(error):
            if isinstance(one, NotAllowed):
                what = "its file leads to no address of the open internet"
                return self._refused(what, "file_elsewhere", host="")
        what = "its storage was not reached, or broke off"
        return TillDown(shop=self._shop, what=what, cause="unreachable")

    def _read(self, line: bytes) -> Json:
        found: Any
        try:
            found = json.loads(line, parse_float=Decimal)
        except (ValueError, ArithmeticError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise self._refused("a line of it cannot be read", "file_unreadable")
        return found

    def _refused(self, what: str, cause: str, **facts: Any) -> TillRefused:
        return TillRefused(shop=self._shop, what=what, cause=cause, **facts)


def _taken(answer: requests.Response, most: int) -> bytes:
    """Return so much of an answer; less where it ends before."""
    taken = bytearray()
    while left := most - len(taken):
        piece = answer.raw.read(min(left, 64 * 1024))
        if not piece:
            break
        taken += piece
    return bytes(taken)

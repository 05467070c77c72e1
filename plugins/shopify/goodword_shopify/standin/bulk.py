"""Operations in bulk: a query that a shop executes beside its other work, into a file of lines."""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from goodword_shopify.standin.bulk_rules import wrong_with
from goodword_shopify.standin.clock import written

Json = dict[str, Any]

AT_ONCE: Final = 5
"""How many may run at once for one shop."""
_KEPT: Final = timedelta(days=7)
_OVER: Final = frozenset({"COMPLETED", "FAILED", "CANCELED", "EXPIRED"})
_LINES: Final = {"Content-Type": "application/jsonl"}
_RANGE: Final = re.compile(r"bytes=(\d+)-(\d*)")


@dataclass(frozen=True, slots=True)
class Stored:
    """What the storage answers to somebody who fetches a file."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ending:
    """How an operation ends."""

    status: str = "COMPLETED"
    error: str | None = None
    partial: bool = False
    """Whether a part of what was asked for is there to be fetched."""


@dataclass(slots=True)
class Operation:
    """One operation as it stands."""

    id: str
    query: str
    grouped: bool
    begun: datetime
    status: str = "CREATED"
    looks: int = 0
    error: str | None = None
    lines: list[str] = field(default_factory=list)
    roots: int = 0
    partial: bool = False
    ended: datetime | None = None

    @property
    def file(self) -> bytes:
        lines = self.lines
        if self.partial:
            # Cut off somewhere within an order.
            lines = lines[: len(lines) // 2 + 1]
        return "".join(f"{line}\n" for line in lines).encode()


class Bulk:
    """The operations of one shop."""

    def __init__(
        self,
        now: Callable[[], datetime],
        new_id: Callable[[str], str],
        execute: Callable[[str], Json | None],
    ) -> None:
        """``execute``: return all that a query asks for, or None where a scope is missing."""
        self._now = now
        self._new_id = new_id
        self._execute = execute
        self.base = ""
        """Where the files stand."""
        self.operations: dict[str, Operation] = {}
        self.endings: deque[Ending] = deque()
        """How the next operations end; well, where nothing is said."""
        self.others = 0
        """How many run that somebody else began."""
        self.takes = 1
        """How often one is looked at while it runs."""
        self.scatters = False
        """Whether lines come in another order than was asked for."""
        self.ranges = True
        """Whether the storage gives a part of a file to whoever asks for a part."""
        self.gone: set[str] = set()
        """Operations whose file was removed early."""

    def start(self, query: str, groupObjects: bool) -> Json:  # noqa: N803
        wrong = wrong_with(query)
        if wrong:
            errors = [{"field": ["query"], "message": one, "code": "INVALID"} for one in wrong]
            return {"bulkOperation": None, "userErrors": errors}
        running = [one for one in self.operations.values() if one.status not in _OVER]
        if len(running) + self.others >= AT_ONCE:
            message = "A bulk query operation for this app and shop is already in progress."
            busy = {"field": None, "message": message, "code": "OPERATION_IN_PROGRESS"}
            return {"bulkOperation": None, "userErrors": [busy]}
        one = Operation(self._new_id("BulkOperation"), query, groupObjects, self._now())
        self.operations[one.id] = one
        return {"bulkOperation": self._told(one), "userErrors": []}

    def look(self, id: str) -> Json | None:
        one = self.operations.get(id)
        if one is None:
            return None
        one.looks += 1
        if one.status == "CANCELING":
            self._end(one, Ending("CANCELED"))
        elif one.status in ("CREATED", "RUNNING"):
            one.status = "RUNNING"
            if one.looks > self.takes:
                self._end(one, self.endings.popleft() if self.endings else Ending())
        elif one.ended is not None and self._now() - one.ended >= _KEPT:
            one.status = "EXPIRED"
        return self._told(one)

    def cancel(self, id: str) -> Json:
        one = self.operations.get(id)
        if one is None or one.status in _OVER:
            error = {"field": ["id"], "message": "A bulk operation that is over cannot be canceled"}
            return {"bulkOperation": self._told(one) if one else None, "userErrors": [error]}
        one.status = "CANCELING"
        return {"bulkOperation": self._told(one), "userErrors": []}

    def stored(self, path: str, asked: str) -> Stored:
        """Return what is fetched at a path; ``asked``: the part of it, as HTTP names one."""
        one = next((one for one in self.operations.values() if _path(one) in path), None)
        if one is None:
            return Stored(404, b"<Error><Code>NoSuchKey</Code></Error>")
        late = one.ended is None or self._now() - one.ended >= _KEPT
        if late or one.id in self.gone:
            return Stored(400, b"<Error><Code>ExpiredToken</Code></Error>")
        found = _RANGE.fullmatch(asked)
        if found is None or not self.ranges:
            return Stored(200, one.file, _LINES)
        return _part(one.file, int(found[1]), found[2])

    def _end(self, one: Operation, ending: Ending) -> None:
        one.status, one.error, one.ended = ending.status, ending.error, self._now()
        if ending.status == "COMPLETED" or ending.partial:
            found = self._execute(one.query)
            if found is None:
                one.status, one.error = "FAILED", "ACCESS_DENIED"
                return
            one.partial = ending.partial
            one.roots, one.lines = _lines(found, grouped=one.grouped and not self.scatters)

    def _told(self, one: Operation) -> Json:
        done, bytes_ = one.status == "COMPLETED", one.file
        url = f"{self.base}{_path(one)}?Expires=1&Signature=stand-in" if bytes_ else None
        return {
            "id": one.id,
            "status": one.status,
            "createdAt": written(one.begun),
            "completedAt": written(one.ended) if done and one.ended else None,
            "errorCode": one.error,
            "objectCount": str(len(one.lines)),
            "rootObjectCount": str(one.roots),
            "fileSize": str(len(bytes_)) if done and url else None,
            "url": url if done else None,
            "partialDataUrl": url if one.partial and one.status == "FAILED" else None,
        }


def _path(one: Operation) -> str:
    return f"/bulk/{one.id.rpartition('/')[2]}.jsonl"


def _part(file: bytes, first: int, last: str) -> Stored:
    if first >= len(file):
        return Stored(416, b"", {"Content-Range": f"bytes */{len(file)}"})
    part = file[first : int(last) + 1 if last else None]
    told = f"bytes {first}-{first + len(part) - 1}/{len(file)}"
    return Stored(206, part, {**_LINES, "Content-Range": told})


def _lines(data: Json, *, grouped: bool) -> tuple[int, list[str]]:
    """Return how many stand above all others, and every object as a line."""
    (connection,) = data.values()
    roots = [edge["node"] for edge in connection["edges"]]
    families = [list(_family(node)) for node in roots]
    if grouped:
        rows = [row for family in families for row in family]
    else:
        rows = [family[0] for family in families]
        rows += [row for family in reversed(families) for row in family[1:]]
    return len(roots), [json.dumps(row, ensure_ascii=False) for row in rows]


def _family(node: Json, parent: str | None = None) -> Iterator[Json]:
    """Yield an object without its connections, and then what those held."""
    held = {name: one for name, one in node.items() if isinstance(one, dict) and "edges" in one}
    row = {name: one for name, one in node.items() if name not in held}
    yield row if parent is None else {**row, "__parentId": parent}
    for connection in held.values():
        for edge in connection["edges"]:
            yield from _family(edge["node"], node["id"])

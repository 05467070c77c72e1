"""Orders in bulk: the shop writes them into one file, and they are put together as the till does.

Refunds are no part of it: in bulk Shopify takes no pages (of a refund's lines) within a list (of an
order's refunds).  Orders that have some are read at the till, one by one, and those paid in part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from goodword.bulk import BUSY, Writing
from goodword.errors import Invalid, TillRefused
from goodword.model.order import Order
from goodword.platforms import Unreadable
from goodword_shopify import orders
from goodword_shopify.client import Client
from goodword_shopify.fields import Json, bare, moment, understood
from goodword_shopify.files import Files
from goodword_shopify.goods import Told
from goodword_shopify.operations import chosen
from goodword_shopify.till import ShopifyTill

BYTES_MOST: Final = 2 * 1024**3
"""How large a file may be: more than any shop sells in two months."""
_OTHERS_FIRST: Final = frozenset({"OPERATION_IN_PROGRESS", "LIMIT_REACHED"})
_FAILED: Final = frozenset({"FAILED", "CANCELED"})


@dataclass(slots=True)
class Rows:
    """An order as it stands in the file: its head, and what belongs to it."""

    head: Json
    lines: list[Json] = field(default_factory=list)
    shipping: list[Json] = field(default_factory=list)


def document(since: datetime, *, products: bool) -> str:
    """Return the query for all orders that changed since; ``products``: those of lines, too."""
    changed = f"updated_at:>='{since.isoformat(timespec='seconds')}'"
    of_line = f"__typename {chosen('OrderLines', 'nodes')}" + " product { id }" * products
    of_shipping = f"__typename {chosen('OrderShipping', 'nodes')}"
    # The oldest change first, as page by page: whoever was first gets what is capped.
    return (
        f'{{ orders(query: "{changed}", sortKey: UPDATED_AT) {{ edges {{ node {{'
        f" {chosen('OrderHead', 'order')}"
        f" lineItems {{ edges {{ node {{ {of_line} }} }} }}"
        f" shippingLines {{ edges {{ node {{ {of_shipping} }} }} }} }} }} }} }}"
    )


def assembled(lines: Iterable[tuple[Json, int]]) -> Iterator[tuple[Rows, int]]:
    """Yield each order with what belongs to it, and where the next one begins.

    Raises `ValueError` where something does not follow its order at once.
    """
    rows, ends = None, 0
    for line, at in lines:
        parent = line.get("__parentId")
        if parent is None:
            if rows is not None:
                yield rows, ends
            rows = Rows(line)
        elif rows is None or parent != rows.head.get("id"):
            raise ValueError("what belongs to an order does not follow it")
        else:
            _kin(rows, line.get("__typename")).append(line)
        ends = at
    if rows is not None:
        yield rows, ends


def _kin(rows: Rows, kind: object) -> list[Json]:
    known = {"LineItem": rows.lines, "ShippingLine": rows.shipping}
    if kind not in known:
        raise ValueError("something that was not asked for belongs to an order")
    return known[str(kind)]


def _is_paid_in_part(rows: Rows) -> bool:
    return rows.head.get("displayFinancialStatus") == orders.PAID_IN_PART


class ShopifyBulk:
    """One Shopify shop's file of orders."""

    def __init__(
        self, client: Client, till: ShopifyTill, files: Files, settings: Mapping[str, str]
    ) -> None:
        self._client = client
        self._till = till
        self._files = files
        self._settings = settings

    def begin(self, since: datetime) -> str:
        query = document(since, products=self._till.may_ask_products)
        try:
            told = self._client.change("BackfillStart", query=query)["bulkOperation"]
        except TillRefused as error:
            raise self._not_begun(error) from None
        if not isinstance(told, dict) or not isinstance(told.get("id"), str):
            raise self._refused("it does not say that it began", "bulk_failed", code="NOTHING")
        return str(told["id"])

    def look(self, id: str) -> Writing:
        told = self._standing(id)
        with self._understood():
            begun = moment(told["createdAt"])
            if begun is None:
                raise ValueError("it does not say when it began")
            count = int(told["rootObjectCount"])
            return Writing(begun=begun, done=told["status"] == "COMPLETED", orders=count)

    def orders(self, id: str, at: int = 0) -> Iterator[tuple[Order | Unreadable | None, int]]:
        url = self._file(self._standing(id))
        if url is None:
            return
        try:
            for rows, ends in assembled(self._files.lines(url, at)):
                yield self._order(rows), ends
        except ValueError as error:
            raise self._refused(str(error), "file_unreadable") from None

    def stop(self, id: str) -> None:
        try:
            self._client.change("BackfillCancel", id=id)
        except TillRefused as error:
            # It was over already.
            if "cause" in error.facts:
                raise

    def _standing(self, id: str) -> Json:
        """Return how an operation stands; raise `TillRefused` where nothing comes of it."""
        told: Json | None = self._client.ask("BackfillStatus", id=id)["bulkOperation"]
        if told is None or told.get("status") == "EXPIRED":
            raise self._refused("it has no file any more", "file_gone")
        status = str(told.get("status"))
        code = str(told.get("errorCode") or status)[:40]
        if code == "ACCESS_DENIED":
            raise self._refused("it does not let us write down all that we ask for", "bulk_refused")
        if status in _FAILED:
            # What there is of it in ``partialDataUrl`` may lack lines of an order, unseen: nothing
            # of it is worth counting money by.
            raise self._refused(f"it did not end ({code})", "bulk_failed", code=code)
        return told

    def _file(self, told: Json) -> str | None:
        """Return where the file of an operation stands; None where nothing was found."""
        with self._understood():
            size, url = int(told["fileSize"] or 0), told["url"]
            if size > BYTES_MOST:
                what = f"its file has {size} bytes, and we read {BYTES_MOST} at most"
                raise self._refused(what, "file_too_large", size=size, most=BYTES_MOST)
            if url is None and int(told["objectCount"]):
                raise self._refused("its file is there no more", "file_gone")
            return None if url is None else str(url)

    def _order(self, rows: Rows) -> Order | Unreadable | None:
        id = str(rows.head.get("id"))
        try:
            if rows.head.get("refunds") or _is_paid_in_part(rows):
                return self._till.found(bare(id))
            with understood("order"):
                told = self._told(rows)
            return orders.order(told, self._settings)
        except Invalid as error:
            return Unreadable(id=id.rpartition("/")[2][:60], why=str(error))

    def _told(self, rows: Rows) -> Told:
        asked = self._till.may_ask_products
        products = {bare(one["id"]): one["product"] for one in rows.lines} if asked else {}
        return Told(
            head=rows.head,
            lines=rows.lines,
            # As the till does: only a code can have taken something off the shipping.
            shipping=rows.shipping if rows.head["discountCodes"] else (),
            products={line: bare(one["id"]) for line, one in products.items() if one}
            if asked
            else None,
        )

    def _not_begun(self, error: TillRefused) -> TillRefused:
        code, cause = str(error.facts.get("code") or ""), error.facts.get("cause")
        if code in _OTHERS_FIRST:
            return self._refused("it writes other files first", BUSY)
        if cause not in (None, "no_rights"):
            return error
        return self._refused(
            f"it writes no file of its orders: {error.facts['what']}", "bulk_refused"
        )

    @contextmanager
    def _understood(self) -> Iterator[None]:
        """Let an answer of another shape than the schema's be one to do without."""
        try:
            with understood("bulkOperation"):
                yield
        except (Invalid, ValueError) as error:
            raise self._refused(str(error), "file_unreadable") from None

    def _refused(self, what: str, cause: str, **facts: Any) -> TillRefused:
        return self._client.refused(what, cause=cause, **facts)

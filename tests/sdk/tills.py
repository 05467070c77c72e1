"""Shops' counters: one that keeps its coupons and fails as told, one that processes share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from goodword import (
    AnswerLost,
    Grant,
    Granted,
    Money,
    Order,
    TakenBack,
    TillCarrier,
    TillDown,
    TillRefused,
)
from goodword.platforms import Till, Unreadable


class CouponCounter:
    """A counter that is asked of coupons alone, never of orders."""

    def order(self, id: str) -> Order | None:
        raise NotImplementedError

    def orders_since(self, moment: datetime) -> Iterator[Order | Unreadable]:
        raise NotImplementedError

    def earlier_orders(self, order: Order) -> int | None:
        raise NotImplementedError


LOST = AnswerLost(shop="tea-house", what="no answer")
BEFORE = {
    "down": TillDown(shop="tea-house", what="busy"),
    "refused": TillRefused(shop="tea-house", what="no"),
    "lost before": LOST,
}
TROUBLES = ["none", *BEFORE, "lost after"]


@dataclass
class Coupons(CouponCounter):
    """A shop's counter that keeps its coupons, and loses calls and answers as it is told."""

    troubles: list[str] = field(default_factory=list)
    worth: dict[str, int] = field(default_factory=dict)
    """What each coupon stands at, used or not."""
    used: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    """Those whose time was over before anybody used them."""
    of: dict[str, Grant] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: list[tuple[int, int | None]] = field(default_factory=list)
    """What a coupon stood at when it was to be made smaller, and what was to be left."""

    def grant(self, grant: Grant) -> Granted:
        with self._in_trouble():
            if grant.text in self.worth:
                self.faults.append("made twice")
            self.worth[grant.text] = grant.worth.amount.minor if grant.worth.amount else 1
            self.of[grant.text] = grant
        return Granted(grant=grant.id, text=grant.text, remote=grant.text)

    def look(self, grant: Grant) -> Granted | None:
        if grant.text not in self.worth:
            return None
        used = grant.text in self.used
        return Granted(grant=grant.id, text=grant.text, remote=grant.text, used=used)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        text = granted.text
        with self._in_trouble():
            if text in self.used:
                return TakenBack(done=False)
            before, after = self.worth[text], left.minor if left else 0
            self.asked.append((before, left.minor if left else None))
            if after > before:
                self.faults.append("made larger")
            if left is not None and (left.minor == 0 or self.of[text].worth.amount is None):
                self.faults.append(f"left {left} of {self.of[text].worth.kind}")
            self.worth[text] = after
        return TakenBack(done=True)

    def expire(self, now: datetime) -> None:
        """What is over by now can be used no more."""
        for text, grant in self.of.items():
            if grant.expires is not None and grant.expires <= now and text not in self.used:
                self.gone.add(text)

    def spendable(self) -> int:
        """What people could still spend."""
        return self._sum(self.worth.keys() - self.used - self.gone)

    def spent(self) -> int:
        return self._sum(self.used)

    def _sum(self, texts: Iterable[str]) -> int:
        return sum(self.worth[text] for text in texts)

    @contextmanager
    def _in_trouble(self) -> Iterator[None]:
        trouble = self.troubles.pop(0) if self.troubles else "none"
        if trouble in BEFORE:
            raise BEFORE[trouble]
        yield
        if trouble == "lost after":
            raise LOST


@dataclass(frozen=True)
class FolderTill(CouponCounter):
    """A counter for threads and processes alike: each coupon is a file with what it is worth.

    It keeps what should never have been asked of it, too.
    """

    folder: Path

    def grant(self, grant: Grant) -> Granted:
        coupon = self._coupon(grant.text)
        try:
            # Only one can make a file.
            with coupon.open("x") as file:
                file.write(str(grant.worth.amount.minor if grant.worth.amount else 1))
        except FileExistsError:
            self._note(f"{grant.text} was made twice")
        with (self.folder / "granted").open("a") as log:
            log.write(f"{grant.subject}\n")
        return Granted(grant=grant.id, text=grant.text, remote=grant.text)

    def look(self, grant: Grant) -> Granted | None:
        if not self._coupon(grant.text).exists():
            return None
        return Granted(grant=grant.id, text=grant.text, remote=grant.text)

    def take_back(self, granted: Granted, left: Money | None) -> TakenBack:
        coupon = self._coupon(granted.text)
        before, after = int(coupon.read_text()), left.minor if left else 0
        if after > before:
            self._note(f"{granted.text} was made larger")
        coupon.write_text(str(after))
        return TakenBack(done=True)

    def worth(self) -> int:
        """What friends could still spend."""
        return sum(int(coupon.read_text()) for coupon in self.folder.glob("*.coupon"))

    def granted(self) -> list[str]:
        """The order of each coupon that was made, as often as one was asked for."""
        log = self.folder / "granted"
        return log.read_text().split() if log.exists() else []

    def faults(self) -> list[str]:
        log = self.folder / "faults"
        return log.read_text().splitlines() if log.exists() else []

    def _coupon(self, text: str) -> Path:
        return self.folder / f"{text}.coupon"

    def _note(self, fault: str) -> None:
        with (self.folder / "faults").open("a") as log:
            log.write(f"{fault}\n")


def at_the(till: Till) -> dict[str, TillCarrier]:
    """The carriers of a shop with this till."""
    return {"till": TillCarrier(lambda shop: till)}

"""A shop's counter that threads and processes share: its coupons are files in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from goodword import Grant, Granted, Money, Order, TakenBack, TillCarrier


@dataclass(frozen=True)
class FolderTill:
    """Keeps what each coupon is worth, and what should never have been asked of it."""

    folder: Path

    def order(self, id: str) -> Order | None:
        raise NotImplementedError

    def orders_since(self, moment: datetime) -> Iterator[Order]:
        raise NotImplementedError

    def earlier_orders(self, order: Order) -> int | None:
        raise NotImplementedError

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


def at_the(till: FolderTill) -> dict[str, TillCarrier]:
    """The carriers of a shop with this till."""
    return {"till": TillCarrier(lambda shop: till)}

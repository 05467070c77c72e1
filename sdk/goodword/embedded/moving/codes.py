"""Codes that move in, and those drawn for advocates who come without one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from goodword.embedded.moving.report import Report, some
from goodword.model.moving import MovedAdvocate, MovedCode, Wrong
from goodword.model.people import CouponUse, Relation
from goodword.model.program import Program
from goodword.rules import codes as spelling
from goodword.rules import moving as rules
from goodword.rules.moving import Fate, Fault
from goodword.rules.rude import is_rude
from goodword.storage import moving, people, programs
from goodword.storage.forgotten import FORGOTTEN
from goodword.storage.moving import KnownCode, KnownPerson
from goodword.storage.sql import Book, micros

_KIND: Final = "codes"


class Codes:
    """One moving in of codes."""

    def __init__(self, book: Book, program: Program, report: Report, now: datetime) -> None:
        self._book = book
        self._program = program
        self._report = report
        self._now = now
        self._made = micros(now)
        self._programs: dict[str, bool] = {program.name: True}
        self._seen: dict[str, tuple[str, str, str]] = {}
        self._coupons: dict[str, str] = {}
        self._without: dict[str, tuple[int, Relation]] = {}
        self.left_out: dict[str, bool] = {}
        """Advocates who do not come along; those who were forgotten keep what ended."""
        self.blamed: set[str] = set()
        """Advocates and codes of which something is wrong: what follows of it is not told."""

    def leave_out(self, advocate: str, *, forgotten: bool) -> None:
        """Note that somebody does not come along."""
        self.left_out[advocate] = forgotten

    def expect(self, one: MovedAdvocate) -> None:
        """Note that somebody comes without a code."""
        self._without[one.advocate.id] = (one.line, one.advocate.relation)

    def bring_all(self, rows: Iterable[MovedCode | Wrong]) -> None:
        """Bring in codes of advocates who are here by now."""
        for many in some(self._report.readable(rows)):
            fine = []
            for one in many:
                fault = rules.fault_of_code(one, self._now)
                if fault is None:
                    fine.append(one)
                else:
                    self._blame(_KIND, one, fault)
            known = moving.people_of(self._book, sorted({one.advocate for one in fine}))
            self.bring(_KIND, [one for one in fine if self._comes(one, known.get(one.advocate))])

    def _comes(self, one: MovedCode, before: KnownPerson | None) -> bool:
        """Whether the advocate of a code is here to hold it."""
        if one.advocate in self.blamed:
            return False
        forgotten = before is not None and before.met_as == FORGOTTEN
        gone = one.advocate in self.left_out and not self.left_out[one.advocate]
        if gone or (forgotten and one.ended is None):
            self._report.count(_KIND, Fate.LEFT_OUT)
            return False
        if before is None or before.relation is None:
            mend = f"nobody goes by {one.advocate!r}; bring the advocate along, too"
        elif before.merged_into is not None:
            mend = f"was merged into {before.merged_into!r}; give that one's id"
        else:
            return True
        self._blame(_KIND, one, Fault("advocate", mend))
        return False

    def bring(self, kind: str, many: Sequence[MovedCode]) -> None:
        """Bring in codes of advocates who are known to be here."""
        fine = {text: one for one in many if (text := self._text(kind, one)) is not None}
        known = moving.codes_named(self._book, list(fine))
        told = [
            (one, coupon)
            for text, one in fine.items()
            if one.coupon is not None and (coupon := self._coupon(kind, one, text)) is not None
        ]
        named = moving.coupons_named(self._book, [coupon for _one, coupon in told])
        coupons = {
            id(one): coupon for one, coupon in told if self._is_free(kind, one, coupon, named)
        }
        rows, offers, fates = [], [], []
        for text, one in fine.items():
            coupon = None if one.coupon is None else coupons.get(id(one))
            if one.coupon is not None and coupon is None:
                continue
            fate = self._fate(one, known.get(text), coupon)
            if isinstance(fate, Fault):
                self._blame(kind, one, fate)
                continue
            fates.append(fate)
            self._without.pop(one.advocate, None)
            if fate is Fate.NEW:
                rows.append(self._row(one, text, coupon))
                if coupon is not None:
                    offers.append(self._offer(coupon, text, one.advocate))
            elif fate is Fate.CHANGED:
                self._change(one, text, coupon)
        self._report.count_each(_KIND, fates)
        moving.add_codes(self._book, rows)
        moving.add_coupons(self._book, offers)

    def _blame(self, kind: str, one: MovedCode, fault: Fault) -> None:
        self._report.blame(kind, one.line, fault)
        self.blamed |= {spelling.folded(one.text), *([one.advocate] if kind != _KIND else [])}

    def draw(self) -> None:
        """Draw a code for everybody who came without one, and has none."""
        for many in some(self._without):
            have = moving.first_codes(self._book, many)
            wants = [id for id in many if id not in have]
            for id in wants:
                line, relation = self._without[id]
                fault = rules.fault_of_relation(relation, self._program)
                if fault is not None:
                    self._report.blame("advocates", line, fault)
            name, shop = self._program.name, self._book.shop
            rows = [
                (shop, text, id, name, None, self._made, None, None)
                for text, id in zip(self._drawn(len(wants)), wants, strict=True)
            ]
            moving.add_codes(self._book, rows)
            self._report.count(_KIND, Fate.NEW, len(wants))

    def _drawn(self, many: int) -> list[str]:
        free: list[str] = []
        while len(free) < many:
            octets = os.urandom(spelling.LENGTH * (many - len(free)))
            texts = {
                spelling.from_random(octets[start : start + spelling.LENGTH])
                for start in range(0, len(octets), spelling.LENGTH)
            }
            taken = moving.codes_named(self._book, sorted(texts))
            free += sorted(
                text
                for text in texts - taken.keys()
                if text not in self._seen and not is_rude(text)
            )
        return free

    def _text(self, kind: str, one: MovedCode) -> str | None:
        """Return a code as it is stored; None where it cannot be, or is told already."""
        text = rules.text_of(one)
        if isinstance(text, Fault):
            self._blame(kind, one, text)
            return None
        told = (kind, one.advocate, one.program or self._program.name)
        before = self._seen.setdefault(text, told)
        if before is not told:
            if before[1:] != told[1:] or before[0] == kind or not rules.is_bare(one):
                mend = f"stands there twice, as {text}; give each code once"
                self._blame(kind, one, Fault("code", mend))
            # Told beside its advocate and among the codes: once is enough.
            return None
        if one.program is not None and not self._has(one.program):
            mend = f"there is no program {one.program!r}; save it first"
            self._blame(kind, one, Fault("program", mend))
            return None
        return text

    def _has(self, program: str) -> bool:
        if program not in self._programs:
            self._programs[program] = programs.newest(self._book, program) is not None
        return self._programs[program]

    def _coupon(self, kind: str, one: MovedCode, text: str) -> str | None:
        """Return a code's coupon as it is stored; None where it cannot be."""
        coupon = rules.coupon_of(one.coupon or "")
        if isinstance(coupon, str) and self._coupons.setdefault(coupon, text) != text:
            coupon = Fault("coupon", f"stands there twice; {self._coupons[coupon]} has it")
        if isinstance(coupon, Fault):
            self._blame(kind, one, coupon)
            return None
        return coupon

    def _is_free(
        self, kind: str, one: MovedCode, coupon: str, named: dict[str, str | None]
    ) -> bool:
        if coupon not in named or named[coupon] == self._coupons[coupon]:
            return True
        mend = f"{coupon!r} stands for something else here; choose another"
        self._blame(kind, one, Fault("coupon", mend))
        return False

    def _fate(self, one: MovedCode, known: KnownCode | None, coupon: str | None) -> Fate | Fault:
        if known is None:
            return Fate.NEW
        program = one.program or self._program.name
        if (known.advocate, known.program) != (one.advocate, program):
            return Fault(
                "code",
                f"is taken: {known.advocate!r} holds it in program {known.program!r}; "
                "choose another",
            )
        ends = one.ended is not None and known.ended is None
        return Fate.CHANGED if ends or coupon not in (None, known.coupon) else Fate.STANDS

    def _change(self, one: MovedCode, text: str, coupon: str | None) -> None:
        if one.ended is not None:
            moving.end_code(self._book, text, one.ended, one.rotated)
        if coupon is not None:
            people.add_offer(self._book, coupon, text, one.advocate)

    def _row(self, one: MovedCode, text: str, coupon: str | None) -> tuple[Any, ...]:
        program = one.program or self._program.name
        made = micros(one.made) if one.made else self._made
        moments = (made, micros(one.ended), micros(one.rotated))
        return (self._book.shop, text, one.advocate, program, coupon, *moments)

    def _offer(self, coupon: str, code: str, advocate: str) -> tuple[Any, ...]:
        return (self._book.shop, coupon, CouponUse.OFFER.value, code, None, advocate)

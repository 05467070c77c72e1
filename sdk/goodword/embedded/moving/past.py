"""Past referrals that move in: history that earns nothing more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from goodword.embedded.moving.codes import Codes
from goodword.embedded.moving.report import Report, some
from goodword.embedded.orders import fingerprint, settle_again
from goodword.model.credit import Candidate, Evidence, Place
from goodword.model.moving import PastReferral, Wrong
from goodword.model.order import Order
from goodword.model.outcome import Referral
from goodword.model.program import Program
from goodword.model.rung import Rung
from goodword.rules import codes as spelling
from goodword.rules import moving as rules
from goodword.rules import places
from goodword.rules.credit import credit, state
from goodword.rules.moving import Fate, Fault
from goodword.rules.places import Key
from goodword.rules.qualification import settled
from goodword.signals import canonical_email
from goodword.storage import friends, moving, moving_past, orders, programs, rulings
from goodword.storage.friends import Contact
from goodword.storage.moving import KnownCode
from goodword.storage.moving_past import Said
from goodword.storage.orders import Kept
from goodword.storage.places import Counts
from goodword.storage.sql import Book, new_id

_KIND: Final = "referrals"
BY: Final = "moving"
"""By whose word a past referral is credited."""


@dataclass(slots=True)
class _Coming:
    """One past referral on its way."""

    one: PastReferral
    order: Order
    code: KnownCode
    contact: Contact
    friend: str | None = None


class Past:
    """One moving in of past referrals."""

    def __init__(
        self, book: Book, program: Program, codes: Codes, report: Report, now: datetime
    ) -> None:
        self._book = book
        self._program = program
        self._left_out = codes.left_out
        self._blamed = codes.blamed
        self._report = report
        self._now = now
        self._seen: dict[str, int] = {}
        self._versions: dict[str, list[Program]] = {}

    def bring(self, rows: Iterable[PastReferral | Wrong]) -> None:
        """Bring in past referrals of advocates who are here by now."""
        for many in some(self._report.readable(rows)):
            self._bring(many)

    def _bring(self, many: Sequence[PastReferral]) -> None:
        fine = [one for one in many if self._is_fine(one)]
        credited = self._credited(fine)
        ids = [one.order for one in fine]
        here = moving_past.orders_here(self._book, ids)
        before = moving_past.settled_by(self._book, ids)
        names = moving.codes_named(self._book, sorted({*before.values()}))
        new: list[_Coming] = []
        known: list[_Coming] = []
        for one in fine:
            code = credited.get(id(one))
            if code is None:
                continue
            was = names.get(before.get(one.order, ""))
            fate = rules.fate_of_past(
                code.advocate, here.get(one.order), was.advocate if was else None
            )
            if isinstance(fate, Fault):
                self._report.blame(_KIND, one.line, fate)
                continue
            self._report.count(_KIND, fate)
            if fate is Fate.NEW:
                order = rules.order_of(one)
                contact = Contact.of(one.email, one.phone, one.account)
                coming = _Coming(one, order, code, contact)
                (known if one.order in here else new).append(coming)
        self._meet(new)
        self._add(new)
        for coming in known:
            self._join(coming)

    def _is_fine(self, one: PastReferral) -> bool:
        if not rules.is_settled(one):
            self._report.count(_KIND, Fate.LEFT_OUT)
            return False
        fault = rules.fault_of_past(one, canonical_email(one.email), self._now)
        if fault is None and one.order in self._seen:
            before = self._seen[one.order]
            fault = Fault("order", f"stands in line {before}, too; give each order once")
        if fault is not None:
            self._report.blame(_KIND, one.line, fault)
            return False
        self._seen[one.order] = one.line
        return True

    def _credited(self, fine: Sequence[PastReferral]) -> dict[int, KnownCode]:
        """Return the code by which each is credited."""
        texts = {id(one): spelling.folded(one.code) for one in fine if one.code}
        without = [one for one in fine if not one.code]
        for name in sorted({one.program or self._program.name for one in without}):
            mine = [one for one in without if (one.program or self._program.name) == name]
            ids = sorted({one.advocate for one in mine if one.advocate})
            first = moving.first_codes(self._book, ids, name)
            texts |= {id(one): first[one.advocate or ""] for one in mine if one.advocate in first}
        known = moving.codes_named(self._book, sorted({*texts.values()}))
        found = {}
        for one in fine:
            code = known.get(texts.get(id(one), ""))
            fault = None
            if one.advocate in self._left_out and not self._left_out[one.advocate]:
                self._report.count(_KIND, Fate.LEFT_OUT)
            elif one.advocate in self._blamed or texts.get(id(one)) in self._blamed:
                continue
            elif code is None and one.code:
                fault = Fault("code", f"nobody holds {one.code!r}; bring the code along, too")
            elif code is None:
                mend = (
                    f"nobody by {one.advocate!r} has a code in the program; bring them along, too"
                )
                fault = Fault("advocate", mend)
            elif one.advocate not in (None, code.advocate):
                fault = Fault("code", f"is of {code.advocate!r}; mend the code or the advocate")
            elif self._version(code.program, one.placed) is None:
                fault = Fault("program", f"there is no program {code.program!r}; save it first")
            else:
                found[id(one)] = code
            if fault is not None:
                self._report.blame(_KIND, one.line, fault)
        return found

    def _version(self, program: str, placed: datetime) -> Program | None:
        """Return the version that was live at a moment, else the first."""
        if program not in self._versions:
            self._versions[program] = programs.versions(self._book, program)
        every = self._versions[program]
        live = [one for one in every if one.saved is not None and one.saved <= placed]
        return (live[-1] if live else every[0]) if every else None

    def _meet(self, new: Sequence[_Coming]) -> None:
        """Keep the friends whom nobody knew, all at once; the others as an order would."""
        told = moving_past.is_told(self._book, [one.contact for one in new])
        parts, forgets = set(told), friends.look(self._book, Contact()).forgets
        fresh: list[tuple[str, Contact]] = []
        for one in new:
            contact = one.contact
            mine = {part for part in (contact.mailbox, contact.phone, contact.account) if part}
            alone = contact.mailbox is not None or (mine and contact.account is None)
            if alone and parts.isdisjoint(mine) and not forgets:
                one.friend = new_id(self._now)
                fresh.append((one.friend, contact))
                parts |= mine
        moving_past.add_friends(self._book, fresh)
        for one in new:
            if one.friend is None and one.contact != Contact():
                found = friends.look(self._book, one.contact)
                one.friend = friends.meet(self._book, found, self._now)

    def _add(self, new: Sequence[_Coming]) -> None:
        words = [self._word(one) for one in new]
        kept = [self._kept(one, word) for one, word in zip(new, words, strict=True)]
        moving_past.add_orders(self._book, self._placed(kept))
        told = [(one.order.id, word) for one, word in zip(new, words, strict=True)]
        moving_past.add_words(self._book, told, self._now)

    def _word(self, coming: _Coming) -> Said:
        return moving_past.a_word(coming.code.text, coming.one.reward, BY, self._now)

    def _kept(self, coming: _Coming, word: Said) -> Kept:
        order, program = coming.order, self._version(coming.code.program, coming.order.placed)
        assert program is not None
        candidate = Candidate(
            rung=Rung.ASSIGNMENT,
            source=f"assignment:{word.id}",
            code=coming.code.text,
            advocate=coming.code.advocate,
            program=program.name,
            version=program.version,
            at=self._now,
        )
        evidence = Evidence(candidates=(settled(candidate),), programs=(program,))
        decision = credit(order, evidence)
        referral = Referral(
            order=order.id,
            code=candidate.code,
            advocate=candidate.advocate,
            program=program.name,
            version=program.version,
            rung=Rung.ASSIGNMENT,
            state=state(decision, order),
            reasons=tuple(map(str, decision.reasons)),
            qualified=order.placed,
        )
        return Kept(order, coming.friend, fingerprint(order), evidence, referral)

    def _placed(self, kept: Sequence[Kept]) -> list[Kept]:
        """Count them where their program counts, each count once for all of them."""
        needed = [self._needed(one) for one in kept]
        wants: dict[str, Counter[Key]] = {}
        for one, keys in zip(kept, needed, strict=True):
            if keys and one.referral is not None:
                wants.setdefault(one.referral.program, Counter()).update(keys)
        stands = {
            (program, key): (Counts(self._book, program).take(key, many, None) or 0) - many
            for program, keys in wants.items()
            for key, many in sorted(keys.items())
        }
        return [
            self._in_place(one, keys, stands) if keys else one
            for one, keys in zip(kept, needed, strict=True)
        ]

    def _needed(self, kept: Kept) -> tuple[Key, ...]:
        decision = credit(kept.order, kept.evidence)
        winner, program = decision.winner, decision.program
        if winner is None or program is None or not places.counts(program):
            return ()
        if not places.would_earn(decision):
            return ()
        return tuple(places.needed(program, winner, kept.friend, kept.order.placed))

    def _in_place(
        self, kept: Kept, keys: Sequence[Key], stands: dict[tuple[str, Key], int]
    ) -> Kept:
        referral = kept.referral
        assert referral is not None
        numbers, number = (referral.program, places.of_advocate(referral.advocate)), 0
        if numbers in stands:
            stands[numbers] += 1
            number = stands[numbers]
        place = Place(
            advocate=referral.advocate,
            program=referral.program,
            version=referral.version,
            number=number,
            counted=tuple(map(str, keys)),
        )
        return replace(kept, evidence=replace(kept.evidence, place=place))

    def _join(self, coming: _Coming) -> None:
        """Credit an order that is here already, and that led to nobody."""
        order = coming.order.id
        if orders.find(self._book, order, lock=True) is None:
            # Only its refunds came before.
            self._meet([coming])
            bare = Kept(coming.order, coming.friend, fingerprint(coming.order), Evidence(), None)
            orders.put(self._book, bare)
        rulings.add(
            self._book, order, rulings.SETTLED, coming.code.text, coming.one.reward, BY, self._now
        )
        settle_again(self._book, order, BY, self._now)

"""What leads from an order to advocates, looked up once and kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from goodword.embedded.friends import Friend
from goodword.model.credit import Candidate, Evidence, Reason, Reviewed, Shared, Verdict
from goodword.model.order import Order
from goodword.model.people import Claim, CouponUse
from goodword.model.program import Program
from goodword.model.rung import Rung
from goodword.rules import codes
from goodword.rules.credit import Trace, traces
from goodword.rules.qualification import settled
from goodword.storage import claims, measuring, orders, people, personal, rulings, visits
from goodword.storage.measuring import Measured
from goodword.storage.orders import Kept
from goodword.storage.rulings import Ruling
from goodword.storage.sql import Book

_OF_FRIEND = frozenset({Reason.SELF_REFERRAL, Reason.RISK_REVIEW})
_TYPED = "typed:"
_ASSIGNING = frozenset({rulings.ASSIGNED, rulings.SETTLED})


@dataclass(frozen=True, slots=True, order=True)
class SpentReward:
    """A reward's coupon, and the order that earned it."""

    order: str
    text: str


@dataclass(frozen=True, slots=True)
class Gathered:
    """The evidence for an order, and what it means for rewards spent in it."""

    evidence: Evidence
    spends: frozenset[SpentReward]
    """The reward coupons that it spends, and did not before."""
    frees: frozenset[SpentReward]
    """Those that it spent before, and spends no more."""


def gather(
    book: Book, order: Order, friend: Friend, kept: Kept | None, draft: Program | None = None
) -> Gathered:
    """Look up what leads from the order to advocates.

    What was found before stays as it was found; what was not is looked for again.  ``draft`` is a
    program to be tried out: it counts as the version that was live.
    """
    before = kept.evidence if kept else Evidence()
    said = rulings.of(book, order.id) if kept else []
    again = kept is not None and kept.order is order
    search = _Search(book, order, friend, before, draft, kept_as_it_is=again)
    named = [*search.on_order(), *search.beside_it(kept, said)]
    sources = {one.source for one in named}
    aside = [one for one in (*before.candidates, *before.set_aside) if one.source not in sources]
    evidence = replace(
        before,
        candidates=tuple(named),
        set_aside=tuple({one.source: one for one in aside}.values()),
        programs=tuple(search.programs.values()),
        offers=tuple(sorted(search.offers)),
        reviews=tuple(_reviews(said, (*aside, *named))),
    )
    after = frozenset() if order.cancelled else frozenset(search.spends)
    held = _spent(book, kept) if kept else frozenset()
    return Gathered(evidence, after - held, held - after)


class _Search:
    """One order's search for evidence."""

    def __init__(
        self,
        book: Book,
        order: Order,
        friend: Friend,
        before: Evidence,
        draft: Program | None,
        *,
        kept_as_it_is: bool,
    ) -> None:
        self._book = book
        self._order = order
        self._friend = friend
        self._again = kept_as_it_is
        self._before = {one.source: one for one in (*before.set_aside, *before.candidates)}
        self._draft = draft
        self.programs = {(one.name, one.version): one for one in before.programs}
        self.offers: set[str] = set(before.offers)
        self.spends: set[SpentReward] = set()

    def on_order(self) -> Iterator[Candidate]:
        """Yield what the order's own words lead to, in their sequence."""
        seen = set()
        for trace in traces(self._order):
            if trace.source in seen:
                continue
            seen.add(trace.source)
            found = self._known(trace) or self._traced(trace)
            if found is not None:
                yield found

    def beside_it(self, kept: Kept | None, said: Iterable[Ruling]) -> Iterator[Candidate]:
        """Yield what people said of the order, and what is known of its friend."""
        for ruling in said:
            if ruling.says in _ASSIGNING and ruling.code is not None:
                trace = Trace(Rung.ASSIGNMENT, f"assignment:{ruling.id}", ruling.code, ruling.at)
                for found in self._measured(trace, ruling.code):
                    yield settled(found) if ruling.says == rulings.SETTLED else found
        for claim in self._friend.claims:
            yield from self._claimed(claim)
        repeats = self._friend.repeats or (self._draft and self._draft.terms.repeats)
        if repeats and self._friend.id is not None:
            same = kept is not None and kept.friend == self._friend.id
            yield from self._earlier(self._friend.id, as_before=same)
        led = [one for one in kept.evidence.candidates if _is_named(one)] if kept else []
        if any(personal.is_forgotten(self._book, one.advocate) for one in led):
            # By a name that nobody goes by any more, as it led before.
            yield from led
        elif self._order.named:
            yield from self._by_name(self._order.named)
        elif kept is not None and (kept.order is self._order or self._is_erased()):
            # The name itself is not kept: what it led to is.
            yield from led

    def _is_erased(self) -> bool:
        """Whether who placed the order was taken off it: the name went with them."""
        return self._friend.forgotten or (self._order.email is None and self._order.phone is None)

    def _known(self, trace: Trace) -> Candidate | None:
        known = self._before.get(trace.source)
        if known is None:
            return None
        # A visit keeps its own moment; all else has the moment that this state tells.
        at = known.at if trace.rung is Rung.VISIT else trace.at
        return self._by_friend(replace(known, rung=trace.rung, at=at))

    def _by_friend(self, known: Candidate) -> Candidate:
        """Return the candidate, measured anew against whoever the friend is now."""
        if _OF_FRIEND & set(known.against) and self._is_blind_to(known.advocate):
            return known
        others = tuple(why for why in known.against if why not in _OF_FRIEND)
        of_friend = self._friend.against(known.advocate)
        if self._again and not of_friend:
            # The order's own phone is not kept with it: what it told stays found.
            of_friend = tuple(why for why in known.against if why in _OF_FRIEND)
        shared: tuple[Shared, ...] = ()
        if Reason.RISK_REVIEW in of_friend:
            shared = self._friend.shared(known.advocate) or known.shared
        return replace(known, against=of_friend + others, shared=shared)

    def _is_blind_to(self, advocate: str) -> bool:
        """Whether friend and advocate can no longer be held against each other."""
        return self._friend.forgotten or personal.is_forgotten(self._book, advocate)

    def _traced(self, trace: Trace) -> Candidate | None:
        code, at, gift = trace.key, trace.at, None
        typed = trace.rung is Rung.COUPON
        if trace.rung is Rung.VISIT:
            visit = visits.find(self._book, trace.key)
            if visit is None:
                return None
            code, at = visit.code, visit.at
        elif trace.source.startswith("coupon:"):
            coupon = people.coupon(self._book, trace.key)
            if coupon is None:
                return None
            use, named, earned_by = coupon
            if use is CouponUse.REWARD and earned_by is not None:
                # One's own reward spent at the checkout is no referral.
                self.spends.add(SpentReward(earned_by, trace.key))
                return None
            self.offers.add(trace.key)
            code = named or ""
            # Of a claim it came by link: nobody typed the code, which may be rotated since.
            typed = use is not CouponUse.GIFT
            gift = None if typed else trace.key
        return next(self._measured(replace(trace, at=at), code, typed=typed, gift=gift), None)

    def _claimed(self, claim: Claim) -> Iterator[Candidate]:
        """Yield a claim; confirmed it is a bond, if that came no later than a claim may come."""
        trace = Trace(Rung.CLAIM, f"claim:{claim.id}", claim.code, claim.at)
        for found in self._measured(trace, claim.code):
            grace = self.programs[found.program, found.version].terms.grace_days
            latest = self._order.placed + timedelta(days=grace)
            bound = claim.confirmed is not None and claim.confirmed <= latest
            yield replace(found, rung=Rung.BOND if bound else Rung.CLAIM)

    def _earlier(self, friend: str, *, as_before: bool) -> Iterator[Candidate]:
        """Yield the friend's first credited order of each program that lets further ones count.

        ``as_before``: what was found once is not asked again, whatever became of that order.
        """
        seen = set()
        for known in self._before.values() if as_before else ():
            if known.source.startswith("earlier:"):
                seen.add(known.program)
                yield self._by_friend(known)
        for id, placed, code, program in orders.referred_before(
            self._book, friend, self._order.id, self._order.placed
        ):
            if program in seen:
                continue
            seen.add(program)
            trace = Trace(Rung.BOND, f"earlier:{id}", code, placed)
            for found in self._measured(trace, code):
                if self.programs[found.program, found.version].terms.repeats is not None:
                    yield found

    def _by_name(self, name: str) -> Iterator[Candidate]:
        """Yield every advocate of this name; whether one is meant is the rule's to say.

        Where nobody goes by it, it may be a code: drawn ones of letters alone look like a word,
        and one that was read out to somebody has a space.
        """
        hint, placed = self._order.named_hint, self._order.placed
        found = people.codes_by_name(self._book, name, hint, placed)
        for code in found:
            trace = Trace(Rung.NAME, f"name:{code.advocate}:{code.program}", code.text)
            yield from self._measured(trace, code.text)
        if not found:
            text = codes.folded(name)
            trace = Trace(Rung.COUPON, f"{_TYPED}{text}", text)
            yield from self._measured(trace, text, typed=True)

    def _measured(
        self, trace: Trace, code: str, *, typed: bool = False, gift: str | None = None
    ) -> Iterator[Candidate]:
        """Yield the candidate that a trace leads to, with its program as of the order's placing.

        ``gift``: the coupon of a claim that it is.
        """
        known = self._before.get(trace.source)
        if known is not None:
            yield self._by_friend(replace(known, rung=trace.rung, at=trace.at))
            return
        # A person's word has a moment too, at which nobody was promised anything.
        seen = None if trace.rung is Rung.ASSIGNMENT else trace.at
        measured = self._measure(code, typed, seen)
        if measured is None:
            return
        if gift is not None and Reason.PROGRAM_PAUSED in measured.against:
            measured = self._measure(code, typed, claims.claimed_at(self._book, gift)) or measured
        program = measured.program
        self.programs[program.name, program.version] = program
        yield Candidate(
            rung=trace.rung,
            source=trace.source,
            code=measured.code,
            advocate=measured.advocate,
            program=program.name,
            version=program.version,
            at=trace.at,
            against=self._friend.against(measured.advocate) + measured.against,
            shared=self._friend.shared(measured.advocate),
        )

    def _measure(self, code: str, typed: bool, seen: datetime | None) -> Measured | None:
        return measuring.measure(
            self._book, code, self._order.placed, typed=typed, seen=seen, draft=self._draft
        )


def _is_named(candidate: Candidate) -> bool:
    """Whether it was found by what the friend answered, which is not kept."""
    return candidate.rung is Rung.NAME or candidate.source.startswith(_TYPED)


def _reviews(said: Iterable[Ruling], seen: Iterable[Candidate]) -> Iterator[Reviewed]:
    """Yield the verdicts of reviews, each on the advocate that the order was credited to then."""
    pairs = sorted({(one.code, one.advocate) for one in seen})
    for ruling in said:
        if ruling.says not in _ASSIGNING:
            says = Verdict(ruling.says)
            yield from (
                Reviewed(advocate=who, verdict=says) for code, who in pairs if code == ruling.code
            )


def _spent(book: Book, kept: Kept) -> frozenset[SpentReward]:
    """Return the reward coupons that the kept state spends."""
    if kept.order.cancelled:
        return frozenset()
    texts = {codes.coupon(used.text) for used in kept.order.coupons}
    found = {text: people.coupon(book, text) for text in texts - set(kept.evidence.offers)}
    return frozenset(
        SpentReward(coupon[2], text)
        for text, coupon in found.items()
        if coupon is not None and coupon[2] is not None
    )

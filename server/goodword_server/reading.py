"""The worker's reading: what the inbox holds is completed at the till and recorded."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Final, TypeVar

from goodword.errors import (
    AnswerLost,
    GoodwordError,
    OrderConflict,
    TillDown,
    UnknownAdvocate,
    UnknownOrder,
    UnknownPerson,
)
from goodword.interface.referrals import Referrals
from goodword.model.order import Order
from goodword.model.trouble import Trouble, given_up, trouble_of
from goodword.platforms import (
    Alarm,
    News,
    OrderChanged,
    OrderGone,
    PeopleMerged,
    PersonForgotten,
    Till,
)
from goodword.storage.database import Durability
from goodword.storage.sql import Session
from goodword_server import forgetting
from goodword_server.house import House
from goodword_server.storage import inbox
from goodword_server.storage.inbox import Kept
from goodword_server.storage.installations import Connected

T = TypeVar("T")
_log = logging.getLogger("goodword_server")
_LEASE: Final = timedelta(minutes=5)
_AT_ONCE: Final = 64
_UNCONNECTED: Final = Trouble("its shop is not connected", "unconnected")
_SEALED: Final = Trouble("it cannot be opened", "delivery_sealed")
_TRIES_MOST: Final = 20
_KEEP_READ: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class State:
    """An order to record, and whether the shop itself said so just now."""

    order: Order
    confirmed: bool


@dataclass(slots=True)
class Page:
    """One delivery on its way from the inbox into the book; or an order that the till listed."""

    kept: Kept | None
    states: list[State] = field(default_factory=list)
    forgotten: list[Sequence[str]] = field(default_factory=list)
    """Whom the platform says to forget: the contacts of each."""
    merged: list[PeopleMerged] = field(default_factory=list)
    verdict: str = "nothing to record"
    later: str | None = None
    dead: str | None = None
    conflict: str | None = None
    """The id of an order of which only the till can say what is true."""


def read_all(house: House, until: Callable[[], bool] = lambda: False) -> int:
    """Read every shop's inbox, or ``until`` says so; return how many deliveries were read."""
    read = 0
    while not until():
        shops = house.database.read(partial(inbox.shops_with_news, now=house.now()))
        taken = sum(_read_some(house, shop, until) for shop in shops)
        read += taken
        if taken == 0:
            break
    return read


def _read_some(house: House, shop: str, until: Callable[[], bool]) -> int:
    """Read some of one shop's inbox; its trouble is not another's."""
    try:
        return Reader(house, shop, until).read_some()
    except Exception:
        _log.exception("the inbox of %s could not be read and will be tried again", shop)
        return 0


def sweep(house: House) -> int:
    """Forget deliveries that were read a week ago; return how many."""
    before = house.now() - _KEEP_READ
    return house.database.write(lambda s: inbox.sweep(s, before))


class Reader:
    """Reads one shop's inbox, up to 64 deliveries a transaction."""

    def __init__(self, house: House, shop: str, until: Callable[[], bool] = lambda: False) -> None:
        self._house = house
        self._shop = shop
        self._until = until
        self._referrals = house.referrals(shop)
        self._till_is_down: TillDown | None = None
        self._told: dict[str, Order] = {}
        self._earlier: dict[str, int | None] = {}

    def read_some(self) -> int:
        """Read what is there; return how many deliveries were read.

        Each may ask the till, which takes time: what is not begun when it is time to end is given
        back at once.
        """
        house, now = self._house, self._house.now()
        taken = house.database.write(
            lambda s: inbox.claim(s, house.vault, self._shop, now, _LEASE, _AT_ONCE),
            # A claim that a power cut undoes is claimed once more.
            Durability.PROCESS,
        )
        pages: list[Page] = []
        for kept in taken:
            if self._until():
                self._give_back(taken[len(pages) :])
                break
            pages.append(self._page(kept))
        self._record(pages)
        unsettled = [page for page in pages if page.conflict is not None]
        for page in unsettled:
            self._settle(page)
        if unsettled:
            self._record(unsettled)
        return len(pages)

    def take_in(self, listed: Sequence[Order]) -> list[Page]:
        """Record orders that the till listed just now; what could not be is said on its page."""
        pages = []
        for order in listed:
            page = Page(None)
            with _troubles(page, self._shop):
                page.states.append(State(self._with_history(order), confirmed=True))
            pages.append(page)
        self._record(pages)
        return pages

    def _give_back(self, left: Sequence[Kept]) -> None:
        self._house.database.write(lambda s: inbox.give_back(s, self._shop, left))

    def _page(self, kept: Kept) -> Page:
        """Read one delivery and ask the till what it leaves out."""
        page = Page(kept)
        connected = self._connected
        if connected is None or kept.delivery is None:
            page.dead = _UNCONNECTED if connected is None else _SEALED
            return page
        name = connected.installation.platform
        platform = self._house.platforms.get(name)
        if platform is None:
            why = f"the platform {name} is not installed"
            page.later = Trouble(why, "platform_missing", platform=name)
            return page
        with _troubles(page, self._shop):
            asked = inbox.asks(kept.delivery)
            if asked is not None:
                told: Iterable[News] = [OrderGone(id=id) for id in asked]
            else:
                told = platform.read(kept.delivery, connected.installation)
            for news in told:
                self._take(page, news)
        self._told |= {state.order.id: state.order for state in page.states}
        return page

    def _take(self, page: Page, news: News) -> None:
        match news:
            case OrderChanged(order=order, complete=True):
                page.states.append(State(self._with_history(order), confirmed=False))
            case OrderChanged(order=order):
                page.states.extend(self._asked(order.id, order))
            case OrderGone(id=id):
                page.states.extend(self._asked(id, None))
            case PersonForgotten():
                page.forgotten.append(forgetting.contacts(news))
            case PeopleMerged():
                page.merged.append(news)
            case Alarm(reason=reason):
                page.verdict = f"alarm: {reason}"
                _log.warning("%s: %s", self._shop, reason)
                self._house.alarm(self._shop)

    def _asked(self, id: str, told: Order | None) -> Iterable[State]:
        """Ask the till how an order stands; one that is gone counts as cancelled."""
        found = self._ask(lambda till: till.order(id))
        if found is not None:
            return [State(self._with_history(found), confirmed=True)]
        # Its last state may have arrived together with its end, and not be recorded yet.
        order = _newest(told, self._told.get(id), self._known(id))
        if order is None:
            return []
        gone = replace(order, cancelled=order.cancelled or self._house.now())
        return [State(gone, confirmed=True)]

    def _ask(self, question: Callable[[Till], T]) -> T:
        """Ask the till; one that was down a moment ago keeps nobody waiting a second time."""
        if self._till_is_down is not None:
            raise TillDown(**self._till_is_down.facts)
        try:
            return question(self._till)
        except TillDown as error:
            self._till_is_down = error
            raise

    def _with_history(self, order: Order) -> Order:
        """Ask the shop's history, once, whether it is a first order, where a program minds."""
        if order.first_order is not None or not self._minds or self._known(order.id):
            return order
        if order.id not in self._earlier:
            self._earlier[order.id] = self._ask(lambda till: till.earlier_orders(order))
        earlier = self._earlier[order.id]
        return order if earlier is None else replace(order, first_order=earlier == 0)

    def _known(self, id: str) -> Order | None:
        try:
            return self._referrals.credit.explain(id).state
        except UnknownOrder:
            return None

    @cached_property
    def _minds(self) -> bool:
        terms = [program.terms for program in self._referrals.programs.list()]
        return any(one.first_order_only or one.new_customer_only for one in terms)

    @cached_property
    def _till(self) -> Till:
        return self._house.till(self._shop)

    @cached_property
    def _connected(self) -> Connected | None:
        return self._house.installation_of(self._shop)

    def _settle(self, page: Page) -> None:
        """The same moment with other facts: what the till answers counts."""
        id, page.conflict, page.states = str(page.conflict), None, []
        with _troubles(page, self._shop):
            page.states.extend(self._asked(id, None))

    def _record(self, pages: Sequence[Page]) -> None:
        """Record a batch; if the database refuses it, each delivery on its own."""
        try:
            self._record_batch(pages)
        except Exception:
            _log.exception(
                "%s: %d deliveries could not be recorded together", self._shop, len(pages)
            )
            for page in pages:
                self._record_alone(page)

    def _record_batch(self, pages: Sequence[Page]) -> None:
        """Record a batch as one piece; if an order in it is refused, once more with care."""
        write = self._house.database.write
        try:
            write(lambda session: self._write(session, pages, self._record_states))
        except GoodwordError:
            write(lambda session: self._write(session, pages, self._record_apart))

    def _record_alone(self, page: Page) -> None:
        try:
            self._record_batch([page])
        except Exception as error:
            kind = type(error).__name__
            page.later = Trouble(f"{kind} while it was recorded", "recording_fault", kind=kind)
            self._record_batch([page])

    def _write(
        self,
        session: Session,
        pages: Iterable[Page],
        record: Callable[[Session, Referrals, Page], None],
    ) -> None:
        """Record deliveries and mark them: all in one transaction."""
        referrals = self._house.engine.within(session).of(self._shop)
        read = []
        for page in pages:
            # Asked anew each time: after a clash the whole batch is written once more.
            page.conflict = None
            if page.dead is None and page.later is None:
                record(session, referrals, page)
            if page.kept is None:
                continue
            if page.dead is not None:
                inbox.bury(session, self._shop, page.kept, page.dead)
            elif page.later is not None:
                _put_off(session, self._shop, page.kept, page.later, self._house.now())
            elif page.conflict is None:
                read.append((page.kept, page.verdict))
        inbox.mark_read(session, self._shop, read)

    def _record_states(self, session: Session, referrals: Referrals, page: Page) -> None:
        for state in page.states:
            outcome = referrals.record_order(state.order, confirmed=state.confirmed)
            page.verdict = f"order {state.order.id}: {outcome.result}"
        for two in page.merged:
            try:
                referrals.advocates.merge(two.gone, into=two.kept)
                page.verdict = "two advocates became one"
            except UnknownAdvocate:
                page.verdict = "no two advocates are known by these"
        for told in page.forgotten:
            try:
                self._house.forget(self._shop, *told, session=session)
                page.verdict = "somebody was forgotten"
            except UnknownPerson:
                page.verdict = "nobody to forget is known"

    def _record_apart(self, session: Session, referrals: Referrals, page: Page) -> None:
        """Record one delivery so that its trouble is not its neighbours'."""
        try:
            with session.savepoint():
                self._record_states(session, referrals, page)
        except OrderConflict as conflict:
            page.conflict = str(conflict.facts["id"])
        except GoodwordError as error:
            page.dead = trouble_of(error)


@contextmanager
def _troubles(page: Page, shop: str) -> Iterator[None]:
    """Note on the page what went wrong: wait for the shop, or leave it to a person."""
    try:
        yield
    except (TillDown, AnswerLost) as error:
        page.later = trouble_of(error)
    except GoodwordError as error:
        page.dead = trouble_of(error)
    except Exception as error:
        # A fault of ours or of a plugin: nothing is lost, a person looks at it.
        _log.exception("a delivery to %s could not be read", shop)
        kind = type(error).__name__
        page.dead = Trouble(f"{kind} while it was read", "reading_fault", kind=kind)


def _newest(*states: Order | None) -> Order | None:
    found = [state for state in states if state is not None]
    return max(found, key=lambda one: (one.modified is not None, one.modified), default=None)


def _put_off(session: Session, shop: str, kept: Kept, why: str, now: datetime) -> None:
    if kept.tries >= _TRIES_MOST:
        inbox.bury(session, shop, kept, given_up(kept.tries, why))
        return
    pause = min(21_600.0, 10.0 * 2.0**kept.tries) * random.uniform(0.5, 1.0)
    inbox.put_off(session, shop, kept, why, now + timedelta(seconds=pause))

"""The worker's reading: what the inbox holds is completed at the till and recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Final, TypeVar

from goodword.errors import (
    GoodwordError,
    OrderConflict,
    TillDown,
    TillRefused,
    UnknownOrder,
    UnknownPerson,
)
from goodword.interface.referrals import Referrals
from goodword.model.order import Order
from goodword.model.trouble import Trouble, trouble_of
from goodword.platforms import (
    Alarm,
    DataAsked,
    News,
    OrderChanged,
    OrderGone,
    PeopleMerged,
    PersonForgotten,
    ShopForgotten,
    ShopLeft,
    Till,
)
from goodword.storage.database import Durability
from goodword.storage.sql import Session
from goodword_server import forgetting, merging, parting
from goodword_server.delivered import Page, State, newest, put_off, troubles
from goodword_server.house import House
from goodword_server.storage import data_requests, inbox
from goodword_server.storage.inbox import Kept
from goodword_server.storage.installations import Connected

T = TypeVar("T")
_log = logging.getLogger("goodword_server")
_LEASE: Final = timedelta(minutes=5)
_AT_ONCE: Final = 64
_UNCONNECTED: Final = Trouble("its shop is not connected", "unconnected")
_SEALED: Final = Trouble("it cannot be opened", "delivery_sealed")
_STILL_LETS_IN: Final = Trouble("the shop still lets us in", "still_lets_us_in")
# A shop may tell that we are removed a moment before we are.
_ASKED_MOST: Final = 5
_KEEP_READ: Final = timedelta(days=7)


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
        self._record_settled(pages)
        return len(pages)

    def take_in(self, listed: Sequence[Order], *, fresh: bool = True) -> list[Page]:
        """Record orders that the shop listed; what could not be is said on its page.

        ``fresh``: they stand so just now.  Else the till is asked for one that is known otherwise.
        """
        pages = []
        for order in listed:
            page = Page(None)
            with troubles(page, self._shop):
                page.states.append(State(self._with_history(order), confirmed=fresh))
            pages.append(page)
        self._record_settled(pages)
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
        with troubles(page, self._shop):
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
        if self._is_gone and not isinstance(news, PersonForgotten | DataAsked | ShopForgotten):
            page.verdict = "its owner does without us"
            return
        match news:
            case OrderChanged(order=order, complete=True):
                page.states.append(State(self._with_history(order), confirmed=False))
            case OrderChanged(order=order):
                page.states.extend(self._asked(order.id, order))
            case OrderGone(id=id):
                page.states.extend(self._asked(id, None))
            case PersonForgotten():
                page.forgotten.append(news)
            case PeopleMerged():
                page.merged.append(self._confirmed(news))
            case DataAsked():
                page.asked.append(news)
            case ShopLeft() | ShopForgotten():
                self._part(page, news)
            case Alarm(reason=reason):
                page.verdict = f"alarm: {reason}"
                _log.warning("%s: %s", self._shop, reason)
                self._house.noting.alarm(self._shop)

    def _confirmed(self, two: PeopleMerged) -> PeopleMerged:
        """Return two accounts that the shop itself says are one: a delivery only claims it."""
        if self._connected is not None:
            merging.check(self._house, self._connected.installation, two)
        return two

    def _asked(self, id: str, told: Order | None) -> Iterable[State]:
        """Ask the till how an order stands; one that is gone counts as cancelled."""
        found = self._ask(lambda till: till.order(id))
        if found is not None:
            return [State(self._with_history(found), confirmed=True)]
        # Its last state may have arrived together with its end, and not be recorded yet.
        order = newest(told, self._told.get(id), self._known(id))
        if order is None or not self._would_show(order):
            return []
        gone = replace(order, cancelled=order.cancelled or self._house.now())
        return [State(gone, confirmed=True)]

    def _would_show(self, order: Order) -> bool:
        """Whether an order that the till does not show is gone, and not only too old.

        Raises `TillRefused` for one that led to somebody: a person must look at the shop.
        """
        connected = self._connected
        since = self._house.shown_since(connected.installation) if connected else None
        if since is None or order.placed > since:
            return True
        if self._referrals.credit.explain(order.id).referral is None:
            return False
        what = f"order {order.id} is too old for the shop to show it"
        raise TillRefused(shop=self._shop, what=what, cause="not_shown")

    def _part(self, page: Page, news: ShopLeft | ShopForgotten) -> None:
        if not self._is_gone:
            page.left = self._over(page, news.at if isinstance(news, ShopLeft) else None)
        page.clears = isinstance(news, ShopForgotten) and (self._is_gone or page.left is not None)

    def _over(self, page: Page, at: datetime | None) -> Connected | None:
        """Return what opened the shop, if its owner does without us by now."""
        found = parting.over(self._house, self._shop, is_new=self._is_new(at))
        if found is not None:
            return found
        page.verdict = "the shop lets us in: nothing was changed"
        if page.kept is not None and page.kept.tries < _ASKED_MOST and self._is_new(at):
            page.later = _STILL_LETS_IN
        return None

    def _is_new(self, at: datetime | None) -> bool:
        """Whether what happened then may be about the shop as it was joined last."""
        joined = self._connected.joined if self._connected else None
        return at is None or joined is None or at >= joined

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
        return self._house.installation_of(self._shop) or self._house.left(self._shop)

    @property
    def _is_gone(self) -> bool:
        return self._connected is not None and self._connected.left is not None

    def _settle(self, page: Page) -> None:
        """The same moment with other facts: what the till answers counts."""
        id, page.conflict, page.states = str(page.conflict), None, []
        with troubles(page, self._shop):
            page.states.extend(self._asked(id, None))

    def _record_settled(self, pages: Sequence[Page]) -> None:
        """Record a batch; where the same moment was told otherwise the till decides."""
        self._record(pages)
        unsettled = [page for page in pages if page.conflict is not None]
        for page in unsettled:
            self._settle(page)
        if unsettled:
            self._record(unsettled)

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
        if any(page.left is not None for page in pages):
            self._house.remember_nothing()

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
                put_off(session, self._shop, page.kept, page.later, self._house.now())
            elif page.conflict is None:
                read.append((page.kept, page.verdict))
        inbox.mark_read(session, self._shop, read)

    def _record_states(self, session: Session, referrals: Referrals, page: Page) -> None:
        for state in page.states:
            outcome = referrals.record_order(state.order, confirmed=state.confirmed)
            page.verdict = f"order {state.order.id}: {outcome.result}"
        for two in page.merged:
            page.verdict = merging.merge(session, referrals, self._shop, two)
        for asked in page.asked:
            kept = data_requests.add(
                session, self._house.vault, self._shop, asked, self._house.now()
            )
            page.verdict = "a question for what is kept" + ("" if kept else ": it is known")
        if page.left is not None:
            self._note_left(session, page, page.left)
        if page.clears:
            but = page.kept.id if page.kept else ""
            forgetting.forget_shop(session, self._house.vault, self._shop, self._house.now(), but)
            page.verdict = "nobody of the shop is known any more"
        for somebody in page.forgotten:
            told = forgetting.told_of(session, referrals, self._shop, somebody)
            try:
                self._house.forget(self._shop, *told, session=session)
                page.verdict = "somebody was forgotten"
            except UnknownPerson:
                page.verdict = "nobody to forget is known"

    def _note_left(self, session: Session, page: Page, left: Connected) -> None:
        if parting.has_left(session, self._house, left):
            page.verdict = "its owner does without us"
        else:
            page.clears, page.verdict = False, "it was joined anew meanwhile"

    def _record_apart(self, session: Session, referrals: Referrals, page: Page) -> None:
        """Record one delivery so that its trouble is not its neighbours'."""
        try:
            with session.savepoint():
                self._record_states(session, referrals, page)
        except OrderConflict as conflict:
            page.conflict = str(conflict.facts["id"])
        except GoodwordError as error:
            page.dead = trouble_of(error)

"""What only a process with the database can do."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Event
from typing import Final

from sqlalchemy import Connection

from goodword import followup
from goodword.embedded.changes import Changes
from goodword.embedded.moving.bringing import Load, bring_in
from goodword.embedded.moving.taking import TakenOut
from goodword.embedded.referrals import EmbeddedReferrals
from goodword.errors import Invalid
from goodword.interface.referrals import Referrals
from goodword.model.followup import Stuck
from goodword.model.moving import MovedAdvocate, MovedCode, MovedIn, PastReferral, Wrong
from goodword.model.program import Program
from goodword.model.worth import Kind
from goodword.platforms import Carrier
from goodword.storage import deeds, events, forgotten, programs, stuck
from goodword.storage.database import Database, Joined, Shared
from goodword.storage.desk import Desk
from goodword.storage.migrating import check, migrate
from goodword.storage.sql import Session

_SHOP_LONGEST = 64
_SWEEP_EACH: Final = timedelta(hours=1)


def utc_now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


class Engine:
    """One database with the tables of goodword, and all its shops."""

    def __init__(self, database: Database, now: Callable[[], datetime] = utc_now) -> None:
        self.database = database
        self.now = now
        self._checked = Event()
        self._swept: datetime | None = None

    def of(self, shop: str = "shop", *, grants: Collection[Kind] | None = None) -> Referrals:
        """Return the referrals of one shop.

        ``grants`` keeps what the shop's platform can grant, so that `programs.save` refuses the
        rest.  Raises `NotMigrated` where the tables are missing or older.
        """
        desk = self._desk(shop)
        if grants is not None:
            desk.write(lambda book: programs.set_grants(book, grants))
        return EmbeddedReferrals(desk)

    def listen(self, shop: str = "shop", *, on: bool = True) -> None:
        """Keep the events of a shop from now on, for the carrier ``webhook`` to tell.

        Off: keep none, and drop those that were not told yet.
        """
        self._desk(shop).write(partial(events.listen, on=on))

    def bring_in(
        self,
        shop: str,
        program: str,
        *,
        programs: Iterable[Program | Wrong] = (),
        advocates: Iterable[MovedAdvocate | Wrong] = (),
        codes: Iterable[MovedCode | Wrong] = (),
        referrals: Iterable[PastReferral | Wrong] = (),
        dry_run: bool = False,
    ) -> MovedIn:
        """Bring in what another tool knew of a shop: all of it, or nothing.

        Each may hold as much as it likes, and is read once, or anew after a clash: a list, or
        anything whose ``iter`` begins again.  What could not be read is handed over as `Wrong`,
        to be told with the rest.  ``program`` is that of what names none; whoever comes without
        a code, and has none, is drawn one there.  Nobody is mailed, no event is told, and a past
        referral earns nothing.  The same twice changes nothing.  ``dry_run`` looks at all of it,
        and undoes it.  Raises `RowsInvalid` with all that is wrong, and `UnknownProgram`.
        """
        load = Load(program, programs, advocates, codes, referrals)
        return bring_in(self._desk(shop), load, dry_run=dry_run)

    def take_out(self, shop: str = "shop") -> TakenOut:
        """Return what there is to take along of a shop, as `bring_in` takes it.

        All of it can be read in bounded memory, while others work.
        """
        return TakenOut(self._desk(shop))

    def within(self, connection: Connection | Session) -> Engine:
        """Return an engine whose rows stand or fall with the host's transaction.

        ``connection`` is a SQLAlchemy connection to a database that holds our tables.  Each verb
        is a savepoint of its own; the host commits.
        """
        if isinstance(connection, Session):
            # Through a session that is open already nobody can look at the version.
            self._check()
        joined = Joined(connection) if isinstance(connection, Session) else Shared(connection)
        engine = Engine(joined, self.now)
        engine._checked = self._checked
        return engine

    def migrate(self) -> None:
        """Make the tables, or bring them up to date; safe to call at every start."""
        migrate(self.database)
        self._checked.set()

    def work(
        self,
        carriers: Mapping[str, Carrier] | None = None,
        *,
        until: Callable[[], bool] = lambda: False,
    ) -> int:
        """Carry out what is due, in every shop; return how many deeds were done or tried.

        ``carriers`` by name: ``till`` grants rewards and takes them back, ``mail`` says thanks,
        ``webhook`` tells events, ``invitation`` mails those whom the shop vouched for.  What lacks
        its carrier stays due.  ``until`` is asked before each deed; once it says so, the rest is
        left as if nobody had taken it up.  Raises `Invalid` inside a transaction, with carriers.
        """
        self._check()
        if carriers and self.database.is_under_way():
            raise Invalid(
                field="carriers",
                mend="what they do cannot be rolled back: let them work after the commit, on an "
                "engine that is not within a connection",
            )
        self._sweep()
        done, able = 0, carriers or {}
        duties = followup.doable(able)
        # A deed may make the next one due: a release makes a grant.
        while not until():
            shops = self.database.read(partial(deeds.ready_shops, now=self.now(), duties=duties))
            taken = sum(followup.work(self._desk(shop), able, until) for shop in shops)
            done += taken
            if taken == 0:
                break
        return done

    def stuck(self, shop: str = "shop", *, most: int = 200) -> Sequence[Stuck]:
        """Return the deeds of a shop that were given up and wait for a person, oldest first."""
        return self._desk(shop).read(partial(stuck.found, most=most))

    def retry(self, id: str, shop: str = "shop") -> bool:
        """Let a deed that is stuck be tried once more by `work`; False: it is not stuck."""
        return self._desk(shop).write(lambda book: stuck.revive(book, id, self.now()))

    def answer(self, id: str, shop: str = "shop", *, used: bool) -> bool:
        """Say whether a coupon was used, where its shop cannot: what is stuck for it is done.

        Used: what is owed back of it stays a debt.  Not used: it came back whole, or is over
        unused; see to it that nobody can use it any more.  False: the deed is not stuck.  Raises
        `Invalid` for one that asks for something else, and while another deed comes first.
        """
        return self._desk(shop).write(
            lambda book: followup.by_hand(book, id, used=used, now=self.now())
        )

    def close(self) -> None:
        """Close every connection."""
        self.database.close()

    def _sweep(self) -> None:
        """Drop what told those who were forgotten, once its time is over; looked for hourly."""
        now = self.now()
        if self._swept is not None and abs(now - self._swept) < _SWEEP_EACH:
            return
        for shop in self.database.read(partial(forgotten.shops_to_sweep, now=now)):
            self._desk(shop).write(partial(forgotten.sweep, now=now))
        self._swept = now

    def _desk(self, shop: str) -> Desk:
        self._check()
        if not 0 < len(shop) <= _SHOP_LONGEST:
            raise Invalid(field="shop", mend=f"name the shop in 1 to {_SHOP_LONGEST} characters")
        return Desk(self.database, shop, self.now, Changes)

    def _check(self) -> None:
        if not self._checked.is_set():
            check(self.database)
            self._checked.set()

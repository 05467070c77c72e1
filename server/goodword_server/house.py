"""What one server process holds: its engine, its vault, its shops."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from threading import Lock
from time import monotonic
from typing import Final

from goodword.apps import App, HasApp
from goodword.embedded.engine import Engine, utc_now
from goodword.errors import GoodwordError, Invalid
from goodword.interface.referrals import Referrals
from goodword.model.followup import Thanks
from goodword.platforms import (
    Delivery,
    Installation,
    News,
    OneAddress,
    Platform,
    ShowsLately,
    Till,
    platform,
    platforms,
)
from goodword.storage.choosing import open_database
from goodword.storage.database import Database
from goodword.storage.migrating import SDK, check, migrate
from goodword.storage.sql import Session
from goodword.watching import Watch, Watches
from goodword_server import forgetting
from goodword_server.addresses import Addresses
from goodword_server.joining import entered
from goodword_server.keyring import Keyring
from goodword_server.limits import Limits
from goodword_server.looks import Look
from goodword_server.metrics.silent import Silent
from goodword_server.named import address_of, check_name
from goodword_server.noticing import NoticedTill
from goodword_server.safe import DatabaseSafe
from goodword_server.settings import Settings
from goodword_server.storage import installations, keys, looks, rounds, signs
from goodword_server.storage.installations import Connected
from goodword_server.storage.keys import KeyScope
from goodword_server.storage.tables import BRANCH
from goodword_server.thanking import Said, said
from goodword_server.vault import Vault

_log = logging.getLogger("goodword_server")
# How long another process may take to notice that an installation changed.
_REMEMBER_SECONDS: Final = 5.0
NOTICED: Final = timedelta(seconds=_REMEMBER_SECONDS + 1)
"""By then every process knows that an installation changed."""
# A shop that says the same with each order is heard once in that time.
_ALARMED: Final = timedelta(hours=1)
# How often it is noted that a till still answers as it did.
_NOTE_SECONDS: Final = 60.0


class UnknownShop(GoodwordError):
    """No shop of this name is connected."""

    reason = "unknown_shop"
    message = "no shop {shop!r} is connected"


class House:
    """One server process: made once at the start, handed to whatever serves a request."""

    def __init__(self, settings: Settings, now: Callable[[], datetime] = utc_now) -> None:
        self.settings = settings
        self.now = now
        self.database: Database = open_database(settings.database_url, prepared=settings.prepared)
        self.engine = Engine(self.database, now)
        self.vault = Vault(settings.secrets)
        self.keyring = Keyring(self.database, now)
        self.limits = Limits(self.database, now, settings)
        self.addresses = Addresses(settings.secrets, settings.proxies)
        self.platforms: Mapping[str, Platform] = platforms()
        self.apps: Mapping[str, App] = {
            name: _app(self.platforms, name, told) for name, told in settings.apps.items()
        }
        self.safe = DatabaseSafe(self.database, self.vault, now, self.remember_nothing)
        self._beside: list[Callable[[], None]] = []
        self._remembered: dict[tuple[str, str], tuple[float, Connected | None]] = {}
        self._referrals: dict[str, Referrals] = {}
        self._noted: dict[str, tuple[float, str | None]] = {}
        self._turned_away: dict[str, float] = {}
        self._mutex = Lock()

    @cached_property
    def counts(self) -> Silent:
        """What this process does, counted if an operator reads it.

        Made when it is first needed: a process that only starts others counts nothing.
        """
        if self.settings.metrics is None:
            return Silent()
        from goodword_server.metrics.counts import Counts

        return Counts()

    def migrate(self) -> None:
        """Make the tables of the library and of the server, or bring them up to date.

        All or none: raises `NewerTables` before anything is changed.
        """
        migrate(self.database, SDK, BRANCH)

    def check(self) -> None:
        """Raise `NotMigrated` unless all tables are at this release's version."""
        check(self.database)
        check(self.database, BRANCH)

    def connect(
        self,
        shop: str,
        platform_name: str,
        url: str,
        *,
        secrets: Sequence[str],
        credentials: Mapping[str, str],
        settings: Mapping[str, str] | None = None,
        path: str | None = None,
        along: Callable[[Session], None] = lambda _: None,
    ) -> Connected:
        """Join a shop to its platform; return where it shall deliver to.

        A shop that is joined again keeps the address of its deliveries.  ``along``: what stands or
        falls with it.  Raises `Invalid`.
        """
        check_name(shop)
        if not secrets or not all(secrets):
            raise Invalid(field="secrets", mend="give the secret that the shop signs with")
        address = address_of(url)
        kind = platform(platform_name)
        if path is None and isinstance(kind, OneAddress):
            path = kind.claim(address)
        # Its secrets may have been sealed with one that is lost: that is why it is joined again.
        before = self.database.read(lambda session: installations.path_of(session, shop))
        connected = Connected(
            path=path or before or _unguessable(),
            secrets=tuple(secrets),
            installation=Installation(
                shop=shop,
                platform=platform_name,
                url=address,
                credentials=credentials,
                settings=settings or {},
            ),
        )
        self.engine.of(shop, grants=kind.grants)

        def deed(session: Session) -> None:
            entered.enter(session, self.vault, connected, self.now())
            along(session)

        self.database.write(deed)
        self.remember_nothing()
        return connected

    def remember_nothing(self) -> None:
        """Look installations up anew: one changed."""
        with self._mutex:
            self._remembered.clear()

    def hook_url(self, connected: Connected) -> str:
        """Return the address that the shop's webhooks deliver to."""
        platform_name = connected.installation.platform
        return f"{self.settings.public_url}/hooks/{platform_name}/{connected.path}"

    def link(self, shop: str, code: str) -> str:
        """Return the link that an advocate passes on."""
        return f"{self.settings.public_url}/{shop}/r/{code}"

    def page(self, shop: str, code: str) -> str:
        """Return the address of the friend's page: the gift first, and then the shop."""
        return f"{self.settings.public_url}/{shop}/c/{code}"

    def installation_at(self, path: str) -> Connected | None:
        """Return the installation whose deliveries come to this path; its shop may have left."""
        return self._remember(
            ("path", path),
            lambda: self.database.read(lambda s: installations.at(s, self.vault, path)),
        )

    def installation_of(self, shop: str) -> Connected | None:
        """Return the installation of a shop."""
        return self._remember(
            ("shop", shop), lambda: self.database.read(partial(self._found, shop))
        )

    def _found(self, shop: str, session: Session) -> Connected | None:
        connected = installations.of(session, self.vault, shop)
        plugin = keys.plugin(session, shop, self.now()) if connected else None
        if connected is None or plugin is None or not plugin.is_there(self.now()):
            return connected
        return replace(connected, installation=replace(connected.installation, plugin=True))

    def left(self, shop: str) -> Connected | None:
        """Return the installation of a shop whose owner does without us; None if there is none."""
        try:
            found = self.database.read(lambda s: installations.whole(s, self.vault, shop))
        except ValueError:
            return None
        return found if found is not None and found.left is not None else None

    def referrals(self, shop: str) -> Referrals:
        """Return the referrals of one shop."""
        try:
            return self._referrals[shop]
        except KeyError:
            return self._referrals.setdefault(shop, self.engine.of(shop))

    def look(self, shop: str) -> Look:
        """Return how a shop shows itself; one that has not chosen goes by its plain name."""
        return self.database.read(lambda session: looks.of(session, shop)) or Look(name=shop)

    def letter_of_thanks(self, shop: str, thanks: Thanks) -> Said:
        """Return what a shop says to somebody whom it thanks, just now."""
        return said(self.referrals(shop), self.look(shop), thanks)

    def till(self, shop: str) -> Till:
        """Open the till of a shop; raise `UnknownShop` if it is not connected."""
        connected = self.installation_of(shop)
        if connected is None:
            raise UnknownShop(shop=shop)
        installation = self.at_hand(connected.installation)
        till = self.platforms[installation.platform].open(installation)
        return self.noticed(shop, till, installation.platform)

    def at_hand(self, installation: Installation) -> Installation:
        """Return an installation as its platform is to open it: with its safe and its app's keys.

        The app's keys may be newer than when the shop let it in.
        """
        app = self._app_of(installation)
        own = {} if app is None else app.credentials
        return replace(
            installation, safe=self.safe, credentials={**installation.credentials, **own}
        )

    def secrets_of(self, connected: Connected) -> Sequence[str]:
        """Return what the deliveries of a shop may be signed with."""
        app = self._app_of(connected.installation)
        own = () if app is None else app.secrets
        return tuple(dict.fromkeys((*connected.secrets, *own)))

    def _app_of(self, installation: Installation) -> App | None:
        app = self.apps.get(installation.platform)
        return app if app is not None and app.let_in_by(installation) else None

    def watch(self, connected: Connected) -> Watch | None:
        """Return what keeps a shop in step; None if its platform cannot be watched."""
        platform: object = self.platforms.get(connected.installation.platform)
        if not isinstance(platform, Watches):
            return None
        return platform.watch(self.at_hand(connected.installation))

    def rotates(self, connected: Connected) -> bool:
        """Whether what a shop signs with is ours to choose."""
        platform: object = self.platforms.get(connected.installation.platform)
        return isinstance(platform, Watches) and not isinstance(platform, OneAddress)

    def shown_since(self, installation: Installation) -> datetime | None:
        """Return since when orders were placed that a shop shows; None: all of them."""
        platform: object = self.platforms.get(installation.platform)
        if not isinstance(platform, ShowsLately):
            return None
        return platform.shown_since(installation, self.now())

    def alarm(self, shop: str) -> None:
        """Let the shop be looked at: who made its webhooks lost their rights, or ours changed."""
        self.database.write(
            lambda s: rounds.want(s, shop, "hooks", "afresh", self.now(), rest=_ALARMED)
        )

    def turned_away(self, shop: str, why: str) -> None:
        """Let a shop's webhooks be looked at, and its owner be told, since a delivery was refused.

        Whoever knocks, and however often: once an hour.  The answer does not depend on it.
        """
        now = monotonic()
        if now < self._turned_away.get(shop, 0.0):
            return
        self._turned_away[shop] = now + _ALARMED.total_seconds()
        _log.warning("%s: a delivery was turned away (%s)", shop, why)
        try:
            self.database.write(
                lambda s: rounds.want(
                    s, shop, "hooks", why, self.now(), rest=_ALARMED, instead=False
                )
            )
        except Exception:
            _log.exception("that a delivery to %s was turned away was not kept", shop)

    def noticed(self, shop: str, till: Till, platform: str) -> Till:
        """Return a till of a shop that notes how it answers."""
        count = partial(self.counts.till, platform)
        return NoticedTill(till, partial(self.note_till, shop), count)

    def note_till(self, shop: str, trouble: str | None) -> None:
        """Keep how a till answered, now and then, and whenever that changes."""
        now = monotonic()
        until, before = self._noted.get(shop, (0.0, None))
        if now < until and before == trouble:
            return
        self._noted[shop] = (now + _NOTE_SECONDS, trouble)
        try:
            self.database.write(lambda s: signs.note_till(s, shop, trouble, self.now()))
        except Exception:
            # What was asked of the till counts more than a note of it.
            _log.exception("how the till of %s answered was not kept", shop)

    def new_key(self, shop: str, scope: KeyScope = KeyScope.SECRET, label: str = "") -> str:
        """Return a new API key of one shop; only its hash is kept.  Raises `Invalid`."""
        check_name(shop)
        return self.keyring.make(shop, scope, label)

    def forget(self, shop: str, *told: str, session: Session | None = None) -> None:
        """Forget a person, told by an id or contacts, in the book and in the shop's inbox.

        ``session``: the transaction that it is to be part of.  Raises `UnknownPerson`.
        """
        if session is None:
            # Opened before the transaction, in which the tables cannot be checked.
            self.referrals(shop)
            self.database.write(lambda one: self.forget(shop, *told, session=one))
            return
        referrals = self.engine.within(session).of(shop)
        forgetting.forget(session, referrals, self.vault, shop, told, partial(self._news, shop))

    def _news(self, shop: str, delivery: Delivery) -> Iterable[News]:
        connected = self.installation_of(shop) or self.left(shop)
        if connected is None:
            raise UnknownShop(shop=shop)
        installation = connected.installation
        return self.platforms[installation.platform].read(delivery, installation)

    def close(self) -> None:
        """End what runs beside requests, and close every connection."""
        while self._beside:
            self._beside.pop()()
        self.engine.close()

    def beside(self, end: Callable[[], None]) -> None:
        """Take note of what runs beside requests, and how it ends: before the connections close."""
        self._beside.append(end)

    def _remember(
        self, key: tuple[str, str], find: Callable[[], Connected | None]
    ) -> Connected | None:
        # Monotonic and not the house's clock: this is about load, never about a decision.
        now = monotonic()
        found = self._remembered.get(key)
        if found is not None and found[0] > now:
            return found[1]
        try:
            connected = find()
        except Invalid:
            # A text that no database keeps names nothing.
            return None
        except Exception:
            if found is None:
                raise
            # Rather the shop as it was a moment ago than a friend before a closed door.
            return found[1]
        # Strangers ask for many paths that never were; those must not fill the memory.
        if connected is not None:
            with self._mutex:
                self._remembered[key] = (now + _REMEMBER_SECONDS, connected)
        return connected


def _app(found: Mapping[str, Platform], name: str, told: Mapping[str, str]) -> App:
    """Return the app of a platform; raise `Invalid` naming the variable that is wrong."""
    platform: object = found.get(name)
    variable = f"GOODWORD_APP_{name.upper()}"
    if not isinstance(platform, HasApp):
        raise Invalid(field=variable, mend=f"no platform {name!r} that has an app is installed")
    try:
        return platform.app(told)
    except Invalid as error:
        field, mend = str(error.facts["field"]).upper(), error.facts["mend"]
        raise Invalid(field=f"{variable}_{field}", mend=mend) from None


def _unguessable() -> str:
    return secrets.token_urlsafe(24)

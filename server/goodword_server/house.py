"""What one server process holds: its engine, its vault, its shops."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Final

from goodword.bulk import Bulk, WritesInBulk
from goodword.embedded.engine import Engine, utc_now
from goodword.errors import GoodwordError, Invalid
from goodword.interface.referrals import Referrals
from goodword.model.followup import Thanks
from goodword.platforms import (
    NOTE,
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
from goodword_server import forgetting, registered
from goodword_server.addresses import Addresses
from goodword_server.keyring import Keyring
from goodword_server.limits import Limits
from goodword_server.looks import Look
from goodword_server.metrics.silent import Silent
from goodword_server.naming import address_of, check_name
from goodword_server.noticing import Adjusting, NoticedAdjusting, NoticedTill
from goodword_server.noting import Noting
from goodword_server.registered import Apps
from goodword_server.remembering import Memory
from goodword_server.safe import DatabaseSafe
from goodword_server.settings import Settings
from goodword_server.storage import installations, keys, looks
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
        self.noting = Noting(self.database, now)
        self.addresses = Addresses(settings.secrets, settings.proxies)
        self.platforms: Mapping[str, Platform] = platforms()
        self.apps: Apps = registered.apps(self.platforms, settings.apps)
        self.safe = DatabaseSafe(self.database, self.vault, now, self.remember_nothing)
        self._beside: list[Callable[[], None]] = []
        self._remembered: Memory[Connected] = Memory(_REMEMBER_SECONDS)
        self._referrals: dict[str, Referrals] = {}

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
            other = installations.shop_at(session, connected.path)
            if other not in (None, shop) and not installations.is_connected(session, other):
                # It left, and comes back by another name.
                installations.remove(session, other)
            elif other not in (None, shop):
                mend = "is connected here as another shop: disconnect it there first"
                raise Invalid(field="url", mend=mend)
            installations.put(session, self.vault, self._with_notes(session, connected), self.now())
            along(session)

        self.database.write(deed)
        self.remember_nothing()
        return connected

    def _with_notes(self, session: Session, connected: Connected) -> Connected:
        """Return an installation with what its platform had written down among the credentials."""
        one = connected.installation
        try:
            before = installations.whole(session, self.vault, one.shop)
        except ValueError:
            return connected
        if before is None or before.installation.platform != one.platform:
            return connected
        kept = {**notes_of(before.installation.credentials), **one.credentials}
        return replace(connected, installation=replace(one, credentials=kept))

    def remember_nothing(self) -> None:
        """Look installations up anew: one changed."""
        self._remembered.forget()

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
        return self._remembered.of(
            ("path", path),
            lambda: self.database.read(lambda s: installations.at(s, self.vault, path)),
        )

    def installation_of(self, shop: str) -> Connected | None:
        """Return the installation of a shop."""
        return self._remembered.of(
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
        till = self._platform(installation).open(installation)
        return self.noticed(shop, till, installation.platform)

    def at_hand(self, installation: Installation) -> Installation:
        """Return an installation as its platform is to open it: with safe and its app's keys."""
        return replace(registered.with_keys(self.apps, installation), safe=self.safe)

    def secrets_of(self, connected: Connected) -> Sequence[str]:
        """Return what the deliveries of a shop may be signed with."""
        return registered.secrets_of(self.apps, connected)

    def watch(self, connected: Connected) -> Watch | None:
        """Return what keeps a shop in step; None if its platform cannot be watched."""
        platform: object = self.platforms.get(connected.installation.platform)
        if not isinstance(platform, Watches):
            return None
        return platform.watch(self.at_hand(connected.installation))

    def bulk(self, connected: Connected) -> Bulk | None:
        """Return what a shop writes its orders into; None if its platform has no such thing."""
        platform: object = self.platforms.get(connected.installation.platform)
        if not isinstance(platform, WritesInBulk):
            return None
        return platform.bulk(self.at_hand(connected.installation))

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

    def noticed(self, shop: str, till: Till, platform: str) -> Till:
        """Return a till of a shop that notes how it answers."""
        count, note = partial(self.counts.till, platform), partial(self.noting.till, shop)
        if isinstance(till, Adjusting):
            return NoticedAdjusting(till, note, count)
        return NoticedTill(till, note, count)

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
        return self._platform(installation).read(delivery, installation)

    def _platform(self, installation: Installation) -> Platform:
        """Return a shop's platform; raise `Invalid` that says what to install."""
        return self.platforms.get(installation.platform) or platform(installation.platform)

    def close(self) -> None:
        """End what runs beside requests, and close every connection."""
        while self._beside:
            self._beside.pop()()
        self.engine.close()

    def beside(self, end: Callable[[], None]) -> None:
        """Take note of what runs beside requests, and how it ends: before the connections close."""
        self._beside.append(end)


def notes_of(credentials: Mapping[str, str]) -> dict[str, str]:
    """Return what a platform wrote down among the credentials."""
    return {name: note for name, note in credentials.items() if name.startswith(NOTE)}


def _unguessable() -> str:
    return secrets.token_urlsafe(24)

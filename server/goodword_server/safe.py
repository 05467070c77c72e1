"""The safe in which credentials that run out are renewed, by one process at a time."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Final

from goodword.errors import TillDown
from goodword.storage.database import Database, Durability
from goodword.storage.sql import Session
from goodword_server.storage import installations, leases
from goodword_server.storage.installations import Connected
from goodword_server.vault import Vault

# Longer than any shop is waited for; whoever died holding it holds nobody up for longer.
_LEASE: Final = timedelta(minutes=2)
_WAIT_MOST_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.02
_LOOK_MOST_SECONDS: Final = 0.3


class DatabaseSafe:
    """Keeps every shop's credentials where its installation is kept, sealed by the vault.

    No transaction is open while a shop is asked: a lease keeps the others away.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        now: Callable[[], datetime],
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._vault = vault
        self._now = now
        self._changed = changed

    def renew(
        self, shop: str, renewed: Callable[[Mapping[str, str]], Mapping[str, str]]
    ) -> Mapping[str, str]:
        with self._alone(shop) as holder:
            before = self._kept(shop)
            kept = before.installation.credentials
            after = renewed(kept)
            if after != kept:
                self._keep(before, holder, after)
        return after

    @contextmanager
    def _alone(self, shop: str) -> Iterator[str]:
        holder, until = secrets.token_hex(16), monotonic() + _WAIT_MOST_SECONDS
        pause = _LOOK_SECONDS
        while not self._taken(shop, holder):
            if monotonic() > until:
                raise TillDown(shop=shop, what="its credentials are being renewed by another")
            sleep(pause)
            pause = min(2 * pause, _LOOK_MOST_SECONDS)
        try:
            yield holder
        finally:
            self._write(lambda session: leases.give_back(session, shop, holder))

    def _taken(self, shop: str, holder: str) -> bool:
        now = self._now()
        return self._database.write(
            lambda session: leases.take(session, shop, holder, now, now + _LEASE),
            Durability.PROCESS,
        )

    def _write(self, work: Callable[[Session], None]) -> None:
        self._database.write(work, Durability.PROCESS)

    def _kept(self, shop: str) -> Connected:
        # Past what this process remembers: another may have renewed them a moment ago.
        found = self._database.read(lambda session: installations.of(session, self._vault, shop))
        if found is None:
            raise TillDown(shop=shop, what="it is not connected any more")
        return found

    def _keep(self, before: Connected, holder: str, credentials: Mapping[str, str]) -> None:
        shop = before.installation.shop

        def kept(session: Session) -> bool:
            # Who was so slow that another took over must not write over what that one wrote, nor
            # over what the shop was joined anew with meanwhile.
            held = leases.is_held(session, shop, holder)
            return held and installations.set_credentials(session, self._vault, before, credentials)

        if not self._database.write(kept):
            raise TillDown(shop=shop, what="another renewed its credentials meanwhile")
        self._changed()

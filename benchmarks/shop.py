"""A tea house to measure with: its codes, its history, and orders that its shop signed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

import psycopg

from benchmarks.databases import Place
from goodword import Advocate, Program, Terms, percent_off, share_of_order
from goodword.embedded.engine import utc_now
from goodword.storage.sql import Session
from goodword_server.house import House
from goodword_server.reading import read_all
from goodword_server.settings import Settings
from goodword_server.storage import inbox
from goodword_server.tickets import Ticket, Tickets, Use
from goodword_shopify import standin as shopify
from goodword_shopify.standin import deliveries
from goodword_shopify.standin.deliveries import Sent
from goodword_woocommerce.standin.recording import SECRET, Recorded, derived, recorded

SHOP: Final = "tea-house"
PATH: Final = "benchmark"
SILK: Final = "silk-house"
"""A shop on Shopify."""
_DOMAIN: Final = "silk-house.myshopify.com"
CODES: Final = tuple(f"FRIEND{place:04}" for place in range(1000))
FIRST: Final = 1000
"""The number of the first order that is measured."""
_HISTORY: Final = range(500, 756)
_ORDER: Final = "order-updated-cod-completed"
_SECRETS: Final = "not-a-secret-but-32-characters-long"
_PUBLIC_URL: Final = "https://thanks.example"


@dataclass(frozen=True, slots=True)
class Furnished:
    """A database with the tea house in it, to be copied for each measurement."""

    place: Place
    url: str

    @contextmanager
    def copy(self) -> Iterator[str]:
        """Yield the URL of a copy."""
        url = self.place.like(self.url)
        yield url
        self.place.drop(url)


@contextmanager
def furnished(place: Place) -> Iterator[Furnished]:
    """Connect the shop; give it a program, a thousand codes, Alice's coupon, and a history."""
    url = place.fresh()
    _furnish(url)
    yield Furnished(place, url)
    place.drop(url)


def _furnish(url: str) -> None:
    house = open_house(url)
    house.migrate()
    house.connect(
        SHOP,
        "woocommerce",
        "https://tea.example",
        secrets=[SECRET],
        credentials={"key": "ck", "secret": "cs"},
        path=PATH,
    )
    house.connect(
        SILK,
        "shopify",
        f"https://{_DOMAIN}",
        secrets=[shopify.SECRET],
        credentials={"token": "shpat_benchmark"},
    )
    house.database.write(partial(_fill, house))
    house.database.write(partial(_deliver, house, _HISTORY))
    read_all(house)
    house.close()
    if url.startswith("postgresql"):
        # What autovacuum does within a minute; before that PostgreSQL plans in the dark.
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")


def open_house(url: str) -> House:
    """Return a server process's house on this database."""
    settings = Settings(
        database_url=url, secrets=(_SECRETS,), public_url=_PUBLIC_URL, worker="none", prepared=True
    )
    return House(settings)


def new_key(url: str) -> str:
    """Return a new API key of the tea house in this database."""
    house = open_house(url)
    made = house.new_key(SHOP)
    house.close()
    return made


def own_page(advocate: str) -> str:
    """Return the path of a link to an advocate's page."""
    ticket = Tickets((_SECRETS,), utc_now).write(Use.PAGE, Ticket(SHOP, advocate))
    return f"/{SHOP}/a/p/{ticket}"


def environment(url: str) -> dict[str, str]:
    """Return what tells a server of its own the same settings."""
    return {
        "GOODWORD_DATABASE_URL": url,
        "GOODWORD_SECRETS": _SECRETS,
        "GOODWORD_PUBLIC_URL": _PUBLIC_URL,
        "GOODWORD_WORKER": "none",
        "GOODWORD_PREPARED": "true",
        # All is asked with one key, as often as can be answered: counted, and never refused.
        "GOODWORD_KEY_LIMIT": "1000000000",
    }


def keep(url: str, deliveries: int) -> None:
    """Put paid orders of as many friends into the inbox, each with Alice's coupon."""
    house = open_house(url)
    house.database.write(partial(_deliver, house, range(FIRST, FIRST + deliveries)))
    house.close()


def order(number: int = 16) -> Recorded:
    """Return a recorded order, completed and paid, as another friend's."""
    billing = {**recorded(_ORDER).json["billing"], "email": f"friend-{number}@friend.example"}
    return derived(_ORDER, id=number, number=str(number), billing=billing)


def shopify_order() -> Sent:
    """Return what Shopify tells of an order: its published example."""
    return deliveries.sent("orders/updated", _DOMAIN)


def _fill(house: House, session: Session) -> None:
    referrals = house.engine.within(session).of(SHOP)
    program = Program(
        name="friends",
        title="Give 10%, get 10%",
        offer=percent_off(10),
        reward=share_of_order(10),
        terms=Terms(window_days=30, hold_days=14),
        starts=datetime(2020, 1, 1, tzinfo=UTC),
    )
    referrals.programs.save(program)
    alice = Advocate(id="c-0", name="Alice", email="alice@shop.example")
    referrals.advocates.invite("friends", alice, code="ALICE10", coupon="ref-alice10")
    for place, code in enumerate(CODES, 1):
        advocate = Advocate(id=f"c-{place}", name="Ann", email=f"ann-{place}@shop.example")
        referrals.advocates.invite("friends", advocate, code=code)


def _deliver(house: House, numbers: Iterable[int], session: Session) -> None:
    for number in numbers:
        told = order(number).delivery(PATH)
        inbox.add(session, inbox.sealed(house.vault, SHOP, told, house.now()))

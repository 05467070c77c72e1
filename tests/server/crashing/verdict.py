"""The verdict: what was acknowledged is held against what is stored and what was granted."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from goodword.storage import tables as library
from goodword_server.house import House
from goodword_server.storage.tables import inbox
from goodword_woocommerce.coupons import GRANT
from goodword_woocommerce.standin import StandIn
from tests.server.builders import rows
from tests.server.crashing.orders import Told
from tests.server.crashing.world import Record, minor

Rows = Sequence[Mapping[str, Any]]
_UNFINISHED: Final = frozenset({"granting", "unknown", "taking"})
_EMPTY_AT_THE_END: Final = frozenset({"advocate:waiting", "advocate:due"})
_DEBT: Final = "advocate:owed_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is stored, what the shop granted, and what the post brought."""

    inbox: Rows
    visits: Rows
    orders: Rows
    referrals: Rows
    entries: Rows
    grants: Rows
    followups: Rows
    thanks: Rows
    coupons: Rows
    """As they stand at the shop."""
    mails: Counter[str]
    """How often each mail came, by its Message-ID."""
    integrity: Sequence[str]
    """What SQLite finds wrong with its file."""


def find(house: House, standin: StandIn, mails: Counter[str]) -> Found:
    """Read all of it."""
    tables = {
        name: rows(house, getattr(library, name))
        for name in "visits orders referrals entries grants followups thanks".split()
    }
    return Found(
        **tables,
        inbox=rows(house, inbox),
        coupons=list(standin.shop.coupons.by_id.values()),
        mails=mails,
        integrity=_integrity(house),
    )


def verdict(record: Record, found: Found, killed: int) -> list[str]:
    """Return what was lost, what is there twice, and what is left undone, in sentences.

    ``killed`` is how often a worker was killed: each may have sent one mail that it did not live
    to note, and only that mail may come again.
    """
    return [
        *record.odd,
        *found.integrity,
        *_deliveries(record, found),
        *_visits(record, found),
        *_undone(found),
        *_orders(record, found),
        *_coupons(found),
        *_thanks(found, killed),
    ]


def _deliveries(record: Record, found: Found) -> Iterator[str]:
    kept = Counter(row["hash"] for row in found.inbox)
    told = {one.digest: one for states in record.states.values() for one in states.values()}
    for digest, times in record.acknowledged.items():
        if kept[digest] < times:
            yield f"{told[digest]}: acknowledged {times} ×, kept {kept[digest]} ×"
    for digest, times in kept.items():
        if times > record.sent[digest]:
            yield f"a delivery was sent {record.sent[digest]} × and kept {times} ×"
    for row in found.inbox:
        if row["state"] != "read":
            yield f"a delivery is {row['state']} after {row['tries']} tries: {row['verdict']}"


def _visits(record: Record, found: Found) -> Iterator[str]:
    kept = {row["id"]: row["code"] for row in found.visits}
    for visit, code in record.visits.items():
        if kept.get(visit) != code:
            yield f"the visit {visit} by {code} was acknowledged and is kept as {kept.get(visit)}"


def _undone(found: Found) -> Iterator[str]:
    for row in found.followups:
        if row["state"] != "done":
            yield f"{row['duty']} of order {row['subject']} is {row['state']}: {row['trouble']}"
    for row in found.grants:
        if row["state"] in _UNFINISHED:
            yield f"the coupon of order {row['order_id']} is {row['state']}"


def _orders(record: Record, found: Found) -> Iterator[str]:
    kept = {row["id"]: row["modified"] for row in found.orders}
    moves: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in found.entries:
        moves[row["order_id"]].append(row)
    given = _given(record, found)
    for id in sorted(kept.keys() | moves.keys() | record.states.keys()):
        told, newest = record.states.get(id, {}), _newest_acknowledged(record, id)
        if id not in kept:
            if newest is not None:
                yield f"order {id} was acknowledged and is not there"
            if moves[id]:
                yield f"order {id} is not there, and {len(moves[id])} entries of it are"
        elif kept[id] not in told:
            yield f"order {id} stands as it was never told"
        else:
            stands = told[kept[id]]
            if newest is not None and stands.modified < newest:
                yield f"{stands} stands, though a newer state was acknowledged"
            yield from _book(stands, moves[id], given[id])
    yield from _paid_off(found)


def _newest_acknowledged(record: Record, id: str) -> int | None:
    states = record.states.get(id, {}).values()
    heard = [one.modified for one in states if record.acknowledged[one.digest]]
    return max(heard, default=None)


def _book(stands: Told, moves: Rows, given: int) -> Iterator[str]:
    """Hold what is booked for an order against what its state demands."""
    for row in moves:
        if row["advocate"] != stands.advocate:
            yield f"{stands}: booked for {row['advocate']}, earned by {stands.advocate}"
    yield from _part(stands, "offer", stands.offer, moves)
    yield from _part(stands, "reward", stands.reward, moves)
    held = _held(moves, "reward")
    given_by_book = held["advocate:given"] + held["advocate:spent"]
    if given_by_book != given:
        yield f"{stands}: {given_by_book} is booked as given, and the shop gave {given}"
    if -held["advocate:owed_back"] > held["advocate:spent"]:
        yield f"{stands}: {-held['advocate:owed_back']} is owed back of what was not spent"


def _part(stands: Told, part: str, demanded: int, moves: Rows) -> Iterator[str]:
    held = _held(moves, part)
    booked = -held.pop("shop:granted", 0)
    if booked != demanded:
        yield f"{stands}: the {part} is booked with {booked} and should be {demanded}"
    for account, amount in held.items():
        if amount and account in _EMPTY_AT_THE_END:
            yield f"{stands}: {account} still holds {amount}"
        elif amount < 0 and account != _DEBT:
            yield f"{stands}: {account} holds {amount}"
    paths = Counter((row["source"], row["target"]) for row in moves if row["part"] == part)
    for (source, target), times in paths.items():
        if times > 1 and stands.once:
            yield f"{stands}: the {part} went from {source} to {target} {times} ×"


def _held(moves: Rows, part: str) -> Counter[str]:
    """Return what each account holds of a part of an order."""
    held: Counter[str] = Counter()
    for row in moves:
        if row["part"] == part:
            held[row["source"]] -= row["amount"]
            held[row["target"]] += row["amount"]
    return held


def _paid_off(found: Found) -> Iterator[str]:
    """Nobody pays back more than they owe."""
    advocates = {row["advocate"] for row in found.entries}
    for advocate in sorted(advocates):
        own = [row for row in found.entries if row["advocate"] == advocate]
        over = _held(own, "reward")[_DEBT]
        if over > 0:
            yield f"{advocate} paid back {over} more than they owed"


def _given(record: Record, found: Found) -> Counter[str]:
    """Return what the shop gave for each order: what can still be used, and what was."""
    orders = {row["id"]: row["order_id"] for row in found.grants}
    given: Counter[str] = Counter()
    for coupon in found.coupons:
        if coupon["code"] in record.spent:
            worth = record.spent[coupon["code"]]
        else:
            worth = 0 if coupon["date_expires_gmt"] else minor(coupon["amount"])
        given[orders.get(_grant(coupon), "")] += worth
    return given


def _coupons(found: Found) -> Iterator[str]:
    made = Counter(_grant(coupon) for coupon in found.coupons)
    orders = {row["id"]: row["order_id"] for row in found.grants}
    for grant, times in made.items():
        if grant not in orders:
            yield f"the shop holds a coupon for the grant {grant}, which is not in the book"
        elif times > 1:
            yield f"order {orders[grant]} was given its coupon {times} ×"
    for row in found.grants:
        if row["state"] != "refused" and made[row["id"]] == 0:
            yield f"the coupon of order {row['order_id']} is {row['state']}; the shop has none"


def _thanks(found: Found, killed: int) -> Iterator[str]:
    qualified = {row["order_id"] for row in found.referrals if row["qualified"] is not None}
    owed = Counter(row["order_id"] for row in found.thanks)
    for order in sorted(qualified | owed.keys()):
        if owed[order] != (order in qualified):
            yield f"thanks for order {order} are owed {owed[order]} ×"
    deeds = {row["id"]: row for row in found.followups if row["duty"] == "thank"}
    for id, row in deeds.items():
        if not found.mails[id]:
            yield f"thanks for order {row['subject']} are said to be sent and never came"
    for row in found.thanks:
        if row["kept"] is None:
            yield f"thanks for order {row['order_id']} came and are not marked as kept"
    for id in found.mails.keys() - deeds.keys():
        yield f"a mail {id} came that nobody owed"
    again = sum(times - 1 for times in found.mails.values())
    if again > killed:
        yield f"{again} mails came again, though only {killed} workers were killed"


def _integrity(house: House) -> list[str]:
    if house.database.dialect != "sqlite":
        return []
    with house.database.connect() as connection:
        said = [row[0] for row in connection.execute(text("PRAGMA integrity_check"))]
        strays = connection.execute(text("PRAGMA foreign_key_check")).all()
    return [f"integrity_check: {one}" for one in said if one != "ok"] + [
        f"foreign_key_check: {one}" for one in strays
    ]


def _grant(coupon: Mapping[str, Any]) -> str:
    notes = {one["key"]: one["value"] for one in coupon["meta_data"]}
    return str(notes.get(GRANT))

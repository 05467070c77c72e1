"""All that is known of a shop as files in a new folder: whole, or not there."""

from __future__ import annotations

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from goodword import wire
from goodword.embedded.moving.taking import TakenOut
from goodword.model.money import written
from goodword.model.moving import MovedAdvocate, MovedClaim, MovedCode, PastReferral
from goodword.model.outcome import Reward
from goodword_server.house import House
from goodword_server.moving import columns
from goodword_server.spreadsheets import plain

_REWARDS: Final = ("order", "advocate", "kind", "state", "worth", "unit", "text", "release")
_CLAIMS: Final = (
    *("id", "code", "advocate", "program", "friend_email", "friend_phone", "coupon", "at"),
    *("expires", "confirmed"),
)
Cells = Sequence[Any]


def write(house: House, shop: str, folder: Path) -> dict[str, int]:
    """Write a shop into a new folder; return how many of each kind there are."""
    if folder.exists():
        raise click.ClickException(f"{folder} is there already; name a folder that is not")
    if not folder.absolute().parent.is_dir():
        raise click.ClickException(f"{folder.absolute().parent} is no folder; make it first")
    # Beside its place, for its owner's eyes alone; what is whole is moved there at once.
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.absolute().parent))
    try:
        counted = _write(house.engine.take_out(shop), made)
        made.rename(folder)
    except BaseException:
        shutil.rmtree(made, ignore_errors=True)
        raise
    return counted


def _write(taken: TakenOut, folder: Path) -> dict[str, int]:
    # What names others first, so that whatever is named is there once that is read.
    counted = {
        "claims": _table(folder / "claims.csv", _CLAIMS, taken.claims(), _claim),
        "rewards": _table(folder / "rewards.csv", _REWARDS, taken.rewards(), _reward),
        "referrals": _table(
            folder / "referrals.csv", [*columns.REFERRALS], taken.referrals(), _referral
        ),
        "codes": _table(folder / "codes.csv", [*columns.CODES], taken.codes(), _code),
        "advocates": _table(
            folder / "advocates.csv", [*columns.ADVOCATES], taken.advocates(), _advocate
        ),
    }
    programs = [wire.plain(one) for one in taken.programs()]
    text = json.dumps(programs, ensure_ascii=False, indent=2)
    (folder / "programs.json").write_text(f"{text}\n", encoding="utf-8")
    return {"programs": len(programs), **dict(reversed(counted.items()))}


def _table(
    path: Path, head: Sequence[str], rows: Iterable[Any], turn: Callable[[Any], Cells]
) -> int:
    counted = 0
    # With a mark before all else: so Excel reads it as UTF-8.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        for one in rows:
            writer.writerow([plain(cell) for cell in _texts(turn(one))])
            counted += 1
    return counted


def _texts(cells: Cells) -> Iterator[str]:
    for cell in cells:
        if cell is None:
            yield ""
        elif isinstance(cell, datetime):
            yield cell.isoformat()
        elif isinstance(cell, bool):
            yield "yes" if cell else ""
        else:
            yield str(cell)


def _advocate(one: MovedAdvocate) -> Cells:
    who = one.advocate
    return (
        *(who.id, who.name, who.email, who.phone, who.relation, one.account, one.code, one.coupon),
        *(one.since, who.ended, one.merged_into, one.forgotten),
    )


def _code(one: MovedCode) -> Cells:
    moments = (one.made, one.ended, one.rotated)
    return (one.text, one.advocate, one.program, one.coupon, *moments)


def _referral(one: PastReferral) -> Cells:
    net = one.net or one.total
    return (
        *(one.order, one.placed, written(one.total), written(net), one.total.unit),
        *(one.advocate, one.code, one.program, one.email, one.phone, one.account),
        *(one.reward, one.state),
    )


def _reward(one: Reward) -> Cells:
    worth = (written(one.worth), one.worth.unit)
    return (one.order, one.advocate, one.kind, one.state, *worth, one.text, one.release)


def _claim(one: MovedClaim) -> Cells:
    claim = one.claim
    return (
        *(claim.id, claim.code, claim.advocate, claim.program, one.email, one.phone),
        *(claim.coupon, claim.at, claim.expires, claim.confirmed),
    )

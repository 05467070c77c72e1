"""Which columns the files of a move have, in which words, and what stands in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Final

from goodword.errors import MoneyInvalid
from goodword.model.credit import State
from goodword.model.money import Money, money
from goodword.model.moving import MovedAdvocate, MovedCode, PastReferral
from goodword.model.people import Advocate, Relation
from goodword_server.inviting import lists

ADVOCATES: Final[Mapping[str, Sequence[str]]] = {
    "id": (*lists.NAMES["id"], "advocate id", "customer id", "推薦人編號"),
    "name": lists.NAMES["name"],
    "email": lists.NAMES["email"],
    "phone": lists.NAMES["phone"],
    "relation": lists.NAMES["relation"],
    "account": ("account", "帳號"),
    "code": ("code", "referral code", "推薦碼"),
    "coupon": ("coupon", "優惠券"),
    "since": ("since", "joined", "加入時間"),
    "ended": ("ended", "結束時間"),
    "merged_into": ("merged_into",),
    "forgotten": ("forgotten",),
}
CODES: Final[Mapping[str, Sequence[str]]] = {
    "code": ADVOCATES["code"],
    "advocate": ("advocate", "advocate id", "推薦人", "推薦人編號"),
    "program": ("program", "推薦計畫"),
    "coupon": ADVOCATES["coupon"],
    "made": ("made", "created", "建立時間"),
    "ended": ADVOCATES["ended"],
    "rotated": ("rotated",),
}
REFERRALS: Final[Mapping[str, Sequence[str]]] = {
    "order": ("order", "order id", "訂單", "訂單編號"),
    "placed": ("placed", "order date", "下單時間"),
    "total": ("total", "order total", "總額", "訂單金額"),
    "net": ("net", "subtotal", "小計"),
    "currency": ("currency", "幣別"),
    "advocate": CODES["advocate"],
    "code": CODES["code"],
    "program": CODES["program"],
    "friend_email": ("friend_email", "friend email", "friend e-mail", "朋友電子郵件", "朋友信箱"),
    "friend_phone": ("friend_phone", "friend phone", "朋友電話"),
    "friend_account": ("friend_account", "friend account", "朋友帳號"),
    "reward": ("reward", "回饋"),
    "state": ("state", "狀態"),
}
_YES: Final = frozenset({"yes", "true", "1", "是"})
_NO: Final = frozenset({"no", "false", "0", "否"})
# As Excel writes a day: the year first, then month and day, with one digit or two.
_DAY: Final = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?=\D|$)")
_HOUR: Final = re.compile(r"(?<=[T ])(\d):")


class Misfit(Exception):
    """A cell that cannot be what its column holds."""

    def __init__(self, column: str, mend: str) -> None:
        self.column = column
        self.mend = mend
        super().__init__(mend)


@dataclass(frozen=True, slots=True)
class Usual:
    """What holds where a file says nothing."""

    relation: Relation = Relation.CUSTOMER
    currency: str | None = None
    zone: tzinfo | None = None


Cells = Mapping[str, str]


def advocate(cells: Cells, line: int, usual: Usual) -> MovedAdvocate:
    """Return the advocate of a row; raise `Misfit` for a cell that cannot be."""
    get = cells.get
    said = get("relation")
    relation = lists.RELATIONS.get(said.lower()) if said else usual.relation
    if relation is None:
        raise Misfit("relation", f"is no relation; write one of {', '.join(Relation)}")
    return MovedAdvocate(
        advocate=Advocate(
            id=get("id", ""),
            name=get("name", ""),
            email=get("email") or None,
            phone=get("phone") or None,
            relation=relation,
            ended=_moment(cells, "ended", usual),
        ),
        account=get("account") or None,
        code=get("code") or None,
        coupon=get("coupon") or None,
        since=_moment(cells, "since", usual),
        merged_into=get("merged_into") or None,
        forgotten=_flag(cells, "forgotten"),
        line=line,
    )


def code(cells: Cells, line: int, usual: Usual) -> MovedCode:
    """Return the code of a row; raise `Misfit` for a cell that cannot be."""
    return MovedCode(
        text=cells["code"],
        advocate=cells["advocate"],
        program=cells.get("program") or None,
        coupon=cells.get("coupon") or None,
        made=_moment(cells, "made", usual),
        ended=_moment(cells, "ended", usual),
        rotated=_moment(cells, "rotated", usual),
        line=line,
    )


def referral(cells: Cells, line: int, usual: Usual) -> PastReferral:
    """Return the past referral of a row; raise `Misfit` for a cell that cannot be."""
    currency = (cells.get("currency") or usual.currency or "").upper()
    if not currency:
        raise Misfit("currency", "is not told; write it in a column, or say --currency TWD")
    placed = _moment(cells, "placed", usual)
    if placed is None:
        raise Misfit("placed", "is empty; say when the order was placed")
    return PastReferral(
        order=cells["order"],
        placed=placed,
        total=_money(cells, "total", currency),
        net=_money(cells, "net", currency) if cells.get("net") else None,
        advocate=cells.get("advocate") or None,
        code=cells.get("code") or None,
        program=cells.get("program") or None,
        email=cells.get("friend_email") or None,
        phone=cells.get("friend_phone") or None,
        account=cells.get("friend_account") or None,
        reward=cells.get("reward", ""),
        state=_state(cells),
        line=line,
    )


def _state(cells: Cells) -> State:
    said = cells.get("state", "").lower() or State.REWARDED
    try:
        return State(said)
    except ValueError:
        raise Misfit("state", f"is no state; write one of {', '.join(State)}") from None


def _flag(cells: Cells, column: str) -> bool:
    said = cells.get(column)
    if not said or said.lower() in _NO:
        return False
    if said.lower() not in _YES:
        raise Misfit(column, "write yes or no")
    return True


def _money(cells: Cells, column: str, currency: str) -> Money:
    try:
        return money(cells[column], currency)
    except MoneyInvalid as error:
        field = column if error.facts["field"] == "amount" else str(error.facts["field"])
        raise Misfit(field, str(error.facts["mend"])) from None


def _moment(cells: Cells, column: str, usual: Usual) -> datetime | None:
    text = cells.get(column)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(_HOUR.sub(r"0\1:", _DAY.sub(_padded, text, count=1), count=1))
    except ValueError:
        raise Misfit(column, "is no moment; write it like 2026-11-22T09:25:00+08:00") from None
    if at.tzinfo is None and usual.zone is None:
        raise Misfit(
            column,
            "has no time zone; write it like 2026-11-22T09:25:00+08:00, or say --zone Asia/Taipei",
        )
    try:
        return (at if at.tzinfo else at.replace(tzinfo=usual.zone)).astimezone(UTC)
    except OverflowError:
        raise Misfit(column, "lies outside of all time; check its year") from None


def _padded(day: re.Match[str]) -> str:
    return f"{day[1]}-{day[2]:0>2}-{day[3]:0>2}"

"""Plays the examples of the API in their sequence, on a shop where each of them can happen.

``python -m tests.server.api.playing`` records the answers anew, to be read before they are kept.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from werkzeug.test import Client, TestResponse

from goodword import Advocate, Referrals, Terms, share_of_order
from goodword.interface.routes import BY_VERB
from goodword.model.worth import Kind
from goodword_server.api import examples
from goodword_server.house import House
from tests.sdk.builders import Clock
from tests.server.builders import a_house, client_of, connect

# What chance draws: whatever stands there now is what the next examples speak of.
DRAWN: Final = frozenset("id visit person friend coupon items source words secret".split())


def _commission(referrals: Referrals, house: House) -> None:
    """A partner's order, whose commission is due."""
    partners = replace(
        examples.PROGRAM,
        name="partners",
        title="Tea blogs",
        reward=share_of_order(5, as_=Kind.COMMISSION),
        terms=Terms(hold_days=0),
    )
    referrals.programs.save(partners)
    blog = Advocate(id="p-1", name="Tea Blog", email="blog@example.com")
    referrals.advocates.invite("partners", blog, code="TEABLOG")
    referrals.record_order(_another("1002", code="TEABLOG", email="cy@example.com"))
    assert isinstance(house.now, Clock)
    house.now.to(examples.PLACED)
    house.engine.work({})


def _household(referrals: Referrals, house: House) -> None:
    """An order by somebody who shares Mei's phone."""
    mei = examples.MEI
    referrals.record_order(
        _another("1003", code="MEI2026", email="di@example.com", phone=mei.phone)
    )


def _nobodys(referrals: Referrals, house: House) -> None:
    """An order that nobody sent."""
    referrals.record_order(_another("1004", email="eve@example.com"))


def _twice(referrals: Referrals, house: House) -> None:
    """Mei once more, by another id."""
    referrals.advocates.invite("friends", Advocate(id="c-18", name="Mei Lin"))


def _another(id: str, **changes: Any) -> Any:
    return replace(examples.order(), id=id, visit=None, customer=None, **changes)


_BEFORE: Final[Mapping[str, Callable[[Referrals, House], None]]] = {
    "reviews.open": _household,
    "credit.assign": _nobodys,
    "rewards.mark_paid": _commission,
    "advocates.merge": _twice,
}


class Playing:
    """One run through all examples."""

    def __init__(self, house: House, client: Client, key: str, shop: str) -> None:
        self._house, self._client, self.key = house, client, key
        self._referrals = house.referrals(shop)
        self._now: dict[str, str] = {}

    def play(self) -> Iterator[tuple[str, TestResponse]]:
        """Send every example; yield what it was answered with."""
        for verb in examples.told():
            if verb in _BEFORE:
                _BEFORE[verb](self._referrals, self._house)
            answer = self._send(verb)
            yield verb, answer
            if answer.is_json:
                self._learn(examples.answers().get(verb), answer.get_json())

    def _send(self, verb: str) -> TestResponse:
        route, sent = BY_VERB[verb], examples.sent(verb)
        path = route.path.format_map({k: quote(v, safe="") for k, v in sent.path.items()})
        body = None if sent.body is None else json.dumps(sent.body)
        return self._client.open(
            "/v1" + self._as_it_is_now(path),
            method=route.method,
            query_string=dict(sent.query),
            data=None if body is None else self._as_it_is_now(body),
            headers={"Authorization": f"Bearer {self.key}"},
            content_type=None if body is None else "application/json",
        )

    def _as_it_is_now(self, text: str) -> str:
        for recorded, real in self._now.items():
            text = text.replace(recorded, real)
        return text

    def _learn(self, recorded: Any, real: Any, name: str = "") -> None:
        if isinstance(recorded, dict) and isinstance(real, dict):
            for inner in recorded.keys() & real.keys():
                self._learn(recorded[inner], real[inner], inner)
        elif isinstance(recorded, list) and isinstance(real, list):
            for one, other in zip(recorded, real, strict=False):
                self._learn(one, other, name)
        elif isinstance(recorded, str) and recorded != real and name in DRAWN:
            self._now[recorded] = real


def a_playing(house: House) -> Playing:
    connect(house)
    return Playing(house, client_of(house), house.new_key("tea-house"), "tea-house")


def main() -> None:
    """Record the answers of all examples anew."""
    recorded = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        a_house(f"sqlite:///{Path(folder) / 'x.db'}", Clock(examples.START)) as house,
    ):
        house.migrate()
        for verb, answer in a_playing(house).play():
            assert answer.status_code < 300, (verb, answer.get_data(as_text=True))
            text = answer.get_data(as_text=True)
            recorded[verb] = answer.get_json() if answer.is_json else text or None
    text = json.dumps(recorded, ensure_ascii=False, indent=1)
    examples.RECORDED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

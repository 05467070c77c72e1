"""The story that the demo tells, beat by beat, in a shop owner's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from goodword_server.demo.stage import Stage
from goodword_woocommerce.standin import paid_37, recorded

_PROGRAM: Final = {
    "title": "Give 10%, get 10% back",
    "offer": {"kind": "percent_off", "percent": "10"},
    "reward": {"kind": "amount_off", "percent": "10", "of_order": True},
    "terms": {"window_days": 30, "hold_days": 14},
}
_ALICE: Final = {
    "id": "c-1",
    "name": "Alice",
    "email": "alice.advocate@shop.example",
}
_INVITATION: Final = {"advocate": _ALICE, "code": "ALICE10", "coupon": "ref-alice10"}
_SAYS: Final = {"kind": "testimonial", "person": "c-1", "consented": "2026-11-20T09:00:00Z"}
_PROOFS: Final = (
    {
        **_SAYS,
        "id": "alice-2026-zh",
        "text": "自從每天早上磨他們的豆子，我再也沒有遲到過。",
    },
    {
        **_SAYS,
        "id": "alice-2026",
        "text": "I grind their beans each morning, and have not been late since.",
    },
)
_GREETING: Final = {
    "en": "{% if advocate %}{{ advocate }}{% else %}A friend{% endif %} drinks our coffee, and "
    "has {{ offer }} for your first bag:",
    "zh-Hant": "{% if advocate %}{{ advocate }} {% else %}您的朋友{% endif %}常喝我們的咖啡，"
    "第一包想送您 {{ offer }}：",
}
_HOLD_17: Final = datetime(2026, 12, 6, 9, 25, 25, tzinfo=UTC)
_HOLD_37: Final = datetime(2026, 12, 6, 9, 40, tzinfo=UTC)


class Story:
    """Tells what happens on a stage."""

    def __init__(self, stage: Stage, echo: Callable[[str], object]) -> None:
        self._stage = stage
        self._echo = echo
        self._link = ""
        self._told: dict[str, list[str]] = {}
        self._mails = 0

    def play(self) -> None:
        """Play it from the first word to the last."""
        self._opening()
        self._bob_buys()
        self._kate_buys()
        self._the_hold_ends()
        self._the_way_back()
        self._where_to_look()

    def _opening(self) -> None:
        self._chapter("A shop joins, and Alice gets a word to pass on")
        self._stage.connect()
        self._at("Bean Street Coffee, a WooCommerce shop, is connected.")
        program = self._stage.put("/programs/friends", _PROGRAM)
        self._at(f"Its program: {program['title']}.  A reward waits 14 days, the return window.")
        for language, text in _GREETING.items():
            told = {"language": language, "text": text}
            greeting = self._stage.put("/programs/friends/messages/page/friend.greeting", told)
            self._at(f"It greets friends in its own words: {greeting['text']}")
        code = self._stage.post("/programs/friends/advocates", _INVITATION)
        self._link = code["link"]
        for proof in _PROOFS:
            self._stage.post("/proofs", proof)
        self._at(f"Alice passes on the code {code['shown']}, worth 10% off as {code['coupon']}:")
        self._more(self._link)

    def _bob_buys(self) -> None:
        self._chapter("Bob types Alice's coupon (order 17, as a real shop recorded it)")
        self._order("order-created-bacs-onhold-coupon", "17", "Bob orders for £72; not paid yet.")
        self._order("order-updated-bacs-processing-paid", "17", "His bank transfer arrives.")
        self._thanks()
        self._order("order-updated-completed", "17", "The parcel is sent.")
        self._reward("17")

    def _kate_buys(self) -> None:
        self._chapter("Kate follows Alice's link in LINE (order 37)")
        self._stage.clock.to(datetime(2026, 11, 22, 9, 34, 36, tzinfo=UTC))
        leads = self._stage.click(f"{self._link}?via=line")
        self._at("Kate taps the link; the visit is kept, and she is led to")
        self._more(leads)
        recording = "order-created-browser-block-attribution-coupon"
        self._order(recording, "37", "She orders for £36, to be paid on delivery.")
        self._stage.deliver(paid_37())
        self._at("The parcel is handed over and paid.  (This one state was not recorded: the local")
        self._more("shop derived it from the recorded order, and signed it.)")
        self._explained("37")
        self._thanks()
        self._reward("37")

    def _the_hold_ends(self) -> None:
        self._chapter("Two weeks later: the return window is over")
        for order, moment in (("17", _HOLD_17), ("37", _HOLD_37)):
            self._stage.clock.to(moment)
            self._stage.work()
            self._reward(order)

    def _the_way_back(self) -> None:
        self._chapter("The way back: news of two refunds of order 17 arrives late")
        for recording, what in (
            ("order-updated-partial-refund", "Bob sent one of two grinders back: £36 refunded."),
            ("order-updated-fully-refunded", "He sent the other one back, too."),
        ):
            self._order(recording, "17", what)
            self._reward("17")
        self._at("What is left to Alice is what Kate's order earned:")
        self._reward("37")

    def _where_to_look(self) -> None:
        self._chapter("Have a look")
        for what, address in (
            ("Alice's gift, as a friend", self._link.replace("/r/", "/c/")),
            ("Alice's card, as LINE shows it", self._link.replace("/r/", "/c/") + "/card.png"),
            ("her link straight to the shop", self._link),
            ("the shop it leads to (recorded)", self._stage.shop.url),
            ("is the server well?", f"{self._stage.url}/readyz"),
            ("the mails, on this machine", str(self._stage.mails)),
        ):
            self._echo(f"  {what:34}{address}")
        self._echo("  why did order 17 (not) count? Ask with the shop's key:")
        self._echo(
            f"    curl -H 'Authorization: Bearer {self._stage.key}' "
            f"'{self._stage.url}/v1/orders/17/explanation?language=zh-Hant'"
        )

    def _order(self, recording: str, order: str, what: str) -> None:
        self._stage.deliver(recorded(recording))
        self._at(what)
        self._explained(order)

    def _explained(self, order: str) -> None:
        """Say what the engine says of an order, leaving out what was just said."""
        explained = self._stage.get(f"/orders/{order}/explanation")["words"]
        before = Counter(self._told.get(order, ()))
        for sentence in explained:
            if before[sentence] <= 0:
                self._more(sentence)
            before[sentence] -= 1
        self._told[order] = explained

    def _thanks(self) -> None:
        for mail in self._stage.new_mails(self._mails):
            self._mails += 1
            self._at(f"Alice is thanked at once, by mail: “{mail['Subject']}”")

    def _reward(self, order: str) -> None:
        for reward in self._stage.get("/advocates/c-1/rewards")["items"]:
            if reward["order"] == order:
                self._at(_said(reward))

    def _chapter(self, title: str) -> None:
        self._echo(f"\n{title}\n{'-' * len(title)}")

    def _at(self, what: str) -> None:
        self._echo(f"{self._stage.clock():%d %b %H:%M:%S}  {what}")

    def _more(self, what: str) -> None:
        self._echo(f"{'':17}{what}")


def _said(reward: dict[str, Any]) -> str:
    amount = f"£{reward['worth']['minor'] / 100:.2f}"
    match reward["state"]:
        case "waiting":
            return f"Alice's reward: {amount}, waiting until {reward['release'][:16]} UTC."
        case "granted":
            return f"Alice's reward: {amount}, given as the coupon {reward['text']}."
        case "reversed":
            return f"Alice's reward for order {reward['order']} was taken back whole."
        case state:
            return f"Alice's reward: {amount}, {state}."

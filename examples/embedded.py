"""One referral, from the code to the reward, in thirty lines: python examples/embedded.py"""

from datetime import UTC, datetime, timedelta

import goodword
from goodword import Advocate, Order, Program, Terms, Visiting, amount_off, money, percent_off

now = datetime(2026, 11, 22, 9, 20, tzinfo=UTC)
engine = goodword.embed("sqlite://", clock=lambda: now)
engine.migrate()
referrals = engine.of()

terms = Terms(window_days=30, hold_days=14)
offer, reward = percent_off(10), amount_off("100", "TWD")
referrals.programs.save(
    Program(name="friends", title="Give 10%, get NT$100", offer=offer, reward=reward, terms=terms)
)
code = referrals.advocates.invite("friends", Advocate(id="c-17", name="Mei"))
print(f"Mei passes on {code.shown}.")

visit = referrals.record_visit(Visiting(code=code.text, landing="/tea", via="line"))
total = money("720", "TWD")
order = Order(id="1001", placed=now, paid=now, net=total, gross=total, visit=visit.id)
outcome = referrals.record_order(order)
print(f"Order 1001: {outcome.result}, {outcome.referral.state if outcome.referral else 'nobody'}.")

now += timedelta(days=14)
engine.work()
print(*referrals.credit.explain("1001").words, sep="\n")

from datetime import UTC, datetime

import goodword
from goodword import Advocate, Order, Program, amount_off, money, percent_off

engine = goodword.embed("sqlite:///shop.db")  # or postgresql://…
engine.migrate()
referrals = engine.of()
offer, reward = percent_off(10), amount_off("100", "TWD")
program = Program(name="friends", title="Give 10%, get NT$100", offer=offer, reward=reward)
referrals.programs.save(program)
code = referrals.advocates.invite("friends", Advocate(id="c-17", name="Mei"))
now, total = datetime.now(UTC), money("720", "TWD")
referrals.record_order(Order(id="17", placed=now, paid=now, net=total, gross=total, code=code.text))
print(*referrals.credit.explain("17").words, sep="\n")

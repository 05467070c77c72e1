"""English sentences."""

from typing import Final

SENTENCES: Final = {
    "nobody": "Nobody is credited: nothing on this order leads to an advocate.",
    "credited": "Credited to {advocate}, by code {code}, in program {program} (version {version}).",
    "seen.coupon": "the coupon {word} used at the checkout",
    "seen.code": "the code {word} typed at the checkout",
    "seen.visit": "the visit {word} that the link carried to the checkout",
    "seen.left": "the code {word} that the link left on the order",
    "seen.landing": "the shop's own landing record, with the code {word}",
    "seen.assignment": "the shop's own word that it is owed",
    "seen.bond": "the friend's bond, from a claim that was confirmed",
    "seen.claim": "the friend's claim, by the same contact",
    "seen.earlier": "the friend's earlier order {word}",
    "seen.name": "the advocate's name, given at the checkout",
    "decided": "What decided: {seen}.",
    "lost.weaker": "Also seen: {seen}, which names {advocate}; stronger evidence decided.",
    "lost.earlier": "Also seen: {seen}, which names {advocate}; as strong, but older.",
    "lost.later": "Also seen: {seen}, which names {advocate}; as strong, but newer, and in this "
    "program the first counts.",
    "lost.priority": "Also seen: {seen}, which names {advocate}; as strong, but program {program} "
    "yields to the other.",
    "lost.rung_off": "Also seen: {seen}, which names {advocate}; program {program} does not take "
    "such evidence.",
    "lost.ended": "Also seen: {seen}, which names {advocate}; it had ended, and other evidence "
    "stands.",
    "lost.ambiguous": "Also seen: {seen}, which names {advocate} among others of the same name; "
    "nobody is guessed.",
    "lost.outside_window": "Also seen: {seen}, which names {advocate}; outside the program's "
    "window.",
    "lost.agrees": "Also seen: {seen}, which names {advocate} too.",
    "reason.not_paid": "Not counted yet: the order is not paid.",
    "reason.test_order": "Not counted: it is a test order.",
    "reason.cancelled": "Not counted: the order was cancelled.",
    "reason.refunded": "Not counted: everything was refunded.",
    "reason.below_minimum": "Not counted: the goods are worth less than the program's minimum.",
    "reason.not_first_order": "Not counted: it is not the friend's first order.",
    "reason.not_new_customer": "Not counted: the friend was a customer before.",
    "reason.cap_reached": "Not counted: as many orders as the program allows were counted before.",
    "reason.budget_spent": "Not counted: the program's budget is spent.",
    "reason.excluded_items": "Not counted: the program counts none of the goods bought.",
    "reason.country": "Not counted: the program does not count orders to this country.",
    "reason.order_kind": "Not counted: the program does not count orders of this kind.",
    "reason.disputed": "Not counted: the payment is disputed.",
    "reason.risk_review": "Not counted yet: a person will look at it first.",
    "reason.risk_refused": "Not counted: a person looked at it, and decided so.",
    "reason.self_referral": "Not counted: nobody is rewarded for referring themself.",
    "reason.outside_window": "Not counted: the visit is older than the program allows.",
    "reason.program_not_live": "Not counted: the program was not running when the order was "
    "placed.",
    "reason.code_ended": "Not counted: the code had ended when the order was placed.",
    "reason.advocate_inactive": "Not counted: the advocate was no longer taking part.",
    "reason.currency_differs": "Not counted: the program promises another currency.",
    "state.pending": "The referral is pending.",
    "state.in_review": "The referral waits for a person to look at it.",
    "state.expired": "The referral counted; its reward was not used in time.",
    "state.qualified": "The referral counts.",
    "state.rewarded": "The referral counts, and its reward was given.",
    "state.rejected": "The referral does not count.",
    "state.reversed": "The referral was taken back.",
    "pieces": "{count} in kind",
    "shop:granted>friend:spent": "{amount} was saved by the friend.",
    "friend:spent>shop:granted": "{amount} of the friend's saving was undone.",
    "shop:granted>advocate:waiting": "{amount} is promised to the advocate, and waits for the end "
    "of the hold.",
    "advocate:waiting>shop:granted": "{amount} was taken back before it was due.",
    "advocate:waiting>advocate:due": "The hold is over: {amount} is due to the advocate.",
    "advocate:waiting>advocate:owed_back": "The hold is over: {amount} pays off what was "
    "owed back.",
    "advocate:due>shop:granted": "{amount} was taken back before it was given.",
    "advocate:due>advocate:given": "{amount} was given to the advocate.",
    "advocate:due>advocate:owed_back": "{amount} that was due pays off what was owed back.",
    "advocate:given>advocate:due": "{amount} could not be given, and is due again.",
    "advocate:given>advocate:spent": "{amount} was spent by the advocate.",
    "advocate:spent>advocate:given": "{amount} is the advocate's to spend again.",
    "advocate:given>advocate:owed_back": "{amount} was taken back from the advocate's coupon.",
    "advocate:owed_back>shop:granted": "{amount} was given too much, and is owed back.",
    "advocate:expired>advocate:owed_back": "{amount} that was never used settles what was owed "
    "back.",
    "advocate:given>advocate:expired": "{amount} was not used in time.",
    "advocate:expired>advocate:spent": "{amount} was used in time after all.",
    "points": "{count} points",
    "thanks.subject": "Thank you, {name}!",
    "thanks.subject.nameless": "Thank you!",
    "thanks.greeting": "Hello {name},",
    "thanks.greeting.nameless": "Hello,",
    "thanks.body": "{greeting}\n\nthank you for putting in a good word for us: a friend has "
    "just ordered with your code {code}.\n\n{reward}\n",
    "thanks.reward": "Your reward is on its way; we will send it as soon as the return period "
    "is over.",
}

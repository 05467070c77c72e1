"""English sentences."""

from typing import Final

SENTENCES: Final = {
    "nobody": "Nobody is credited: nothing on this order leads to an advocate.",
    "credited": "Credited to advocate {advocate}, by code {code}, in program {program} "
    "(version {version}).",
    "rung.3": "Deciding: the code or coupon {source} was used at the checkout.",
    "rung.4": "Deciding: the link's visit {source} was carried to the checkout.",
    "rung.7": "Deciding: the shop itself noted the code {source}.",
    "lost.weaker": "Also seen: {source}, which names {advocate}; stronger evidence decided.",
    "lost.earlier": "Also seen: {source}, which names {advocate}; as strong, but older.",
    "lost.outside_window": "Also seen: {source}, which names {advocate}; "
    "outside the program's window.",
    "lost.agrees": "Also seen: {source}, which names {advocate} too.",
    "reason.not_paid": "Not counted yet: the order is not paid.",
    "reason.test_order": "Not counted: it is a test order.",
    "reason.cancelled": "Not counted: the order was cancelled.",
    "reason.refunded": "Not counted: everything was refunded.",
    "reason.below_minimum": "Not counted: the goods are worth less than the program's minimum.",
    "reason.not_first_order": "Not counted: it is not the friend's first order.",
    "reason.self_referral": "Not counted: nobody is rewarded for referring themself.",
    "reason.outside_window": "Not counted: the visit is older than the program allows.",
    "reason.program_not_live": "Not counted: the program was not running when the order was "
    "placed.",
    "reason.code_ended": "Not counted: the code had ended when the order was placed.",
    "reason.advocate_inactive": "Not counted: the advocate was no longer taking part.",
    "reason.currency_differs": "Not counted: the program promises another currency.",
    "state.pending": "The referral is pending.",
    "state.qualified": "The referral counts.",
    "state.rewarded": "The referral counts, and its reward was given.",
    "state.rejected": "The referral does not count.",
    "state.reversed": "The referral was taken back.",
    "entry": "{amount} moved from {source} to {target}.",
    "pieces": "{count} in kind",
    "account.shop:granted": "the shop's promise",
    "account.friend:spent": "what the friend saved",
    "account.advocate:waiting": "waiting for the end of the hold",
    "account.advocate:due": "due to the advocate",
    "account.advocate:given": "given to the advocate",
    "account.advocate:spent": "spent by the advocate",
    "account.advocate:owed_back": "owed back",
    "thanks.subject": "Thank you, {name}!",
    "thanks.body": "Hello {name},\n\nthank you for putting in a good word for us: a friend has "
    "just ordered with your code {code}.\n\n{reward}\n",
    "thanks.reward": "Your reward is on its way; we will send it as soon as the return period "
    "is over.",
}

"""What a shop says that speaks of no program, in English.

By channel, then by moment, as in `goodword.words.messages.en`.
"""

from typing import Final

from goodword.model.message import Channel

MESSAGES: Final = {
    Channel.PAGE: {
        # The advocate's page, but for what they pass on.
        "own.title": "Hello{% if advocate %} {{ advocate }}{% endif %}",
        "own.no_codes": "You have no code at the moment. {{ shop }} gladly gives you one.",
        "own.friends": "Your friends",
        "own.friends.none": "Nobody yet. Whoever orders with your link appears here.",
        "own.friends.private": "What they bought stays between them and the shop: you see an "
        "initial.",
        "own.friends.newest": "The newest {{ shown }} of {{ count }}.",
        "own.friend": "A friend",
        "own.friend.pending": "has ordered; it counts once it is paid",
        "own.friend.in_review": "has ordered; the shop looks at it first",
        "own.friend.qualified": "has ordered, and it counts",
        "own.friend.rewarded": "has ordered, and you were rewarded",
        "own.friend.rejected": "has ordered, and it does not count",
        "own.friend.expired": "has ordered; the reward was not used in time",
        "own.friend.reversed": "has sent the order back",
        "own.rewards": "Your rewards",
        "own.rewards.none": "Nothing yet. They appear here as soon as a friend has ordered.",
        "own.reward.waiting": "{{ amount }} waits until {{ when }}: that long your friend may "
        "still send it back.",
        "own.reward.waiting.open": "{{ amount }} waits until your friend's order is settled.",
        "own.reward.due": "{{ amount }} is due to you and on its way.",
        "own.reward.granting": "{{ amount }} is being given to you just now.",
        "own.reward.granted": "{{ amount }} is yours to use.",
        "own.reward.paid": "{{ amount }} was paid out to you.",
        "own.reward.redeemed": "You used {{ amount }}. Enjoy it!",
        "own.reward.expired": "{{ amount }} was not used in time.",
        "own.reward.offset": "{{ amount }} settled what an earlier return had left open.",
        "own.reward.reversed": "This reward was taken back, since the order was.",
        "own.reward.refused": "{{ amount }} could not be given; the shop is told and looks into "
        "it.",
        "own.reward.unknown": "{{ amount }} is being given; the shop is asked once more.",
        "own.reward.use": "Use it now",
        "own.reward.applied": "The button applies it for you.",
        "own.reward.type": "Type it in at the checkout.",
        "own.owed_back": "{{ amount }} is still open from an order that came back. Your next "
        "rewards settle it first; nobody asks you for money.",
        "own.thanks": "Thanks",
        "own.thanked": "{{ shop }} thanked you on {{ when }}.",
        "own.out": "Sign out",
        # "Why did I not get my reward?"
        "why.title": "Why did I not get my reward?",
        "why.order": "Order number",
        "why.order.help": "Your friend finds it in the order confirmation, like 1001.",
        "why.order.wrong": "Please write the order number as it stands in the confirmation, like "
        "1001.",
        "why.ask": "Ask",
        "why.unknown": "Nothing under {{ order }} led to you. Perhaps a digit is wrong, or your "
        "friend came without your link or code. The shop can look further.",
        "why.elsewhere": "This order led to you too, and counts for somebody else.",
        "why.nobody": "This order led to you, and what was seen does not count.",
        "why.lost.weaker": "What pointed to somebody else was stronger, such as a code typed at "
        "the checkout.",
        "why.lost.earlier": "Your friend followed somebody else's link later, and the last one "
        "counts.",
        "why.lost.later": "Your friend came by somebody else first, and here the first one counts.",
        "why.lost.priority": "It also fell under another program of the shop, which comes first.",
        "why.lost.rung_off": "The program does not take this kind of evidence.",
        "why.lost.ended": "The code had ended when your friend ordered.",
        "why.lost.ambiguous": "Several people go by the name that was given, and nobody is "
        "guessed.",
        "why.lost.outside_window": "Your friend ordered later than the program allows after the "
        "link.",
        "why.pending": "It is yours, and not decided yet.",
        "why.in_review": "It is yours; the shop looks at it before it counts.",
        "why.qualified": "It is yours, and it counts.",
        "why.rewarded": "It is yours, it counts, and your reward was given.",
        "why.rejected": "It led to you, and does not count.",
        "why.expired": "It counted; its reward was not used in time.",
        "why.reversed": "It counted first, and was taken back.",
        "why.reason.not_paid": "The order is not paid yet.",
        "why.reason.test_order": "The order was a test.",
        "why.reason.cancelled": "The order was cancelled.",
        "why.reason.refunded": "Everything was refunded.",
        "why.reason.below_minimum": "The goods are worth less than the program's minimum.",
        "why.reason.not_first_order": "It is not your friend's first order.",
        "why.reason.not_new_customer": "Your friend was a customer before.",
        "why.reason.cap_reached": "As many orders as the program allows were counted before.",
        "why.reason.budget_spent": "The program's budget is spent.",
        "why.reason.excluded_items": "The program counts none of the goods bought.",
        "why.reason.country": "The program does not count orders to this country.",
        "why.reason.order_kind": "The program does not count orders of this kind.",
        "why.reason.disputed": "The payment is disputed.",
        "why.reason.settled_elsewhere": "It was rewarded before, by another tool.",
        "why.reason.risk_review": "A person will look at it first.",
        "why.reason.risk_refused": "A person looked at it, and decided so.",
        "why.reason.self_referral": "Nobody is rewarded for referring themself.",
        "why.reason.outside_window": "The visit is older than the program allows.",
        "why.reason.program_not_live": "The program was not running when the order was placed.",
        "why.reason.program_paused": "The program was resting when your friend came by this.",
        "why.reason.code_ended": "The code had ended when the order was placed.",
        "why.reason.advocate_inactive": "You were no longer taking part.",
        "why.reason.currency_differs": "The program promises another currency.",
        # Coming in to the advocate's page, and saying no.
        "sign_in.title": "Your page",
        "sign_in.words": "Write the address that {{ shop }} knows you by, and a link to your page "
        "is on its way to you.",
        "sign_in.email": "E-mail address",
        "sign_in.send": "Send me the link",
        "sign_in.address": "Please look at the address once more: something is missing.",
        "sign_in.sent": "If somebody at {{ shop }} goes by this address, a link is on its way "
        "there. It opens your page once, within {{ minutes }} minutes.",
        "sign_in.sent.else": "Nothing there? Look into the spam folder, or try the address that "
        "you order with.",
        "sign_in.expired": "This link does not open any more.",
        "sign_in.no_mail": "Please open your page from your account at {{ shop }}: the link there "
        "brings you in.",
        "enter.title": "Here is your page",
        "enter.words": "One tap, and you are in at {{ shop }}.",
        "enter.go": "Open my page",
        "decline.title": "No more of these letters?",
        "decline.words": "{{ shop }} then invites you no more, and forgets your address.",
        "decline.go": "Do not write to me any more",
        "declined.title": "Nobody will write to you any more",
        "declined.words": "{{ shop }} has forgotten your address. What is kept is a mark that "
        "tells nothing of you, so that no list brings you back.",
        # Where nothing can be shown: what happened, and what to do now.
        "to_shop": "To the shop",
        "to_shop.named": "To {{ shop }}",
        "lost.title": "This link leads nowhere",
        "lost.words": "Perhaps a letter was lost on the way. Please open it from the mail once "
        "more.",
        "slow.title": "One moment, please",
        "slow.words": "That was a little too often within one minute. Please wait a moment, and "
        "try once more.",
        "missing.title": "We find no gift here",
        "missing.words": "Perhaps a letter was lost on the way. Please ask your friend for the "
        "link once more; the shop is open to you all the same.",
        "guessed.title": "One moment, please",
        "guessed.words": "That was a little too often within one minute. Please wait a moment, "
        "and open the link from your friend once more.",
        "unread.title": "We could not read that",
        "unread.words": "Please go back one page and try once more.",
    },
    Channel.MAIL: {
        # A way in to the advocate's page.
        "sign_in.subject": "Your way in to your page at {{ shop }}",
        "sign_in.body": "Hello{% if advocate %} {{ advocate }}{% endif %},\n\n"
        "this link opens your page: {{ link }}\n\nIt works once, for {{ minutes }} minutes. If you "
        "did not ask for it, leave it be: nothing happens.\n",
    },
    Channel.CARD: {
        # Where there is no card to show.
        "card.unknown": "There is no card here. Please ask your friend for the link once more.",
        "card.over": "This gift has ended. You are welcome at the shop all the same.",
        "card.paused": "This gift is resting for now. Please ask again another day.",
        "card.code_ended": "This gift has ended. Please ask your friend for a new link.",
        "card.busy": "Many cards are being drawn just now. Please try again in a moment.",
    },
    Channel.WIDGET: {
        # A customer's own box, after an order and under their account.
        "own.title": "Recommend us",
        "own.join": "Give me my link",
        "own.why": "Pass a gift from you on to your friends. When one of them takes it, we thank "
        "you.",
        "own.sent": "For this your first name and e-mail address go to our referral service.",
        "own.ready": "Your link is ready.",
        "own.silent": "That did not work just now. Try again in a minute.",
        "own.qr": "QR code of your link, to be photographed",
        "own.rewards": "Thanks for you",
        "own.rewards.none": "Nothing here yet. It comes when a friend has bought something.",
        "own.rewards.sum": "{{ ready }} ready, {{ coming }} to come",
        "own.reward.waiting": "yours from {{ when }}, when your friend's time to return things "
        "is over",
        "own.reward.waiting.open": "yours when your friend's time to return things is over",
        "own.reward.granted": "ready for you",
        "own.reward.redeemed": "used",
        "own.reward.paid": "paid out",
        "own.reward.expired": "expired",
        "own.reward.reversed": "taken back, as the order was",
        "own.reward.refused": "not given; ask us why",
        "own.reward.coming": "on its way",
        "own.reward.gift": "a gift",
        "own.reward.use": "Use now",
        # At the checkout.
        "checkout.gift": "Your gift is in the basket.",
        "checkout.ask": "Who recommended us? Code or name",
        "checkout.ask.code": "Who recommended us? Their code",
        # What the shop hands out of what it keeps of somebody.
        "kept.title": "Recommendations",
        "kept.code": "Code",
        "kept.server": "At our referral service",
        "kept.silent": "It did not answer. Ask us again for what it keeps of you.",
    },
}
NOWHERE: Final = {
    # Where no shop is known, or what it says cannot be read.
    "unknown.title": "There is no shop here",
    "unknown.words": "This link leads nowhere. Please ask your friend for it once more.",
    "nothing.title": "There is nothing here",
    "nothing.words": "Perhaps a letter was lost on the way. Please open the link once more from "
    "where you found it.",
    "trouble.title": "We cannot look that up right now",
    "trouble.words": "Nothing is lost: please open this link again in a minute. The shop is "
    "open to you all the same.",
}

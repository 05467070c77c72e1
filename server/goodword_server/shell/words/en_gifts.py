"""English sentences of what friends are asked for, and what they read of others."""

from typing import Final

SENTENCES: Final = {
    "program.claim_by": "What a friend is asked for",
    "program.claim_by.help": "To take the gift on its page. Nothing: everybody gets the advocate's "
    "own coupon.",
    "claim_by.email": "an e-mail address",
    "claim_by.phone": "a phone number",
    "claim_by.nothing": "nothing",
    "wrong.claim_by": "Choose one of the list.",
    "program.combines_with": "Its coupons may be used together with",
    "program.combines_with.help": "Coupons that stand already follow within minutes. WooCommerce "
    "knows only all other coupons or none: none, where neither orders nor products are named.",
    "combines_with.": "what the shop's own setting says",
    "combines_with.none": "no other discount",
    "combines_with.order": "discounts on the order",
    "combines_with.product": "discounts on products",
    "combines_with.shipping": "discounts on shipping",
    "combines_with.order_product": "discounts on the order and on products",
    "combines_with.order_shipping": "discounts on the order and on shipping",
    "combines_with.product_shipping": "discounts on products and on shipping",
    "combines_with.order_product_shipping": "all other discounts",
    "wrong.combines_with": "Choose one of the list.",
    "programs.paused": "paused",
    "programs.now_paused": "Program {name} is paused. Friends' coupons are being switched off.",
    "programs.resumed": "Program {name} goes on. Friends' coupons are being switched on again.",
    "program.paused": "Paused since",
    "program.pause.title": "A rest",
    "program.pause": "Pause the program",
    "program.pause.help": "While it is paused nothing new is promised: links lead to the shop, the "
    "gift's page says that it rests, and friends' coupons that nobody used are switched off. What "
    "advocates earned stays, and orders placed before, or by whoever came before, still count.",
    "program.resume": "Let it go on",
    "program.resume.help": "Friends' coupons are switched on again, each until the day that it was "
    "promised for.",
    "nav.proofs": "What others say",
    "proofs.title": "What others say",
    "proofs.words": "Friends read the three newest of these beside their gift. Show what somebody "
    "agreed to, and nothing else; who is forgotten is shown no more.",
    "proofs.none": "There is nothing to read yet.",
    "proofs.add": "Add it",
    "proofs.remove": "Remove",
    "proofs.saved": "Friends can read it now.",
    "proofs.removed": "It is shown no more.",
    "proofs.kind": "What it is",
    "proofs.text": "Words",
    "proofs.text.help": "Somebody's own words, or what the article is called.",
    "proofs.link": "Link",
    "proofs.link.help": "Where it can be read; an article and a white paper need one.",
    "proofs.person": "Whose words",
    "proofs.person.help": "Your own id of the advocate or friend. Their given name is shown, if it "
    "is known.",
    "proofs.consented": "When they agreed",
    "proofs.consented.help": "The day on which they said that it may be shown.",
    "proofs.wrong.kind": "Choose one of the list.",
    "proofs.wrong.text": "Say it in 1 to 1000 characters.",
    "proofs.wrong.link": "Give an address that begins with https://.",
    "proofs.wrong.person": "Nobody is known by this id; a testimonial needs somebody.",
    "proofs.wrong.consented": "Give a date that does not lie ahead.",
    "proof.testimonial": "testimonial",
    "proof.article": "article",
    "proof.white_paper": "white paper",
    "did.proof_saved": "showed what somebody said",
    "did.proof_removed": "removed what somebody said",
}

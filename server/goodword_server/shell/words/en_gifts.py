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

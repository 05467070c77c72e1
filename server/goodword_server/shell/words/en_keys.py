"""English sentences of keys to the API."""

from typing import Final

SENTENCES: Final = {
    "keys.title": "API keys",
    "keys.words": "With a key an app of yours speaks for this shop. Whoever has it can do the "
    "same.",
    "keys.none": "There is no key.",
    "keys.hint": "Ends in",
    "keys.scope": "Good for",
    "keys.made_at": "Made",
    "keys.used": "Last used",
    "keys.used.unknown": "never",
    "keys.ends": "Ends",
    "keys.make": "Make a key",
    "keys.rotate": "Replace",
    "keys.revoke": "End it",
    "keys.revoke.sure": "End this key at once? Whatever uses it stops working.",
    "keys.new": "Your new key",
    "keys.new.words": "Keep it now: it is shown this once, and nobody can find it again.",
    "keys.tag": "To keep friends' codes and show them their gift, put this on your shop's pages:",
    "keys.revoked": "The key that ends in {hint} has ended.",
    "scope.secret": "everything; keep it on a server",
    "scope.read": "looking, and what a browser may",
    "scope.publishable": "a page in a browser, where everybody can read it",
    "keys.id": "Id",
    "keys.label": "What it is for",
    "keys.overlap": "One that is replaced works for another {hours} hours.",
    "keys.no_scope": "Say what the key is good for.",
    "keys.no_label": "Say what it is for in one line of at most 64 characters.",
    "keys.gone": "That key has ended; make a new one.",
}

"""How codes are spelled, drawn and forgiven."""

from __future__ import annotations

import unicodedata
from typing import Final

from goodword.errors import CodeInvalid
from goodword.rules.rude import is_rude

# 32 signs without look-alikes (no 0/O, 1/I), so that a byte maps onto a sign without bias.
ALPHABET: Final = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
LENGTH: Final = 8
LONGEST: Final = 32
_SIGNS: Final = (ALPHABET * 8).encode()
# Dashes, and what nobody sees: a pasted code may bring zero-width signs along.
_FORGIVEN: Final = frozenset({"Pd", "Cc", "Cf", "Cs"})
# The same of ASCII: most codes are typed in it, and a table is faster.
_LEFT_OUT: Final = dict.fromkeys([*range(33), ord("-"), 127])
_PLAIN: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")


def from_random(octets: bytes) -> str:
    """Return the code that these random bytes spell, one sign a byte.

    >>> from_random(bytes(range(8)))
    '23456789'
    """
    return octets.translate(_SIGNS).decode()


def folded(text: str) -> str:
    """Return the code as it is stored: what case, spaces, hyphens and wide letters cannot change.

    >>> folded(" ｒef-Alice 10 ")
    'REFALICE10'
    """
    if text.isascii():
        return text.upper() if text.isalnum() else text.upper().translate(_LEFT_OUT)
    wide = unicodedata.normalize("NFKC", text).upper()
    return "".join(
        sign for sign in wide if not sign.isspace() and unicodedata.category(sign) not in _FORGIVEN
    )


def shown(text: str) -> str:
    """Return the code as people read it: a drawn one in two halves.

    >>> shown("7Q2KM9XW")
    '7Q2K-M9XW'
    """
    return f"{text[:4]}-{text[4:]}" if len(text) == LENGTH else text


def vanity(text: str) -> str:
    """Return an advocate's own choice as it is stored; raise `CodeInvalid` if it cannot be one."""
    code = folded(text)
    if not 3 <= len(code) <= LONGEST:
        raise CodeInvalid(field="code", mend=f"{text!r} needs 3 to {LONGEST} letters or digits")
    # Folded, it is in capitals.
    if not (code.isascii() and code.isalnum()) and not set(code) <= _PLAIN:
        raise CodeInvalid(
            field="code", mend=f"{text!r} may hold letters A-Z, digits, hyphens and _ only"
        )
    if is_rude(code):
        raise CodeInvalid(field="code", mend=f"{text!r} would hurt its readers; choose another")
    return code


def coupon(text: str) -> str:
    """Return a coupon's text as it is stored: platforms do not tell case apart.

    Unlike a code's, a coupon's hyphens and spaces matter to the shop that made it.
    """
    return text.strip().lower()

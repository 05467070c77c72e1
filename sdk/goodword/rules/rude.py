"""Words that nobody wants to read in a friend's link: English, and Chinese in Latin letters."""

from __future__ import annotations

import re
from typing import Final

# Wherever they stand: no name and no other word holds one of these.
_ANYWHERE: Final = (
    "FUCK",
    "NIGGER",
    "NIGGA",
    "BITCH",
    "WHORE",
    "FAGGOT",
    "ASSHOLE",
    "BULLSHIT",
    "HITLER",
    "CAONIMA",
    "GANNINIANG",
    "GANLINNIA",
)
_RUDE: Final = re.compile("|".join(_ANYWHERE))
# Alone, or beside digits: Shi-Ting, Nazim and Scunthorpe hold some, and offend nobody.
_ALONE: Final = frozenset("SHIT CUNT SLUT NAZI PUSSY WANKER TWAT PORN RAPE FAG CUM TITS".split())
_DIGITS: Final = "0123456789_"
# What digits stand for where they are meant to be read as letters.
_READ_AS: Final = bytes.maketrans(b"01345", b"OIEAS")


def is_rude(code: str) -> bool:
    """Whether a code, as it is stored, spells what nobody wants to pass on.

    >>> is_rude("FUCKYOU"), is_rude("5H1T"), is_rude("SHIT_10"), is_rude("SHITING")
    (True, True, True, False)
    """
    # As bytes: a code is in ASCII, and a table of bytes is read several times as fast.
    read = code.encode().translate(_READ_AS, b"_").decode()
    alone = code.replace("_", "").strip(_DIGITS)
    return alone in _ALONE or read in _ALONE or _RUDE.search(read) is not None

"""Words that nobody wants to read in a friend's link: English, and Chinese in Latin letters."""

from __future__ import annotations

import re
from typing import Final

# Wherever they stand: no name and no other word holds one of these.
_ANYWHERE: Final = (
    "FUCK",
    "FVCK",
    "PHUCK",
    "NIGGER",
    "NIGGA",
    "BITCH",
    "BIATCH",
    "WHORE",
    "FAGGOT",
    "ASSHOLE",
    "BULLSHIT",
    "HITLER",
    "KILLYOURSELF",
    "CAONIMA",
    "GANNINIANG",
    "GANNILAOMU",
    "GANNIMA",
    "GANLINNIA",
    "GANLINLAO",
    "GANLINLIA",
)
_RUDE: Final = re.compile("|".join(_ANYWHERE))
# Alone, or beside digits: Shi-Ting, Nazim and Scunthorpe hold some, and offend nobody.
_ALONE: Final = frozenset(
    "SHIT CUNT SLUT NAZI PUSSY WANKER TWAT PORN RAPE RAPIST FAG CUM TITS BOOBS ASS ARSE COCK CLIT "
    "PENIS VAGINA ANUS DILDO JIZZ SEX XXX PISS BASTARD FUK FCUK KKK KYS KIKE CHINK GOOK SPIC "
    "TRANNY RETARD CNM NMSL TMD GANNI SHABI JIBAI CHIBAI".split()
)
_DIGITS: Final = "0123456789"
# What digits stand for where they are meant to be read as letters.
_READ_AS: Final = bytes.maketrans(b"0134578", b"OIEASTB")


def is_rude(code: str) -> bool:
    """Whether a code, as it is stored, spells what nobody wants to pass on.

    >>> is_rude("FUCKYOU"), is_rude("5H1T"), is_rude("MY_SHIT_10"), is_rude("SHITING")
    (True, True, True, False)
    """
    # As bytes: a code is in ASCII, and a table of bytes is read several times as fast.
    read = code.encode().translate(_READ_AS, b"_").decode()
    if read in _ALONE or _RUDE.search(read) is not None:
        return True
    # A word of its own, and one that is taken apart.
    words = [*code.split("_"), code.replace("_", "")] if "_" in code else [code]
    return any(word.strip(_DIGITS) in _ALONE for word in words)

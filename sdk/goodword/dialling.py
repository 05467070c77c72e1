"""How numbers are dialled, country by country."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialling:
    """What a country's numbers look like; lengths are without code and trunk prefix."""

    code: str
    trunk: str
    shortest: int
    longest: int


# Country, calling code, the trunk prefix dialled at home alone (- is none), then the fewest digits
# that reach the same person in every town, and the most.  Italy has no trunk prefix: its 0 is part
# of the number, abroad too.
_TABLE: Final = """
    TW 886 0 9 10    JP 81 0 10 10    KR 82 0 9 11     CN 86 0 10 11    HK 852 - 8 9
    MO 853 - 8 8     SG 65 - 8 8      MY 60 0 9 10     TH 66 0 9 9      VN 84 0 9 10
    PH 63 0 10 10    ID 62 0 9 12     IN 91 0 10 10    KH 855 0 8 9     AU 61 0 9 10
    NZ 64 0 8 10     US 1 1 10 10     CA 1 1 10 10     GB 44 0 10 10    IE 353 0 9 9
    DE 49 0 10 12    FR 33 0 9 9      IT 39 - 9 11     ES 34 - 9 9      PT 351 - 9 9
    NL 31 0 9 9      BE 32 0 9 9      LU 352 - 6 11    CH 41 0 9 9      AT 43 0 10 13
    SE 46 0 9 9      NO 47 - 8 8      DK 45 - 8 8      FI 358 0 9 11    IS 354 - 7 9
    PL 48 - 9 9      CZ 420 - 9 9     SK 421 0 9 9     HU 36 06 9 9     RO 40 0 9 9
    BG 359 0 9 9     GR 30 - 10 10    TR 90 0 10 10    UA 380 0 9 9     RU 7 8 10 10
    KZ 7 8 10 10     IL 972 0 9 9     AE 971 0 9 9     SA 966 0 9 9     ZA 27 0 9 9
"""


def _read(table: str) -> dict[str, Dialling]:
    words = iter(table.split())
    return {
        country: Dialling(
            code=code,
            trunk=trunk.strip("-"),
            shortest=int(shortest),
            longest=int(longest),
        )
        for country, code, trunk, shortest, longest in zip(*[words] * 5, strict=True)
    }


COUNTRIES: Final = _read(_TABLE)
# The United States and Canada share a code and dial alike; so do Russia and Kazakhstan.
CODES: Final = {dialling.code: dialling for dialling in COUNTRIES.values()}
# What is dialled at home before a calling code, where it is not 00.
ABROAD: Final = {
    "TW": "002", "JP": "010", "KR": "001", "HK": "001", "SG": "001", "TH": "001",
    "AU": "0011", "US": "011", "CA": "011",
}  # fmt: skip

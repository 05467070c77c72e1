"""Money in whole minor units: never a float, never added across units."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from goodword.errors import MoneyInvalid

# ISO 4217, active codes by number of decimals.  TWD has two, as the standard says, though nobody
# in Taiwan pays in cents: what the engine grants in TWD is rounded to whole dollars by the rules.
_DECIMALS: Final = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN "
    "BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP "
    "GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT "
    "LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN "
    "NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE "
    "SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES "
    "WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DECIMALS: Final = {code: digits for digits, codes in _DECIMALS.items() for code in codes.split()}

# In minor units, and far from what a database's whole numbers hold, so that sums fit too.
MOST: Final = 10**15


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of one unit.

    ``minor`` counts the smallest units (cents, yen, fils).  ``unit`` is an ISO 4217 currency, or
    ``piece:<kind>`` for a reward in kind, which is counted and has no price of its own.
    """

    minor: int
    unit: str


def money(amount: str | int | Decimal, currency: str) -> Money:
    """Return the amount in whole minor units of the currency.

    >>> money("72.00", "GBP")
    Money(minor=7200, unit='GBP')
    >>> money(72, "JPY")
    Money(minor=72, unit='JPY')

    Raises `MoneyInvalid` for a float, for text that is no number, for more digits than the
    currency has (zeros are forgiven), and for a currency that ISO 4217 does not list.
    """
    digits = decimals(currency)
    number = _number(amount)
    scaled = number.scaleb(digits)
    if scaled != scaled.to_integral_value():
        raise MoneyInvalid(
            field="amount",
            mend=f"{number} has more decimals than {currency}, which has {digits}",
            amount=str(number),
            currency=currency,
        )
    return Money(int(scaled), currency)


def decimals(currency: str) -> int:
    """Return how many decimals the currency has; raise `MoneyInvalid` if ISO 4217 lacks it."""
    try:
        return DECIMALS[currency]
    except (KeyError, TypeError):
        raise MoneyInvalid(
            field="currency",
            mend=f"{currency!r} is not a currency; give its ISO 4217 code, like TWD or GBP",
            currency=str(currency),
        ) from None


def written(amount: Money) -> str:
    """Return the amount as a decimal text, the way a platform writes it: ``5.00``."""
    digits = DECIMALS.get(amount.unit, 0)
    return f"{Decimal(amount.minor).scaleb(-digits):.{digits}f}"


def _number(amount: str | int | Decimal) -> Decimal:
    # Whoever has no type checker hands a float over one day.
    given: object = amount
    if isinstance(given, (str, int, Decimal)) and not isinstance(given, bool):
        try:
            number = Decimal(given)
        except InvalidOperation:
            number = Decimal("NaN")
        # A bound, so that 1e999999 is refused here and not by memory.
        if number.is_finite() and abs(number.adjusted()) < 13:
            return number
    raise MoneyInvalid(
        field="amount",
        mend=f"{amount!r} is not an amount; write it as text, like '72.00' (never a float)",
        amount=repr(amount),
    )

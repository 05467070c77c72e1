"""Whether a text mentions a person: by address, number or name, however it is spelled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote_plus

from goodword.signals import canonical_email, canonical_phone, name_key

_ADDRESS: Final = re.compile(r"[^\s\"'<>,;:()\[\]{}\\/?&=]+@[^\s\"'<>,;:()\[\]{}\\/?&=]+")
_BETWEEN_DIGITS: Final = re.compile(r"(?<=[0-9])[\s().\-/\u2010-\u2015]+(?=[0-9])")
_WORD: Final = re.compile(r"\w+")
# Latin, Greek and Cyrillic are written with gaps between words; Chinese is not.
_GAPPED: Final = re.compile("[a-z0-9\u00c0-\u052f]+")
# What all spellings of a number share, with or without its country and area.
_TAIL: Final = 8
_ACCENTS: Final = re.compile("[\u0300-\u036f]")


class Mentions:
    """What one person can be told by."""

    def __init__(
        self,
        *,
        emails: Iterable[str | None] = (),
        phones: Iterable[str | None] = (),
        names: Iterable[str | None] = (),
    ) -> None:
        """Take what is known; what is no address, number or name is left out."""
        found = [name for name in names if name and name_key(name) is not None]
        self._mailboxes = {canonical_email(email) for email in emails} - {None}
        told = (phone and (canonical_phone(phone) or phone) for phone in phones)
        digits = (re.sub("[^0-9]", "", number) for number in told if number)
        self._tails = {one[-_TAIL:] for one in digits if len(one) >= 7}
        self._keys = {name_key(name) for name in found}
        self._names = [re.compile(pattern) for name in found for pattern in _patterns(name)]

    def within(self, text: str) -> bool:
        """Whether the text mentions them.

        >>> bob = Mentions(emails=["bob@gmail.com"], phones=["0912 345 678"], names=["Bob Lee"])
        >>> bob.within("to B.o.b+tea@gmail.com"), bob.within("+886 912-345-678")
        (True, True)
        >>> bob.within("from LEE, Bob"), bob.within("from Bobby Leeson")
        (True, False)
        """
        return any(self._within(one) for one in {text, unquote_plus(text)})

    def _within(self, text: str) -> bool:
        plain = unicodedata.normalize("NFKC", text)
        if any(canonical_email(one) in self._mailboxes for one in _ADDRESS.findall(plain)):
            return True
        joined = _BETWEEN_DIGITS.sub("", plain)
        if any(tail in joined for tail in self._tails):
            return True
        folded = _folded(plain)
        return name_key(text) in self._keys or any(one.search(folded) for one in self._names)


def _patterns(name: str) -> Iterator[str]:
    """Yield a pattern for each word that a name may begin with."""
    words = [re.escape(word) for word in _WORD.findall(_folded(name))]
    gapped = all(_GAPPED.fullmatch(word) for word in words)
    edges = (r"(?<!\w)", r"(?!\w)") if gapped else ("", "")
    for start in range(len(words)):
        turned = words[start:] + words[:start]
        yield edges[0] + r"[\W_]*".join(turned) + edges[1]


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed))

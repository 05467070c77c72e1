"""Whether a proof may be shown, and to whom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from goodword.errors import ProofInvalid
from goodword.model.proof import Proof, ProofKind
from goodword.rules import texts

_TEXT_LONGEST: Final = 1000
_LINK_LONGEST: Final = 1000
_HAN: Final = re.compile("[\u3400-\u9fff]")
# Nothing that a reader could take for another host, and nothing that runs.
_LINK: Final = re.compile(r"https?://[^\s/?#@\\\"'<>`]+(?:[/?#][^\s\\\"'<>`]*)?")


def check(proof: Proof, now: datetime) -> None:
    """Raise `ProofInvalid` naming the field and the mend."""
    for field, text, longest in (
        ("id", proof.id, texts.LONGEST),
        ("text", proof.text, _TEXT_LONGEST),
        ("person", proof.person, texts.LONGEST),
    ):
        if text is not None and not 0 < len(text.strip()) <= len(text) <= longest:
            raise ProofInvalid(field=field, mend=f"say it in 1 to {longest} characters")
        if text is not None and not texts.can_be_kept(text):
            raise ProofInvalid(field=field, mend=texts.MEND)
    _check_link(proof)
    _check_consent(proof.consented, now)
    if proof.kind is ProofKind.TESTIMONIAL and proof.person is None:
        raise ProofInvalid(field="person", mend="say whose words these are")


def readable(proofs: Iterable[Proof], language: str) -> list[Proof]:
    """Return the proofs whose letters are those of a language; all of them where none's are.

    >>> from datetime import UTC
    >>> kind, asked = ProofKind.TESTIMONIAL, datetime(2026, 1, 1, tzinfo=UTC)
    >>> said = [Proof(id=text, kind=kind, text=text, consented=asked) for text in ("Tea!", "茶！")]
    >>> [one.text for one in readable(said, "zh-Hant")]
    ['茶！']
    """
    every, is_chinese = list(proofs), language.startswith("zh")
    return [one for one in every if bool(_HAN.search(one.text)) == is_chinese] or every


def _check_link(proof: Proof) -> None:
    if proof.link is None:
        if proof.kind is not ProofKind.TESTIMONIAL:
            raise ProofInvalid(field="link", mend="say where it can be read")
        return
    fits = len(proof.link) <= _LINK_LONGEST and _LINK.fullmatch(proof.link)
    if not fits or not texts.can_be_kept(proof.link):
        raise ProofInvalid(
            field="link", mend="give an address of the web, like https://paper.example/tea"
        )


def _check_consent(consented: datetime, now: datetime) -> None:
    if consented.utcoffset() != timedelta(0):
        raise ProofInvalid(field="consented", mend="needs a moment in UTC with its time zone set")
    if consented > now:
        raise ProofInvalid(field="consented", mend="lies ahead; ask first, and show it then")

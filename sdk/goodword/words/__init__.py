"""Sentences that people read, in English and Traditional Chinese, from plain catalogues."""

from goodword.words.saying import LANGUAGES, amount, put, say
from goodword.words.troubles import tell

__all__ = ["LANGUAGES", "amount", "put", "say", "tell"]

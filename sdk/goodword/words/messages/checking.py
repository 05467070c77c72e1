"""Which texts promise what the program does not give, said so that somebody can mend them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from goodword.errors import TextInvalid
from goodword.model.message import Doubt, Finding
from goodword.model.program import Program
from goodword.rules import wordings
from goodword.words.messages import speaking, texts, values
from goodword.words.messages.catalogues import LANGUAGES, Key, catalogue, ours

Own = Mapping[str, Mapping[Key, str]]
"""A shop's own texts, by language."""


def findings(program: Program, now: datetime, own: Own, language: str) -> tuple[Finding, ...]:
    """Return every text in doubt, sorted; ``language``: in which to say what to do."""
    told = _Told(program, now, language)
    found = [
        told.finding(key, spoken, doubt, words, own=key in own[spoken])
        for spoken in LANGUAGES
        for key in ours(spoken)
        for doubt, words in _doubts(program, now, own, spoken, key)
    ]
    # The same words twice in a text are one finding.
    return tuple(sorted(set(found), key=_in_order))


def _in_order(one: Finding) -> tuple[str, ...]:
    return one.channel, one.moment, one.language, one.doubt, one.found


def _doubts(
    program: Program, now: datetime, own: Own, language: str, key: Key
) -> Iterator[wordings.Doubted]:
    text = own[language].get(key)
    if text is None:
        edited = [other for other in LANGUAGES if key in own[other]]
        if edited:
            yield Doubt.ONE_LANGUAGE, ", ".join(edited)
    elif not texts.fits(text, speaking.names(key)):
        yield from ((Doubt.UNKNOWN_NAME, name) for name in _unknown(text, key))
    else:
        said = texts.names_in(text, always=True)
        yield from ((Doubt.MISSING_NAME, name) for name in sorted(speaking.needs(key) - said))
    source = speaking.source(key, language, own[language])
    yield from wordings.doubts(source, program, now, key[0])


def _unknown(text: str, key: Key) -> list[str]:
    try:
        return sorted(texts.names_in(text) - speaking.names(key))
    except TextInvalid as error:
        return [str(error.facts["found"])]


class _Told:
    """Says what to do, in a language."""

    def __init__(self, program: Program, now: datetime, language: str) -> None:
        self._live = {**speaking.examples(language), **values.live(program, now, language)}
        self._sentences = catalogue(language).findings

    def finding(self, key: Key, language: str, doubt: Doubt, found: str, *, own: bool) -> Finding:
        """Return a finding in words."""
        moment, channel = key
        told = _languages(found) if doubt is Doubt.ONE_LANGUAGE else found
        return Finding(
            moment=moment,
            channel=channel,
            language=language,
            doubt=doubt,
            found=found,
            own=own,
            words=texts.fill(self._sentences[doubt], {**self._live, "found": told}),
        )


def _languages(codes: str) -> str:
    """Return what languages call themselves."""
    return ", ".join(catalogue(code).values["language"] for code in codes.split(", "))

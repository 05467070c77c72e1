"""Which texts promise what the program does not give, said so that somebody can mend them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from goodword.errors import TextInvalid
from goodword.model.message import EVERY_PROGRAM, Doubt, Finding
from goodword.model.program import Program
from goodword.rules import wordings
from goodword.words.messages import speaking, texts, values
from goodword.words.messages.catalogues import LANGUAGES, Key, catalogue, moments

Own = Mapping[str, Mapping[Key, str]]
"""A shop's own texts, by language."""


def findings(program: Program, now: datetime, own: Own, language: str) -> tuple[Finding, ...]:
    """Return every text of a program in doubt, sorted; ``language``: in which to say what to do."""
    live = values.live(program, now, language)
    return _found(program.name, [program], now, own, _Told(live, language))


def findings_everywhere(
    programs: Sequence[Program], now: datetime, own: Own, language: str
) -> tuple[Finding, ...]:
    """Return every text in doubt of those that speak of no program, sorted.

    What one of the shop's programs gives may be said.
    """
    return _found(EVERY_PROGRAM, programs, now, own, _Told({}, language))


def _found(
    name: str, programs: Sequence[Program], now: datetime, own: Own, told: _Told
) -> tuple[Finding, ...]:
    found = [
        told.finding(key, spoken, doubt, words, own=key in own[spoken])
        for spoken in LANGUAGES
        for key in moments(name)
        for doubt, words in _doubts(programs, now, own, spoken, key)
    ]
    # The same words twice in a text are one finding.
    return tuple(sorted(set(found), key=_in_order))


def _in_order(one: Finding) -> tuple[str, ...]:
    return one.channel, one.moment, one.language, one.doubt, one.found


def _doubts(
    programs: Sequence[Program], now: datetime, own: Own, language: str, key: Key
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
    of_each = [list(wordings.doubts(source, program, now, key[0])) for program in programs]
    for doubt in of_each[0] if of_each else ():
        if all(doubt in doubts for doubts in of_each):
            yield doubt


def _unknown(text: str, key: Key) -> list[str]:
    try:
        return sorted(texts.names_in(text) - speaking.names(key))
    except TextInvalid as error:
        return [str(error.facts["found"])]


class _Told:
    """Says what to do, in a language."""

    def __init__(self, live: Mapping[str, str], language: str) -> None:
        self._live = {**speaking.examples(language), **live}
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

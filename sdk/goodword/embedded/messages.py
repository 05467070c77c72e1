"""What people read in one shop: our texts and its own, filled in from the live program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from goodword.errors import Invalid, UnknownCode, UnknownProgram
from goodword.interface import wings
from goodword.model.message import Channel, Finding, Wording
from goodword.model.program import Program
from goodword.rules import codes
from goodword.rules.greeting import given_name
from goodword.rules.texts import LONGEST, MEND, can_be_kept
from goodword.storage import messages, people, programs
from goodword.storage.desk import Desk
from goodword.storage.locks import alone
from goodword.storage.messages import Own
from goodword.storage.sql import Book
from goodword.words.messages import checking, speaking, texts, values
from goodword.words.messages.catalogues import LANGUAGES, Key, catalogue, ours

_Own = Mapping[Key, Own]


class Messages(wings.Messages):
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def say(
        self,
        program: str,
        *,
        channel: Channel,
        language: str = "en",
        code: str | None = None,
        advocate: str | None = None,
        shop: str | None = None,
        version: int | None = None,
    ) -> Mapping[str, str]:
        asked, now = speaking.channel_of(channel), self._desk.now()
        catalogue(language)
        _check_name("shop", shop)
        _check_name("advocate", advocate)

        def work(book: Book) -> Mapping[str, str]:
            found = _version(book, program, version)
            known = {
                **speaking.left_standing(),
                **values.live(found, now, language),
                **_who(book, program, code),
                "shop": shop or book.shop,
            }
            if advocate is not None:
                known["advocate"] = advocate
            own = _texts(messages.standing(book, program, language, found.version))
            return speaking.speak(asked, language, own, known)

        return self._desk.read(work)

    def list(
        self, program: str, *, language: str = "en", shop: str | None = None
    ) -> Sequence[Wording]:
        catalogue(language)
        _check_name("shop", shop)

        def work(book: Book) -> tuple[Wording, ...]:
            reader = _Reader(self._desk, book, _newest(book, program), language, shop)
            return tuple(reader.wording(key) for key in sorted(ours(language), key=_channel_first))

        return self._desk.read(work)

    def edit(
        self, program: str, moment: str, channel: Channel, text: str | None, *, language: str = "en"
    ) -> Wording:
        key, now = (moment, speaking.channel_of(channel)), self._desk.now()
        _check(key, language, text)

        def work(book: Book) -> Wording:
            # Nobody saves a version meanwhile, which would be told in words of the one before.
            alone(book, f"program {program}")
            found = _newest(book, program)
            messages.put(book, program, language, key, found.version, text, now)
            return _Reader(self._desk, book, found, language).wording(key)

        return self._desk.write(work)

    def preview(
        self,
        program: str,
        moment: str,
        channel: Channel,
        text: str,
        *,
        language: str = "en",
        shop: str | None = None,
    ) -> Wording:
        key = (moment, speaking.channel_of(channel))
        _check(key, language, text)
        _check_name("shop", shop)

        def work(book: Book) -> Wording:
            found = _newest(book, program)
            reader = _Reader(self._desk, book, found, language, shop)
            return reader.wording(key, Own(text, found.version))

        return self._desk.read(work)

    def check(self, program: str, *, language: str = "en") -> Sequence[Finding]:
        catalogue(language)

        def work(book: Book) -> tuple[Finding, ...]:
            found = _newest(book, program)
            own = {
                spoken: _texts(messages.standing(book, program, spoken, found.version))
                for spoken in LANGUAGES
            }
            return checking.findings(found, self._desk.now(), own, language)

        return self._desk.read(work)


class _Reader:
    """One program's texts in a language, as they stand and with examples."""

    def __init__(
        self, desk: Desk, book: Book, program: Program, language: str, shop: str | None = None
    ) -> None:
        self._language = language
        self._own: _Own = messages.standing(book, program.name, language, program.version)
        known = {
            **values.live(program, desk.now(), language),
            **speaking.examples(language),
            "shop": shop or book.shop,
        }
        self._values = {**known, **dict(speaking.basics(language, _texts(self._own), known))}

    def wording(self, key: Key, instead: Own | None = None) -> Wording:
        """Return a text; ``instead``: one that is not kept yet."""
        moment, channel = key
        own = instead or self._own.get(key)
        source = speaking.source(key, self._language, {key: own.text} if own else {})
        return Wording(
            moment=moment,
            channel=channel,
            language=self._language,
            text=texts.fill(source, self._values),
            source=source,
            ours=ours(self._language)[key],
            since=own.since if own else None,
            names=tuple(sorted(speaking.names(key))),
            needs=tuple(sorted(speaking.needs(key))),
        )


def _channel_first(key: Key) -> tuple[str, str]:
    moment, channel = key
    return channel, moment


def _texts(own: _Own) -> Mapping[Key, str]:
    return {key: text for key, (text, _since) in own.items()}


def _check(key: Key, language: str, text: str | None) -> None:
    catalogue(language)
    if text is None:
        speaking.names(key)
    else:
        speaking.check(key, text)


def _check_name(field: str, name: str | None) -> None:
    if name is not None and len(name) > LONGEST:
        raise Invalid(field=field, mend=f"use at most {LONGEST} characters")
    if name is not None and not can_be_kept(name):
        raise Invalid(field=field, mend=MEND)


def _newest(book: Book, program: str) -> Program:
    found = programs.newest(book, program)
    if found is None:
        raise UnknownProgram(name=program)
    return found


def _version(book: Book, program: str, version: int | None) -> Program:
    newest = _newest(book, program)
    if version is None or version == newest.version:
        return newest
    if not 0 < version < newest.version:
        mend = f"there is no version {version} of {program}, which is at {newest.version}"
        raise Invalid(field="version", mend=mend)
    return programs.version(book, program, version)


def _who(book: Book, program: str, code: str | None) -> Mapping[str, str]:
    """Return who passes it on, as it is filled in."""
    if code is None:
        return values.who(None, None)
    found = people.code(book, codes.folded(code))
    if found is None:
        raise UnknownCode(text=code)
    if found.program != program:
        raise Invalid(field="code", mend=f"is of program {found.program}, and not of {program}")
    advocate = people.advocate(book, found.advocate)
    return values.who(found, given_name(advocate.name) if advocate else None)

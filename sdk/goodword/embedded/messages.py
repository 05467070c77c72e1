"""What people read in one shop: our texts and its own, filled in from the live program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from goodword.errors import Invalid, UnknownCode, UnknownMoment, UnknownProgram
from goodword.interface import words
from goodword.model.message import EVERY_PROGRAM, Channel, Finding, Wording
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
from goodword.words.messages.catalogues import LANGUAGES, Key, catalogue, moments, ours
from goodword.zones import zone_of

_Own = Mapping[Key, Own]


class Messages(words.Messages):
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
        zone: str | None = None,
        version: int | None = None,
    ) -> Mapping[str, str]:
        asked, now, here = speaking.channel_of(channel), self._desk.now(), zone_of(zone)
        catalogue(language)
        _check_name("shop", shop)
        _check_name("advocate", advocate)

        def work(book: Book) -> Mapping[str, str]:
            found = _version(book, program, version)
            known = {
                **speaking.left_standing(),
                **(values.live(found, now, language, here) if found else {}),
                **_who(book, program, code),
                "shop": shop or book.shop,
            }
            if advocate is not None:
                known["advocate"] = advocate
            own = _texts(_standing(book, program, found, language))
            speak = speaking.speak if found else speaking.speak_everywhere
            return speak(asked, language, own, known)

        return self._desk.read(work)

    def list(
        self,
        program: str,
        *,
        language: str = "en",
        shop: str | None = None,
        zone: str | None = None,
    ) -> Sequence[Wording]:
        catalogue(language)
        _check_name("shop", shop)
        now, here = self._desk.now(), zone_of(zone)

        def work(book: Book) -> tuple[Wording, ...]:
            reader = _Reader(book, program, language, now, here, shop)
            return tuple(
                reader.wording(key) for key in sorted(moments(program), key=_channel_first)
            )

        return self._desk.read(work)

    def edit(
        self, program: str, moment: str, channel: Channel, text: str | None, *, language: str = "en"
    ) -> Wording:
        key, now = (moment, speaking.channel_of(channel)), self._desk.now()
        _check(program, key, language, text)

        def work(book: Book) -> Wording:
            # Nobody saves a version meanwhile, which would be told in words of the one before.
            alone(book, f"program {program}")
            found = _newest(book, program)
            version = found.version if found else 0
            messages.put(book, program, language, key, version, text, now)
            return _Reader(book, program, language, now).wording(key)

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
        zone: str | None = None,
    ) -> Wording:
        key = (moment, speaking.channel_of(channel))
        _check(program, key, language, text)
        _check_name("shop", shop)
        now, here = self._desk.now(), zone_of(zone)

        def work(book: Book) -> Wording:
            reader = _Reader(book, program, language, now, here, shop)
            return reader.wording(key, Own(text, reader.version))

        return self._desk.read(work)

    def check(self, program: str, *, language: str = "en") -> Sequence[Finding]:
        catalogue(language)

        def work(book: Book) -> tuple[Finding, ...]:
            found, now = _newest(book, program), self._desk.now()
            own = {spoken: _texts(_standing(book, program, found, spoken)) for spoken in LANGUAGES}
            if found is None:
                return checking.findings_everywhere(programs.every(book), now, own, language)
            return checking.findings(found, now, own, language)

        return self._desk.read(work)


def everywhere(book: Book, channel: Channel, language: str) -> Mapping[str, str]:
    """Return the texts of a channel that speak of no program, as they stand for an advocate."""
    catalogue(language)
    own = _texts(_standing(book, EVERY_PROGRAM, None, language))
    known = {**speaking.left_standing(), "shop": book.shop, "advocate": ""}
    return speaking.speak_everywhere(channel, language, own, known)


class _Reader:
    """One program's texts in a language, as they stand and with examples."""

    def __init__(
        self,
        book: Book,
        program: str,
        language: str,
        now: datetime,
        zone: tzinfo = UTC,
        shop: str | None = None,
    ) -> None:
        found = _newest(book, program)
        self._language = language
        self.version = found.version if found else 0
        self._own: _Own = _standing(book, program, found, language)
        known = {
            **(values.live(found, now, language, zone) if found else {}),
            **speaking.examples(language),
            "shop": shop or book.shop,
        }
        basics = speaking.basics(language, _texts(self._own), known) if found else ()
        self._values = {**known, **dict(basics)}

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


def _standing(book: Book, name: str, program: Program | None, language: str) -> _Own:
    """Return the shop's own words in a version of a program, or those that speak of none."""
    return messages.standing(book, name, language, program.version if program else 0)


def _check(program: str, key: Key, language: str, text: str | None) -> None:
    catalogue(language)
    if key not in moments(program):
        moment, channel = key
        raise UnknownMoment(moment=moment, channel=channel)
    if text is not None:
        speaking.check(key, text)


def _check_name(field: str, name: str | None) -> None:
    if name is not None and len(name) > LONGEST:
        raise Invalid(field=field, mend=f"use at most {LONGEST} characters")
    if name is not None and not can_be_kept(name):
        raise Invalid(field=field, mend=MEND)


def _newest(book: Book, program: str) -> Program | None:
    """Return a program; None where every program is meant, which has no terms."""
    if program == EVERY_PROGRAM:
        return None
    found = programs.newest(book, program)
    if found is None:
        raise UnknownProgram(name=program)
    return found


def _version(book: Book, program: str, version: int | None) -> Program | None:
    newest = _newest(book, program)
    if version is None or (newest and version == newest.version):
        return newest
    if newest is None:
        raise Invalid(field="version", mend="belongs to a program; leave it out here")
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
    if program not in (found.program, EVERY_PROGRAM):
        raise Invalid(field="code", mend=f"is of program {found.program}, and not of {program}")
    advocate = people.advocate(book, found.advocate)
    return values.who(found, given_name(advocate.name) if advocate else None)

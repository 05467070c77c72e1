"""What friends and advocates read, to be worded by the shop: both languages side by side."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from goodword.errors import TextInvalid, UnknownMoment
from goodword.interface.referrals import Referrals
from goodword.model.message import EVERY_PROGRAM, Channel, Finding, Wording
from goodword.words.messages.catalogues import LANGUAGES, Key, moments, ours
from goodword.words.messages.speaking import channel_of, longest
from goodword_server.shell import language
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, show
from goodword_server.shell.roles import Role

WHICH: Final = ("yours", "doubted")
"""How texts stand that can be looked for."""
# The pages by the first word of their moments; the rest are pages where something is closed.
_PAGES: Final = {
    "friend": "friend",
    "preview": "preview",
    "advocate": "advocate",
    "own": "own",
    "why": "why",
    "sign_in": "entering",
    "enter": "entering",
    "decline": "declining",
    "declined": "declining",
}
# Channels that are another part where a text speaks of no program.
_EVERYWHERE: Final[Mapping[Channel, str]] = {Channel.CARD: "closed", Channel.WIDGET: "plugin"}


@dataclass(frozen=True, slots=True)
class Side:
    """One language of a text in the form."""

    wording: Wording
    """As it is kept."""
    text: str
    """What stands in the form."""
    reads: str = ""
    """How that reads; nothing for what is wrong."""
    wrong: Mapping[str, Any] | None = None

    @property
    def own(self) -> str | None:
        """The shop's own text; None: ours, or nothing at all, which is ours again."""
        return self.text if self.text.strip() and self.text != self.wording.ours else None


def add(pages: Pages) -> None:
    """Add the pages and their form."""

    @pages.sees("/messages")
    def messages(desk: Desk) -> ResponseReturnValue:
        programs = desk.referrals.programs.list()
        name = request.args.get("program", programs[0].name if programs else EVERY_PROGRAM)
        findings = desk.referrals.messages.check(name, language=language.current())
        doubted = {(one.moment, one.channel) for one in findings}
        which, words = request.args.get("which", ""), request.args.get("q", "").strip()
        return show(
            "messages",
            desk,
            programs=programs,
            everywhere=EVERY_PROGRAM,
            chosen=name,
            which=which if which in WHICH else "",
            choices=WHICH,
            words=words,
            parts=_by_part(_filtered(_read(desk, name), which, words, doubted)),
            findings=findings,
            doubted=doubted,
        )

    @pages.sees("/messages/<name>/<channel>/<moment>")
    def message(desk: Desk, name: str, channel: str, moment: str) -> ResponseReturnValue:
        return _form(desk, name, _standing(desk, name, channel, moment))

    @pages.does("/messages/<name>/<channel>/<moment>", Role.OWNER)
    def save_message(desk: Desk, name: str, channel: str, moment: str) -> ResponseReturnValue:
        standing = _standing(desk, name, channel, moment)
        again = request.form.get("ours", "")
        if again in standing:
            return _ours_again(desk, name, standing[again].wording)
        sent = {spoken: _sent(desk, name, side) for spoken, side in standing.items()}
        if any(side.wrong for side in sent.values()):
            return _form(desk, name, sent), 422
        if request.form.get("do") != "save":
            return _form(desk, name, sent, previewed=True)
        return _save(desk, name, standing, sent)


def _read(desk: Desk, name: str) -> Sequence[Wording]:
    look = desk.house.look(desk.shop)
    return desk.referrals.messages.list(
        name, language=language.current(), shop=look.name, zone=look.days_of
    )


def _filtered(
    listed: Sequence[Wording], which: str, words: str, doubted: Collection[Key]
) -> list[Wording]:
    """Return the texts that are looked for: by what they say or are called, and how they stand."""
    told = words.casefold()

    def fits(one: Wording) -> bool:
        if which == "yours" and one.since is None:
            return False
        if which == "doubted" and (one.moment, one.channel) not in doubted:
            return False
        return any(told in text.casefold() for text in (one.text, one.source, one.moment))

    return [one for one in listed if fits(one)]


def _by_part(listed: Sequence[Wording]) -> list[tuple[str, list[Wording]]]:
    """Return the texts by where they are read, as the catalogues have them."""
    places = {key: place for place, key in enumerate(ours(language.current()))}
    ordered = sorted(listed, key=lambda one: places[one.moment, one.channel])
    parts: dict[str, list[Wording]] = {}
    for one in ordered:
        parts.setdefault(part_of((one.moment, one.channel)), []).append(one)
    return list(parts.items())


def part_of(key: Key) -> str:
    """Return the part of what people read that a text is in: a page, or a channel."""
    moment, channel = key
    if channel is Channel.PAGE:
        return _PAGES.get(moment.partition(".")[0], "closed")
    return _EVERYWHERE.get(channel, channel) if key in moments(EVERY_PROGRAM) else channel


def _standing(desk: Desk, name: str, channel: str, moment: str) -> Mapping[str, Side]:
    """Return the form as the text stands in each language; raise `UnknownMoment`."""
    asked = (moment, channel)
    if channel not in [*Channel] or (moment, channel_of(channel)) not in moments(name):
        raise UnknownMoment(moment=moment, channel=channel)
    look = desk.house.look(desk.shop)
    found = {}
    for spoken in LANGUAGES:
        listed = desk.referrals.messages.list(
            name, language=spoken, shop=look.name, zone=look.days_of
        )
        (one,) = [one for one in listed if (one.moment, one.channel) == asked]
        found[spoken] = Side(one, one.source, one.text)
    return found


def _sent(desk: Desk, name: str, side: Side) -> Side:
    """Return a side as it was filled in, and as it would read."""
    one = side.wording
    # A browser ends lines its own way.
    text = request.form.get(f"text-{one.language}", "").replace("\r\n", "\n")
    text = text if text.strip() else one.ours
    look = desk.house.look(desk.shop)
    try:
        read = desk.referrals.messages.preview(
            name,
            one.moment,
            one.channel,
            text,
            language=one.language,
            shop=look.name,
            zone=look.days_of,
        )
    except TextInvalid as error:
        return Side(one, text, wrong=error.facts)
    return Side(one, text, read.text)


def _save(
    desk: Desk, name: str, standing: Mapping[str, Side], sent: Mapping[str, Side]
) -> ResponseReturnValue:
    changed = [side for spoken, side in sent.items() if side.own != standing[spoken].own]

    def deed(referrals: Referrals, _session: object) -> None:
        for side in changed:
            _edit(referrals, name, side.wording, side.own)

    if changed:
        desk.act("text_edited", _about(name, [side.wording for side in changed]), deed)
    one = next(iter(standing.values())).wording
    return _done(desk, name, one, "message.saved")


def _ours_again(desk: Desk, name: str, one: Wording) -> ResponseReturnValue:
    desk.act("text_ours", _about(name, [one]), lambda all, _session: _edit(all, name, one, None))
    return _done(desk, name, one, "message.is_ours")


def _edit(referrals: Referrals, name: str, one: Wording, text: str | None) -> None:
    referrals.messages.edit(name, one.moment, one.channel, text, language=one.language)


def _about(name: str, changed: Sequence[Wording]) -> str:
    one = changed[0]
    spoken = ", ".join(side.language for side in changed)
    return f"{name}: {one.channel} {one.moment} ({spoken})"


def _done(desk: Desk, name: str, one: Wording, key: str) -> ResponseReturnValue:
    flash(language.say(key), "success")
    path = url_for(
        "shop.message", shop=desk.shop, name=name, channel=one.channel, moment=one.moment
    )
    return redirect(path)


def _form(desk: Desk, name: str, sides: Mapping[str, Side], *, previewed: bool = False) -> str:
    one = next(iter(sides.values())).wording
    found = desk.referrals.messages.check(name, language=language.current())
    return show(
        "message",
        desk,
        name=name,
        everywhere=name == EVERY_PROGRAM,
        one=one,
        sides=sides,
        previewed=previewed,
        findings=[finding for finding in found if _is_of(finding, one)],
        longest=longest((one.moment, one.channel)),
    )


def _is_of(finding: Finding, one: Wording) -> bool:
    return (finding.moment, finding.channel) == (one.moment, one.channel)

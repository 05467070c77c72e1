"""What is promised to whom: the shop's programs, and a simple form for each."""

from __future__ import annotations

from datetime import tzinfo
from typing import Final

from flask import flash, request
from flask.typing import ResponseReturnValue

from goodword.errors import Invalid, ProgramChanged, UnknownProgram
from goodword.model.people import Relation
from goodword.model.program import Program
from goodword.zones import zone_of
from goodword_server.shell import language, program_form
from goodword_server.shell.desk import Desk
from goodword_server.shell.paging import Pages, done, show
from goodword_server.shell.program_form import NOWHERE, Values, Wrong
from goodword_server.shell.roles import Role

_TAKEN: Final = Wrong("name", "is taken; choose another", "taken")
_CHANGED: Final = Wrong(
    NOWHERE, "somebody else saved it meanwhile; look at it once more", "changed"
)


def add(pages: Pages) -> None:
    """Add the pages and their forms."""

    @pages.sees("/programs")
    def programs(desk: Desk) -> ResponseReturnValue:
        listed = desk.referrals.programs.list()
        return show("programs", desk, programs=listed, relations=list(Relation))

    @pages.sees("/programs/new", Role.OWNER)
    def new_program(desk: Desk) -> ResponseReturnValue:
        begun = program_form.begun(request.args.get("relation", ""))
        return _form(desk, None, begun, None)

    @pages.does("/programs/new", Role.OWNER)
    def make_program(desk: Desk) -> ResponseReturnValue:
        if _known(desk, request.form.get("name", "").strip()):
            return _form(desk, None, request.form, _TAKEN)
        return _save(desk, None)

    @pages.sees("/programs/<name>")
    def program(desk: Desk, name: str) -> ResponseReturnValue:
        found = desk.referrals.programs.find(name)
        return _form(desk, found, program_form.filled(found, _zone(desk)), None)

    @pages.does("/programs/<name>", Role.OWNER)
    def save_program(desk: Desk, name: str) -> ResponseReturnValue:
        found = desk.referrals.programs.find(name)
        if request.form.get("version") != str(found.version):
            return _form(desk, found, request.form, _CHANGED)
        return _save(desk, found)

    @pages.does("/programs/<name>/pause", Role.OWNER)
    def pause_program(desk: Desk, name: str) -> ResponseReturnValue:
        desk.act("program_paused", name, lambda referrals, _: referrals.programs.pause(name))
        return done(desk, "programs", "programs.now_paused", name=name)

    @pages.does("/programs/<name>/resumption", Role.OWNER)
    def resume_program(desk: Desk, name: str) -> ResponseReturnValue:
        desk.act("program_resumed", name, lambda referrals, _: referrals.programs.resume(name))
        return done(desk, "programs", "programs.resumed", name=name)


def _save(desk: Desk, before: Program | None) -> ResponseReturnValue:
    over = before.version if before else 0
    try:
        program = program_form.read(request.form, before, _zone(desk))
        saved = desk.act(
            "program_saved",
            lambda saved: f"{saved.name} ({saved.version})",
            lambda referrals, _session: referrals.programs.save(program, over=over),
        )
    except ProgramChanged:
        return _form(desk, before, request.form, _CHANGED if before else _TAKEN)
    except Invalid as error:
        return _form(desk, before, request.form, program_form.shown(error))
    doubtful = len({(one.channel, one.moment) for one in desk.referrals.messages.check(saved.name)})
    if doubtful:
        flash(language.say("messages.doubtful", count=doubtful), "error")
    return done(desk, "programs", "programs.saved", name=saved.name)


def _form(
    desk: Desk, program: Program | None, values: Values, wrong: Wrong | None
) -> ResponseReturnValue:
    zone = _zone(desk)
    page = show(
        "program",
        desk,
        program=program,
        values={**program_form.filled(program, zone), **values},
        wrong=wrong,
        more=program is not None and program_form.has_more(program, zone),
        zone=zone,
        offers=program_form.OFFERS,
        rewards=program_form.REWARDS,
        relations=list(Relation),
        claimed_by=program_form.CLAIMED_BY,
        combining=program_form.COMBINING,
    )
    return page, (422 if wrong else 200)


def _zone(desk: Desk) -> tzinfo:
    return zone_of(desk.house.look(desk.shop).days_of)


def _known(desk: Desk, name: str) -> bool:
    try:
        desk.referrals.programs.find(name)
    except (UnknownProgram, Invalid):
        return False
    return True

"""The command line of invitations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import BinaryIO

import click

from goodword.model.invitation import Enrolled, Invited, Vouched
from goodword.model.people import Relation
from goodword.words import LANGUAGES
from goodword_server.house import House
from goodword_server.inviting import lists

Open = Callable[[], AbstractContextManager[House]]
_SAYS = {
    Invited.NEW: "will be invited",
    Invited.JOINS: "is known, and will be invited to this program",
    Invited.STANDS: "has a code already",
    Invited.DECLINED: "does not want to be invited",
}
_DONE = {**_SAYS, Invited.NEW: "is invited", Invited.JOINS: "is known, and is invited"}


def install(main: click.Group, house: Open) -> None:
    """Add the command to a group; ``house`` opens the server that it speaks of."""
    main.add_command(_invite(house))


def _invite(house: Open) -> click.Command:
    @click.command("invite-csv")
    @click.argument("shop")
    @click.argument("program")
    @click.argument("file", type=click.File("rb"))
    @click.option("--by", required=True, help="Who gives the addresses: it stands in the mail.")
    @click.option(
        "--relation",
        type=click.Choice([one.value for one in Relation]),
        help="Of those for whom the file says none.",
    )
    @click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
    @click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
    def invite(
        shop: str,
        program: str,
        file: BinaryIO,
        by: str,
        relation: str | None,
        language: str,
        *,
        dry_run: bool,
    ) -> None:
        """Invite to a PROGRAM of SHOP whom a CSV FILE names: all of them, or nobody.

        Its first line names the columns: name, email, and where you like relation, id, phone.
        Invite only whom you know, and who may expect to hear from you; each gets one mail that
        says so.
        """
        stands = Relation(relation) if relation else None
        found = lists.read(file.read(lists.BYTES_MOST + 1), stands)
        people = lists.check(found)
        with house() as one:
            advocates = one.referrals(shop).advocates
            looked = advocates.enroll(program, people, by=by, language=language, dry_run=True)
            wrong = [told for told in looked if told.result is Invited.WRONG]
            if wrong:
                for line in _wrong(found.lines, wrong):
                    click.echo(line, err=True)
                raise click.ClickException(f"nobody was invited; mend what is told of {len(wrong)}")
            if not dry_run:
                looked = advocates.enroll(program, people, by=by, language=language)
        for line in _lines(found.lines, people, looked, dry_run=dry_run):
            click.echo(line)

    return invite


def _wrong(lines: Sequence[int], wrong: Sequence[Enrolled]) -> Iterator[str]:
    for one in wrong:
        yield f"line {lines[one.number - 1]}, {one.field}: {one.mend}"


def _lines(
    lines: Sequence[int], people: Sequence[Vouched], told: Sequence[Enrolled], *, dry_run: bool
) -> Iterator[str]:
    for line, person, one in zip(lines, people, told, strict=True):
        says = (_SAYS if dry_run else _DONE)[one.result]
        code = f" ({one.code})" if one.code else ""
        yield f"line {line}: {person.name} {says}{code}"
    counted = sum(one.result in (Invited.NEW, Invited.JOINS) for one in told)
    yield f"{counted} to be mailed." if not dry_run else f"{counted} would be mailed."

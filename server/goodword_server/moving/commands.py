"""The command line of moving: bringing in what another tool knew, and taking all of it along."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from goodword.errors import RowsInvalid
from goodword.model.moving import MovedIn, Tally
from goodword.model.people import Relation
from goodword_server.house import House
from goodword_server.moving import columns, writing
from goodword_server.moving.columns import Usual
from goodword_server.moving.reading import Programs, Table, Told
from goodword_server.moving.reading import columns as columns_of

Open = Callable[[], AbstractContextManager[House]]
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_KINDS: Final = ("programs", "advocates", "codes", "referrals")
_FILES: Final = {
    "programs": "programs.json",
    "advocates": "advocates.csv",
    "codes": "codes.csv",
    "referrals": "referrals.csv",
}


def install(main: click.Group, house: Open) -> None:
    """Add the commands to a group; ``house`` opens the server that they speak of."""
    main.add_command(_import(house))
    main.add_command(_export(house))


def _import(house: Open) -> click.Command:
    @click.command("import")
    @click.argument("shop")
    @click.argument("program")
    @click.option("--advocates", type=_FILE, help="CSV of advocates, with a code each if you like.")
    @click.option("--codes", type=_FILE, help="CSV of further codes.")
    @click.option("--referrals", type=_FILE, help="CSV of past referrals, rewarded over there.")
    @click.option("--programs", type=_FILE, help="Programs, as `goodword export` writes them.")
    @click.option("--folder", type=_FOLDER, help="All that `goodword export` wrote.")
    @click.option(
        "--relation",
        type=click.Choice([one.value for one in Relation]),
        default=Relation.CUSTOMER.value,
        show_default=True,
        help="Of advocates for whom the file says none.",
    )
    @click.option("--currency", help="Of totals for which the file says none, like TWD.")
    @click.option("--zone", help="Of moments for which the file says none, like Asia/Taipei.")
    @click.option("--ignore", multiple=True, metavar="COLUMN", help="Pass a column over.")
    @click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
    def bring_in(shop: str, program: str, *, dry_run: bool, **told: Any) -> None:
        """Bring in what another tool knew of SHOP: all of it, or nothing.

        Advocates come with their codes, and past referrals as history: they are rewarded
        already, and earn nothing more.  PROGRAM is that of whatever names none.  Nobody is
        mailed.  The same files once more change nothing.
        """
        files = _files(told)
        usual = Usual(Relation(told["relation"]), told["currency"], _zone(told["zone"]))
        with house() as one, _telling(files) as tell:
            engine, rows = one.engine, _tables(files, usual, told["ignore"], tell)
            try:
                came = engine.bring_in(shop, program, **rows, dry_run=dry_run)
            except RowsInvalid as error:
                raise _complaint(error) from None
        for line in _lines(came, dry_run=dry_run):
            click.echo(line)

    return bring_in


def _export(house: Open) -> click.Command:
    @click.command("export")
    @click.argument("shop")
    @click.argument("folder", type=click.Path(path_type=Path))
    def take_out(shop: str, folder: Path) -> None:
        """Write all that is known of SHOP into a new FOLDER, as CSV and JSON.

        Programs, advocates, codes and referrals as `goodword import` reads them back; rewards
        and claims to look at.  It holds personal data: keep it as you keep the database.
        """
        with house() as one:
            counted = writing.write(one, shop, folder)
        for name, many in counted.items():
            click.echo(f"{name}: {many:,}")
        click.echo(f"All of it stands in {folder}.")

    return take_out


def _files(told: dict[str, Any]) -> dict[str, Path]:
    """Return the file of each kind."""
    folder: Path | None = told["folder"]
    found = {} if folder is None else {kind: folder / name for kind, name in _FILES.items()}
    missing = [path for path in found.values() if not path.is_file()]
    if missing:
        raise click.UsageError(f"{missing[0]} is not there; `goodword export` writes it.")
    found |= {kind: told[kind] for kind in _KINDS if told[kind] is not None}
    if not found:
        raise click.UsageError("Give a file: --advocates, --codes, --referrals, or a --folder.")
    return found


def _tables(
    files: dict[str, Path], usual: Usual, ignored: tuple[str, ...], tell: Told
) -> dict[str, Any]:
    def table(kind: str, names: Any, needed: tuple[str, ...], turn: Any) -> Any:
        return Table(kind, files[kind], columns_of(names, needed, ignored), turn, usual, tell)

    made: dict[str, Callable[[], Iterable[Any]]] = {
        "programs": lambda: Programs(files["programs"]),
        "advocates": lambda: table("advocates", columns.ADVOCATES, ("id",), columns.advocate),
        "codes": lambda: table("codes", columns.CODES, ("code", "advocate"), columns.code),
        "referrals": lambda: table(
            "referrals", columns.REFERRALS, ("order", "placed", "total"), columns.referral
        ),
    }
    return {kind: make() for kind, make in made.items() if kind in files}


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        mend = f"--zone {name!r} is no time zone; say one like Asia/Taipei."
        raise click.UsageError(mend) from None


def is_looked_at() -> bool:
    """Whether somebody sits before a terminal."""
    return sys.stderr.isatty()


@contextmanager
def _telling(files: dict[str, Path]) -> Iterator[Told]:
    """Show how far it is, to whoever looks on."""
    if not is_looked_at():
        yield lambda _read: None
        return
    length = sum(path.stat().st_size for kind, path in files.items() if kind != "programs")
    with click.progressbar(length=length, label="Reading", file=sys.stderr) as bar:
        yield bar.update


def _complaint(error: RowsInvalid) -> click.ClickException:
    for one in error.facts["wrong"]:
        click.echo(str(one), err=True)
    more = error.facts["more"]
    if more:
        click.echo(f"and {more:,} more", err=True)
    many = len(error.facts["wrong"]) + more
    return click.ClickException(f"nothing was brought in; mend what is told of {many:,}")


def _lines(came: MovedIn, *, dry_run: bool) -> Iterator[str]:
    changed = False
    for kind in _KINDS:
        tally: Tally = getattr(came, kind)
        said = [
            f"{many:,} {words}"
            for many, words in (
                (tally.new, "new"),
                (tally.changed, "changed"),
                (tally.stand, "here before"),
                (tally.left_out, "left out"),
            )
            if many
        ]
        changed = changed or tally.new + tally.changed > 0
        if said:
            yield f"{kind}: {', '.join(said)}"
    if not changed:
        yield "Nothing changed: all of it was here before, or is left out."
    elif dry_run:
        yield "This was a dry run: nothing was changed."

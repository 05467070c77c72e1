"""The command line of API keys."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final

import click

from goodword_server.house import House
from goodword_server.keyring import OVERLAP_HOURS
from goodword_server.storage.keys import Key, KeyScope

Open = Callable[[], AbstractContextManager[House]]
_HEADS: Final = ("id", "ends in", "scope", "made (UTC)", "last used", "ended", "label")


def install(main: click.Group, house: Open) -> None:
    """Add the commands to a group; ``house`` opens the server that they speak of."""
    for make in (_make, _list, _rotate, _revoke):
        main.add_command(make(house))


def _make(house: Open) -> click.Command:
    @click.command("key")
    @click.argument("shop")
    @click.option(
        "--scope",
        type=click.Choice([one.value for one in KeyScope]),
        default=KeyScope.SECRET.value,
        show_default=True,
        help="What it is good for: pages in a browser, reading, everything.",
    )
    @click.option("--label", default="", help="What it is used for, to tell it from others.")
    def key(shop: str, scope: str, label: str) -> None:
        """Make an API key of SHOP; it is shown this once."""
        with house() as one:
            click.echo(one.new_key(shop, KeyScope(scope), label))

    return key


def _list(house: Open) -> click.Command:
    @click.command("keys")
    @click.argument("shop")
    def keys(shop: str) -> None:
        """List the API keys of SHOP: all but the keys themselves."""
        with house() as one:
            found = one.keyring.of(shop)
        for line in _table(_HEADS, map(_row, found)):
            click.echo(line)

    return keys


def _rotate(house: Open) -> click.Command:
    @click.command("rotate-key")
    @click.argument("shop")
    @click.argument("id")
    @click.option(
        "--overlap-hours",
        default=OVERLAP_HOURS,
        show_default=True,
        help="How long the old one still works.",
    )
    def rotate(shop: str, id: str, overlap_hours: int) -> None:
        """Make a new key of SHOP like the one of this ID, which ends after the overlap."""
        with house() as one:
            click.echo(one.keyring.rotate(shop, id, overlap_hours))

    return rotate


def _revoke(house: Open) -> click.Command:
    @click.command("revoke-key")
    @click.argument("shop")
    @click.argument("id")
    def revoke(shop: str, id: str) -> None:
        """Let the key of SHOP with this ID open nothing from now on."""
        with house() as one:
            one.keyring.revoke(shop, id)
        click.echo("Revoked.")

    return revoke


def _row(key: Key) -> Sequence[str]:
    ends = (key.made, key.last_used, key.ended)
    return (key.id, f"…{key.hint}", key.scope, *map(_at, ends), key.label)


def _at(moment: datetime | None) -> str:
    return f"{moment:%Y-%m-%d %H:%M}" if moment else "-"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield lines with columns as wide as what they hold."""
    lines = [heads, *rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  ".join(map(str.ljust, line, widths)).rstrip()

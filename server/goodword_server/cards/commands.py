"""The command line of cards."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import click

from goodword.rules import codes
from goodword.words import LANGUAGES
from goodword_server.cards.card import Format
from goodword_server.house import House
from goodword_server.naming import check_name


def install(main: click.Group, house: Callable[[], AbstractContextManager[House]]) -> None:
    """Add the command to a group; ``house`` opens the server that it speaks of."""

    @main.command()
    @click.argument("shop")
    @click.argument("code")
    @click.option("--language", type=click.Choice(LANGUAGES), help="The shop's own if none.")
    @click.option(
        "--folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=Path(),
        help="Where the files are written; here if none.",
    )
    def card(shop: str, code: str, language: str | None, folder: Path) -> None:
        """Write the cards of CODE of SHOP: a wide and a square picture, and a page to print."""
        from goodword_server.cards.making import Cards

        check_name(shop)
        with house() as one:
            cards = Cards(one)
            found = cards.card(shop, code, language)
            folder.mkdir(parents=True, exist_ok=True)
            for format in Format:
                path = folder / f"{codes.folded(code)}-{format.file}"
                path.write_bytes(cards.drawn(shop, found, format))
                click.echo(path)

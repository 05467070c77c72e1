"""Plays the demo: ``python -m goodword_server.demo [--once] [--port 8000] [--folder demo]``."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Event

import click

from goodword_server.demo.stage import SHOP, Stage
from goodword_server.demo.story import Story
from goodword_server.shell.operator import let_in


@click.command()
@click.option("--once", is_flag=True, help="Play the story, then end.")
@click.option(
    "--port", default=8000, show_default=True, help="Another one is found if it is taken."
)
def main(*, once: bool, port: int) -> None:
    """Play a referral from the first word to the reward and back, over HTTP, on SQLite."""
    with (
        tempfile.TemporaryDirectory(prefix="goodword-demo-") as folder,
        Stage(Path(folder), port) as stage,
    ):
        Story(stage, click.echo).play()
        if once:
            return
        stage.stay()
        link = let_in(stage.house, SHOP, "owner@bean-street.example", "owner")
        click.echo(
            f"\nThe owner's pages; choose a password for owner@bean-street.example:\n  {link}"
        )
        click.echo("\nIt stays up for you to look around.  Ctrl-C ends it.")
        with suppress(KeyboardInterrupt):
            Event().wait()
        click.echo("\nGood-bye.")


if __name__ == "__main__":
    main()

"""The command line: migrate, serve, work, let somebody sign in; the parts add what is theirs."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Final

import click

from goodword.errors import GoodwordError, NewerTables, NotMigrated
from goodword_server import key_commands, logs
from goodword_server.cards import commands as card_commands
from goodword_server.doctor import Grade, examine
from goodword_server.house import House
from goodword_server.inviting import commands as inviting
from goodword_server.joining import commands as joining
from goodword_server.metrics import folder
from goodword_server.moving import commands as moving
from goodword_server.settings import from_environment
from goodword_server.storage.keys import KeyScope
from goodword_server.storage.troubles import TROUBLES, told
from goodword_server.telling import commands
from goodword_server.widget import script
from goodword_server.worker import Worker

_DEAF_SECONDS: Final = 30
_ENDINGS: Final = (signal.SIGINT, signal.SIGTERM)
MEND_TABLES = "the tables are missing or of another release: run `goodword migrate`"


class Commands(click.Group):
    """Commands whose errors read as sentences."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except NewerTables as error:
            raise click.ClickException(str(error)) from error
        except NotMigrated as error:
            raise click.ClickException(f"{MEND_TABLES} ({error.facts['found']})") from error
        except GoodwordError as error:
            raise click.ClickException(str(error)) from error
        except TROUBLES as error:
            raise click.ClickException(f"the database cannot be used: {told(error)}") from error
        except OSError as error:
            raise click.ClickException(str(error)) from error


@click.group(cls=Commands)
def main() -> None:
    """goodword: a referral engine.  Settings come from the environment (GOODWORD_…)."""


@main.command()
def migrate() -> None:
    """Make the tables, or bring them up to date."""
    with _house(migrated=False) as house:
        house.migrate()
    click.echo("The tables are up to date.")


@main.command()
def doctor() -> None:
    """Say what is wrong with this server, and what to do; end with 1 if anything is."""
    with _house(migrated=False) as house:
        found = list(examine(house))
    for one in found:
        click.echo(f"{one.grade:<6}{one.what}.")
        if one.mend:
            click.echo(f"      → {one.mend}")
    if any(one.grade is Grade.WRONG for one in found):
        raise click.exceptions.Exit(1)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="Processes that answer.")
@click.option("--threads", default=4, show_default=True, help="Threads in each of them.")
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Answer requests; with GOODWORD_WORKER=thread also do what is due."""
    from granian.constants import Interfaces
    from granian.server import Server

    # Here and not in a worker process: one clear sentence instead of a restart loop.
    with _house() as house:
        together = nullcontext() if house.settings.metrics is None else folder.shared()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_end_as_told)
    with together:
        Server(
            "goodword_server.app:serve",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            factory=True,
            workers=workers,
            blocking_threads=threads,
            # One that does not hear its signal is killed: that loses nothing, and waiting ends.
            workers_kill_timeout=_DEAF_SECONDS,
            # One that died is replaced; if that dies at once, the server ends and says so.
            respawn_failed_workers=True,
        ).serve()


@main.command()
@click.option("--once", is_flag=True, help="Do what can be done now, then end.")
@click.option("--metrics-port", type=int, help="Where /metrics is read of what this process does.")
@click.option("--metrics-host", default="127.0.0.1", show_default=True)
def work(*, once: bool, metrics_port: int | None, metrics_host: str) -> None:
    """Read the inbox and do what is due, for GOODWORD_WORKER=none."""
    with _house() as house:
        logs.begin(house.settings.log)
        if metrics_port is not None:
            _tell_metrics(house, metrics_host, metrics_port)
        worker = Worker(house)
        # Whoever ends it lets it finish the deed in hand.
        for ending in _ENDINGS:
            signal.signal(ending, lambda *_: worker.stop())
        if once:
            click.echo(f"{worker.once()} deliveries and deeds taken up.")
            return
        click.echo("At work.")
        worker.run()
        click.echo("Stopped.")


@main.command()
@click.argument("shop")
@click.option("--pinned", is_flag=True, help="With the script's hash, which each update changes.")
def widget(shop: str, pinned: bool) -> None:
    """Make a publishable key of SHOP, and print the tag that puts the widget on its pages."""
    with _house() as house:
        made = house.new_key(shop, KeyScope.PUBLISHABLE, "widget")
        click.echo(script.tag(house.settings.public_url, shop, made, pinned=pinned))


@main.command()
@click.argument("email")
@click.option("--shop", required=True, help="The shop that they may sign in to.")
@click.option(
    "--role",
    type=click.Choice(["owner", "staff", "readonly"]),
    default="owner",
    show_default=True,
    help="What they may do there.",
)
def user(email: str, shop: str, role: str) -> None:
    """Let EMAIL sign in to the pages of a shop; print a link to choose a password, once.

    For an account that stands, this changes what it may do, and the link is for a password that
    was forgotten.
    """
    with _house() as house:
        from goodword_server.shell.operator import let_in

        link = let_in(house, shop, email, role)
    click.echo(f"{email} may sign in to {shop} as {role}.  To choose a password, within a day:")
    click.echo(f"  {link}")


def _tell_metrics(house: House, host: str, port: int) -> None:
    if house.settings.metrics is None:
        raise click.UsageError("Set GOODWORD_METRICS to the token that opens /metrics.")
    from goodword_server.metrics import serving

    serving.serve_beside(house, house.settings.metrics, host, port)


def _end_as_told() -> None:
    """Let a forked process be ended until it has handlers of its own.

    With those of the process it came from it would not notice, and the server would wait for its
    end for ever.
    """
    for ending in _ENDINGS:
        signal.signal(ending, signal.SIG_DFL)


@main.command()
@click.argument("shop")
@click.argument("id")
def forget(shop: str, id: str) -> None:
    """Forget somebody of SHOP, told by an ID, e-mail address, phone or account."""
    with _house() as house:
        house.forget(shop, id)
    click.echo("Forgotten.")


@contextmanager
def _house(*, migrated: bool = True) -> Iterator[House]:
    house = House(from_environment())
    try:
        if migrated:
            house.check()
        yield house
    finally:
        house.close()


for part in (joining, key_commands, commands, inviting, moving, card_commands):
    part.install(main, _house)

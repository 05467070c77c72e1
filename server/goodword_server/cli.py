"""The command line: migrate, serve, work, connect a shop, make a key, let somebody sign in."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

import click

from goodword.errors import GoodwordError, NewerTables, NotMigrated
from goodword_server import logs
from goodword_server.cards import commands as card_commands
from goodword_server.doctor import Grade, examine
from goodword_server.house import House
from goodword_server.inviting import commands as inviting
from goodword_server.joining import joined, leaving
from goodword_server.keyring import OVERLAP_HOURS
from goodword_server.moving import commands as moving
from goodword_server.settings import from_environment
from goodword_server.storage.keys import Key, KeyScope
from goodword_server.storage.troubles import TROUBLES, told
from goodword_server.telling import commands
from goodword_server.widget import script
from goodword_server.worker import Worker

_DEAF_SECONDS: Final = 30
_KEY_HEADS: Final = ("id", "ends in", "scope", "made (UTC)", "last used", "ended", "label")
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
    with _house():
        pass
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_end_as_told)
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
    ).serve()


@main.command()
@click.option("--once", is_flag=True, help="Do what can be done now, then end.")
def work(*, once: bool) -> None:
    """Read the inbox and do what is due, for GOODWORD_WORKER=none."""
    with _house() as house:
        logs.begin(house.settings.log)
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
@click.argument("platform")
@click.argument("url")
@click.option("--set", "pairs", multiple=True, metavar="NAME=VALUE", help="A setting of this shop.")
def connect(shop: str, platform: str, url: str, pairs: tuple[str, ...]) -> None:
    """Join SHOP at URL to its PLATFORM.

    What it signs with and what opens its till are read from the environment, so that they stand
    in no history: GOODWORD_SHOP_SECRET; for WooCommerce GOODWORD_SHOP_CONSUMER_KEY and
    GOODWORD_SHOP_CONSUMER_SECRET; for Shopify GOODWORD_SHOP_CLIENT_ID and
    GOODWORD_SHOP_CLIENT_SECRET.
    """
    given = {
        name.removeprefix("GOODWORD_SHOP_").lower(): value
        for name, value in os.environ.items()
        if name.startswith("GOODWORD_SHOP_")
    }
    if not given.get("secret"):
        raise click.UsageError("Set GOODWORD_SHOP_SECRET to what the shop signs with.")
    with _house() as house:
        connected = house.connect(
            shop,
            platform,
            url,
            secrets=[given.pop("secret")],
            credentials=given,
            settings=dict(_pair(one) for one in pairs),
            along=lambda session: joined.begin_rounds(session, house, shop, again=True),
        )
        address = house.hook_url(connected)
    click.echo(f"{shop} is connected.  Its webhooks deliver to:\n  {address}")


@main.command()
@click.argument("shop")
@click.option(
    "--coupons",
    type=click.Choice([one.value for one in leaving.Coupons]),
    required=True,
    help="What becomes of those that nobody used: the shop honours them, or they are disabled.",
)
def disconnect(shop: str, coupons: str) -> None:
    """Hear SHOP no more; a worker then removes what is ours there."""
    with _house() as house:
        leaving.leave(house, shop, leaving.Coupons(coupons))
    click.echo(f"{shop} is disconnected.  A worker removes what is ours there.")


@main.command()
@click.argument("shop")
def rotate_secret(shop: str) -> None:
    """Let SHOP sign with a new secret; the old one is taken for two more days."""
    with _house() as house:
        joined.renew_secret(house, shop)
    click.echo(f"{shop} is told of its new secret by a worker.")


@main.command()
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
    with _house() as house:
        click.echo(house.new_key(shop, KeyScope(scope), label))


@main.command()
@click.argument("shop")
@click.option("--pinned", is_flag=True, help="With the script's hash, which each update changes.")
def widget(shop: str, pinned: bool) -> None:
    """Make a publishable key of SHOP, and print the tag that puts the widget on its pages."""
    with _house() as house:
        made = house.new_key(shop, KeyScope.PUBLISHABLE, "widget")
        click.echo(script.tag(house.settings.public_url, shop, made, pinned=pinned))


@main.command()
@click.argument("shop")
def keys(shop: str) -> None:
    """List the API keys of SHOP: all but the keys themselves."""
    with _house() as house:
        found = house.keyring.of(shop)
    for line in _table(_KEY_HEADS, map(_row, found)):
        click.echo(line)


@main.command()
@click.argument("shop")
@click.argument("id")
@click.option(
    "--overlap-hours",
    default=OVERLAP_HOURS,
    show_default=True,
    help="How long the old one still works.",
)
def rotate_key(shop: str, id: str, overlap_hours: int) -> None:
    """Make a new key of SHOP like the one of this ID, which ends after the overlap."""
    with _house() as house:
        click.echo(house.keyring.rotate(shop, id, overlap_hours))


@main.command()
@click.argument("shop")
@click.argument("id")
def revoke_key(shop: str, id: str) -> None:
    """Let the key of SHOP with this ID open nothing from now on."""
    with _house() as house:
        house.keyring.revoke(shop, id)
    click.echo("Revoked.")


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
def account(email: str, shop: str, role: str) -> None:
    """Let EMAIL sign in to the pages of a shop; print a link to choose a password, once.

    For an account that stands, this changes what it may do, and the link is for a password that
    was forgotten.
    """
    with _house() as house:
        from goodword_server.shell.operator import let_in

        link = let_in(house, shop, email, role)
    click.echo(f"{email} may sign in to {shop} as {role}.  To choose a password, within a day:")
    click.echo(f"  {link}")


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


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise click.UsageError(f"--set takes NAME=VALUE, not {text!r}.")
    return name, value


@contextmanager
def _house(*, migrated: bool = True) -> Iterator[House]:
    house = House(from_environment())
    try:
        if migrated:
            house.check()
        yield house
    finally:
        house.close()


commands.install(main, _house)
inviting.install(main, _house)
moving.install(main, _house)
card_commands.install(main, _house)

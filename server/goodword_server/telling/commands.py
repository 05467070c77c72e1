"""The command line of webhooks out."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from goodword_server.house import House
from goodword_server.storage.endpoints import Endpoint
from goodword_server.telling.endpoints import Added, Endpoints

Open = Callable[[], AbstractContextManager[House]]


def install(main: click.Group, house: Open) -> None:
    """Add the commands to a group; ``house`` opens the server that they speak of."""
    for make in (_list, _add, _test, _pause, _resume, _rotate, _drop, _dead, _replay):
        main.add_command(make(house))


def _list(house: Open) -> click.Command:
    @click.command("hooks")
    @click.argument("shop")
    def hooks(shop: str) -> None:
        """List the endpoints that SHOP tells of its events, and how that goes."""
        with house() as one:
            found = Endpoints(one, shop).list()
        for endpoint in found:
            click.echo(_line(endpoint))
        if not found:
            click.echo(f"{shop} tells nobody.  Add an endpoint with `goodword add-hook`.")

    return hooks


def _add(house: Open) -> click.Command:
    @click.command("add-hook")
    @click.argument("shop")
    @click.argument("url")
    @click.option("--event", "types", multiple=True, help="Only events of this type; all if none.")
    @click.option("--contact", help="Who is mailed when it is paused.")
    def add(shop: str, url: str, types: tuple[str, ...], contact: str | None) -> None:
        """Tell URL of the events of SHOP from now on; its secret is shown this once."""
        with house() as one:
            _told(Endpoints(one, shop).add(url, types, contact))

    return add


def _test(house: Open) -> click.Command:
    @click.command("test-hook")
    @click.argument("shop")
    @click.argument("id")
    def test(shop: str, id: str) -> None:
        """Send endpoint ID of SHOP an event of no consequence, whatever it is told of."""
        with house() as one:
            Endpoints(one, shop).test(id)
        click.echo("A test is on its way.")

    return test


def _pause(house: Open) -> click.Command:
    @click.command("pause-hook")
    @click.argument("shop")
    @click.argument("id")
    def pause(shop: str, id: str) -> None:
        """Tell endpoint ID of SHOP nothing until it is resumed."""
        with house() as one:
            click.echo(_line(Endpoints(one, shop).pause(id)))

    return pause


def _resume(house: Open) -> click.Command:
    @click.command("resume-hook")
    @click.argument("shop")
    @click.argument("id")
    def resume(shop: str, id: str) -> None:
        """Tell endpoint ID of SHOP again, beginning with what it missed."""
        with house() as one:
            click.echo(_line(Endpoints(one, shop).resume(id)))

    return resume


def _rotate(house: Open) -> click.Command:
    @click.command("rotate-hook-secret")
    @click.argument("shop")
    @click.argument("id")
    def rotate(shop: str, id: str) -> None:
        """Give endpoint ID of SHOP a new secret, shown this once.

        The one before signs too for 24 hours: time to put the new one in place.
        """
        with house() as one:
            _told(Endpoints(one, shop).rotate(id))

    return rotate


def _drop(house: Open) -> click.Command:
    @click.command("drop-hook")
    @click.argument("shop")
    @click.argument("id")
    def drop(shop: str, id: str) -> None:
        """Tell endpoint ID of SHOP nothing more, ever, and keep nothing of it."""
        with house() as one:
            Endpoints(one, shop).drop(id)
        click.echo("Dropped.")

    return drop


def _dead(house: Open) -> click.Command:
    @click.command("dead-hooks")
    @click.argument("shop")
    def dead(shop: str) -> None:
        """List what SHOP could not tell, and nobody tries any more."""
        with house() as one:
            for letter in Endpoints(one, shop).dead():
                words = (letter.id, letter.endpoint, letter.type, letter.made.isoformat())
                click.echo("  ".join((*words, letter.trouble)))

    return dead


def _replay(house: Open) -> click.Command:
    @click.command("replay-hook")
    @click.argument("shop")
    @click.argument("id")
    def replay(shop: str, id: str) -> None:
        """Try once more what SHOP could not tell, by the ID that `dead-hooks` lists."""
        with house() as one:
            Endpoints(one, shop).replay(id)
        click.echo("It will be sent again.")

    return replay


def _told(added: Added) -> None:
    click.echo(_line(added.endpoint))
    click.echo(f"Its secret, shown this once:\n  {added.secret.text}")


def _line(one: Endpoint) -> str:
    state = "open" if one.is_open else f"paused ({one.why})"
    if one.is_open and one.failing is not None:
        state = f"failing since {one.failing.isoformat()}"
    return "  ".join((one.id, one.url, ",".join(one.types) or "all events", state))

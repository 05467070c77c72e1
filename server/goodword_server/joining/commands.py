"""The command line of shops: joined, left, and signing with a new secret."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

import click

from goodword_server.house import House
from goodword_server.joining import joined, leaving

Open = Callable[[], AbstractContextManager[House]]


def install(main: click.Group, house: Open) -> None:
    """Add the commands to a group; ``house`` opens the server that they speak of."""
    for make in (_connect, _disconnect, _rotate):
        main.add_command(make(house))


def _connect(house: Open) -> click.Command:
    @click.command("connect")
    @click.argument("shop")
    @click.argument("platform")
    @click.argument("url")
    @click.option(
        "--set", "pairs", multiple=True, metavar="NAME=VALUE", help="A setting of this shop."
    )
    def connect(shop: str, platform: str, url: str, pairs: tuple[str, ...]) -> None:
        """Join SHOP at URL to its PLATFORM.

        What it signs with and what opens its till are read from the environment, so that they stand
        in no history: GOODWORD_SHOP_SECRET; for WooCommerce GOODWORD_SHOP_CONSUMER_KEY and
        GOODWORD_SHOP_CONSUMER_SECRET; for Shopify GOODWORD_SHOP_CLIENT_ID and
        GOODWORD_SHOP_CLIENT_SECRET.
        """
        secret, credentials = _entrusted()
        with house() as one:
            connected = one.connect(
                shop,
                platform,
                url,
                secrets=[secret],
                credentials=credentials,
                settings=dict(map(_pair, pairs)),
                along=lambda session: joined.begin_rounds(session, one, shop, again=True),
            )
            address = one.hook_url(connected)
        click.echo(f"{shop} is connected.  Its webhooks deliver to:\n  {address}")

    return connect


def _disconnect(house: Open) -> click.Command:
    @click.command("disconnect")
    @click.argument("shop")
    @click.option(
        "--coupons",
        type=click.Choice([one.value for one in leaving.Coupons]),
        required=True,
        help="What becomes of those that nobody used: the shop honours them, or they are disabled.",
    )
    def disconnect(shop: str, coupons: str) -> None:
        """Hear SHOP no more; a worker then removes what is ours there."""
        with house() as one:
            leaving.leave(one, shop, leaving.Coupons(coupons))
        click.echo(f"{shop} is disconnected.  A worker removes what is ours there.")

    return disconnect


def _rotate(house: Open) -> click.Command:
    @click.command("rotate-secret")
    @click.argument("shop")
    def rotate(shop: str) -> None:
        """Let SHOP sign with a new secret; the old one is taken for two more days."""
        with house() as one:
            joined.renew_secret(one, shop)
        click.echo(f"{shop} is told of its new secret by a worker.")

    return rotate


def _entrusted() -> tuple[str, dict[str, str]]:
    """Return what the shop signs with, and what opens its till."""
    given = {
        name.removeprefix("GOODWORD_SHOP_").lower(): value
        for name, value in os.environ.items()
        if name.startswith("GOODWORD_SHOP_")
    }
    secret = given.pop("secret", "")
    if not secret:
        raise click.UsageError("Set GOODWORD_SHOP_SECRET to what the shop signs with.")
    return secret, given


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise click.UsageError(f"--set takes NAME=VALUE, not {text!r}.")
    return name, value

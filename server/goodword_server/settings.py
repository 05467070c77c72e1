"""All settings, read from the environment in one place, once, at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from environs import Env, EnvValidationError
from marshmallow import ValidationError
from marshmallow.validate import OneOf, Range, Regexp

from goodword.errors import Invalid
from goodword_server.cards.cmap import NoFont, coverage
from goodword_server.mail import mail_carrier

_SECRET_SHORTEST = 32
_APP = "GOODWORD_APP_"
_DATABASE = Regexp(r"(sqlite|postgres)\S*:\S+\Z", error="use sqlite:///file.db or postgresql://…")
_PUBLIC = Regexp(
    r"https?://[^/?#\s]+\Z", error="give the start of links, like https://thanks.example"
)
_POSITIVE = Range(min=1, max=1_000_000_000)
_TOKEN = Regexp(
    rf"[\x21-\x7e]{{{_SECRET_SHORTEST},}}\Z",
    error=f"give {_SECRET_SHORTEST} or more random characters, without spaces",
)
_SENDER = Regexp(r"[^\r\n]+@[^\r\n]+\Z", error="give an address, like thanks@tea.example")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one server runs."""

    database_url: str = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    """The first signs and encrypts; the others are still read, until they are rotated out."""
    public_url: str
    """Where the world finds this server: the start of every link."""
    mail: str | None = field(default=None, repr=False)
    """``smtp://user:password@host:587``, ``smtps://…`` or ``folder:/path``; None: no mail."""
    mail_from: str = "thanks@localhost"
    worker: str = "thread"
    """``thread``: this process also does what is due; ``none``: `goodword work` does, elsewhere."""
    body_most: int = 1_048_576
    """Bytes of the largest delivery that is taken in."""
    prepared: bool = False
    """PostgreSQL's prepared statements; not behind PgBouncer."""
    proxies: int = 0
    """How many proxies stand before this server, whose word on who asks is taken."""
    key_limit: int = 600
    """Requests a minute with one secret or read key."""
    address_limit: int = 120
    """Requests a minute from one address with a shop's publishable keys."""
    stranger_limit: int = 30
    """Requests a minute from one address with no key, or a wrong one; gifts taken from one."""
    guess_limit: int = 5
    """Codes a minute that one address may ask for and nobody holds."""
    card_font: tuple[str, ...] = ()
    """The file of the font that cards are written in, and of its bold one; empty: our own."""
    card_folder: str | None = None
    """Where drawn cards are kept for a day; None: in this user's temporary folder."""
    log: str = "text"
    """``json``: a line of JSON for each record and each request; ``text``: what goes wrong."""
    metrics: str | None = field(default=None, repr=False)
    """The token with which an operator reads ``/metrics``; None: there is nothing to read."""
    hooks_local: bool = False
    """Webhooks may go to this machine itself, by http: for development alone."""
    apps: Mapping[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    """What is told of each platform's app, by the platform's name."""


def from_environment() -> Settings:
    """Read the settings; raise `Invalid` naming every variable that is missing or wrong."""
    env = Env(eager=False, prefix="GOODWORD_")
    found: dict[str, Any] = {
        "database_url": env.str("DATABASE_URL", validate=_DATABASE),
        "secrets": env.list("SECRETS", validate=_long_enough),
        "public_url": env.str("PUBLIC_URL", validate=_PUBLIC),
        "mail": env.str("MAIL", "", validate=_mail),
        "mail_from": env.str("MAIL_FROM", "thanks@localhost", validate=_SENDER),
        "worker": env.str("WORKER", "thread", validate=OneOf(["thread", "none"])),
        "body_most": env.int("BODY_MOST", 1_048_576, validate=Range(min=10_000)),
        "prepared": env.bool("PREPARED", False),
        "proxies": env.int("PROXIES", 0, validate=Range(min=0, max=10)),
        "key_limit": env.int("KEY_LIMIT", 600, validate=_POSITIVE),
        "address_limit": env.int("ADDRESS_LIMIT", 120, validate=_POSITIVE),
        "stranger_limit": env.int("STRANGER_LIMIT", 30, validate=_POSITIVE),
        "guess_limit": env.int("GUESS_LIMIT", 5, validate=_POSITIVE),
        "card_font": env.list("CARD_FONT", [], validate=_fonts),
        "card_folder": env.str("CARD_FOLDER", ""),
        "log": env.str("LOG", "text", validate=OneOf(["text", "json"])),
        "metrics": env.str("METRICS", None, validate=_TOKEN),
        "hooks_local": env.bool("HOOKS_LOCAL", False),
    }
    try:
        env.seal()
    except EnvValidationError as error:
        wrong: dict[str, Any] = dict(error.error_messages)  # type: ignore[arg-type]
        wanting = "; ".join(f"{name}: {' '.join(map(str, why))}" for name, why in wrong.items())
        raise Invalid(field="environment", mend=wanting) from None
    secrets = tuple(secret.strip() for secret in found["secrets"])
    changed = {"mail": found["mail"] or None, "card_folder": found["card_folder"] or None}
    fonts = tuple(path.strip() for path in found["card_font"])
    told = {**found, **changed, "secrets": secrets, "card_font": fonts, "apps": _apps()}
    return Settings(**told)


def _apps() -> Mapping[str, Mapping[str, str]]:
    """Return what is told of apps: ``GOODWORD_APP_SHOPIFY_CLIENT_ID`` is one's ``client_id``."""
    found: dict[str, dict[str, str]] = {}
    for variable, value in os.environ.items():
        if variable.startswith(_APP) and value:
            platform, _, name = variable.removeprefix(_APP).lower().partition("_")
            found.setdefault(platform, {})[name] = value
    return found


def _long_enough(secrets: list[str]) -> None:
    if not secrets or any(len(secret.strip()) < _SECRET_SHORTEST for secret in secrets):
        raise ValidationError(
            f"give {_SECRET_SHORTEST} or more random characters, as "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(32))'` prints them"
        )


def _fonts(paths: list[str]) -> None:
    if len(paths) > 2:
        raise ValidationError("give one font file, or two with a comma: a plain and a bold one")
    try:
        for path in paths:
            coverage(Path(path.strip()))
    except NoFont as error:
        raise ValidationError(f"give a font file: {error}") from None


def _mail(url: str) -> None:
    try:
        if url:
            mail_carrier(url, "")
    except Invalid as error:
        raise ValidationError(error.facts["mend"]) from None

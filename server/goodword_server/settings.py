"""All settings, read from the environment in one place, once, at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from environs import Env, EnvValidationError
from marshmallow import ValidationError
from marshmallow.validate import Length, OneOf, Range, Regexp

from goodword.errors import Invalid

_SECRET_SHORTEST = 32


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


def from_environment() -> Settings:
    """Read the settings; raise `Invalid` naming every variable that is missing or wrong."""
    env = Env(eager=False, prefix="GOODWORD_")
    found: dict[str, Any] = {
        "database_url": env.str("DATABASE_URL", validate=Length(min=1)),
        "secrets": env.list("SECRETS", validate=_long_enough),
        "public_url": env.str("PUBLIC_URL", validate=Regexp("https?://[^/]+$")),
        "mail": env.str("MAIL", None),
        "mail_from": env.str("MAIL_FROM", "thanks@localhost"),
        "worker": env.str("WORKER", "thread", validate=OneOf(["thread", "none"])),
        "body_most": env.int("BODY_MOST", 1_048_576, validate=Range(min=10_000)),
        "prepared": env.bool("PREPARED", False),
    }
    try:
        env.seal()
    except EnvValidationError as error:
        wrong: dict[str, Any] = dict(error.error_messages)  # type: ignore[arg-type]
        told = "; ".join(f"{name}: {' '.join(map(str, why))}" for name, why in wrong.items())
        raise Invalid(field="environment", mend=told) from None
    return Settings(**{**found, "secrets": tuple(found["secrets"])})


def _long_enough(secrets: list[str]) -> None:
    if not secrets or any(len(secret) < _SECRET_SHORTEST for secret in secrets):
        raise ValidationError(
            f"give {_SECRET_SHORTEST} or more random characters, as "
            "`python3 -c 'import secrets; print(secrets.token_urlsafe(32))'` prints them"
        )

"""The apps that this server's operator registered, one a platform."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from goodword.apps import App, HasApp
from goodword.errors import Invalid
from goodword.platforms import Installation, Platform
from goodword_server.storage.installations import Connected

Apps = Mapping[str, App]
"""Apps by their platforms' names."""


def apps(platforms: Mapping[str, Platform], told: Mapping[str, Mapping[str, str]]) -> Apps:
    """Return the apps that settings tell of; raise `Invalid` naming the variable that is wrong."""
    return {name: _app(platforms.get(name), name, one) for name, one in told.items()}


def with_keys(apps: Apps, installation: Installation) -> Installation:
    """Return an installation with its app's own keys, newer maybe than when it let the app in."""
    app = _of(apps, installation)
    if app is None:
        return installation
    return replace(installation, credentials={**installation.credentials, **app.credentials})


def secrets_of(apps: Apps, connected: Connected) -> Sequence[str]:
    """Return what the deliveries of a shop may be signed with.

    An app's are those that its settings name now: one that they leave out opens nothing any more,
    whatever the app had when a shop let it in.  Of a shop that left is kept what it signed with,
    and not by which app.
    """
    app = apps.get(connected.installation.platform)
    if app is None or not (connected.left or app.let_in_by(connected.installation)):
        return connected.secrets
    return (*app.secrets, *connected.secrets) if connected.left else app.secrets


def _of(apps: Apps, installation: Installation) -> App | None:
    app = apps.get(installation.platform)
    return app if app is not None and app.let_in_by(installation) else None


def _app(platform: object, name: str, told: Mapping[str, str]) -> App:
    variable = f"GOODWORD_APP_{name.upper()}"
    if not isinstance(platform, HasApp):
        raise Invalid(field=variable, mend=f"no platform {name!r} that has an app is installed")
    try:
        return platform.app(told)
    except Invalid as error:
        field, mend = str(error.facts["field"]).upper(), error.facts["mend"]
        raise Invalid(field=f"{variable}_{field}", mend=mend) from None

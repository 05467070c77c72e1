"""Signing in: Flask-Security, set up for this shell."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any, Final

from flask import Flask, current_app
from flask_security import (
    ChangeEmailForm,
    LoginForm,
    MailUtil,
    Security,
    change_email_confirmed,
    current_user,
    user_authenticated,
)
from flask_security.babel import FsDomain
from flask_security.forms import PasswordFormMixin
from flask_security.recoverable import generate_reset_password_token

from goodword_server.house import House
from goodword_server.post import Post
from goodword_server.shell import language
from goodword_server.shell.accounts import People, Person
from goodword_server.shell.where import AT
from goodword_server.shell.words import security_zh_hant
from goodword_server.storage import audit

LINK_HOURS: Final = 24
EMAIL_HOURS: Final = 2
PASSWORD_SHORTEST: Final = 12
_SESSION_HOURS: Final = 12
RESET: Final = "/forgotten"
CONFIG: Final = {
    "SECURITY_LOGIN_URL": "/sign-in",
    "SECURITY_LOGOUT_URL": "/sign-out",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_RESET_URL": RESET,
    "SECURITY_CHANGE_URL": "/password",
    "SECURITY_CHANGE_EMAIL": True,
    "SECURITY_CHANGE_EMAIL_URL": "/email",
    "SECURITY_CHANGE_EMAIL_CONFIRM_URL": "/email",
    "SECURITY_CHANGE_EMAIL_WITHIN": timedelta(hours=EMAIL_HOURS),
    "SECURITY_POST_CHANGE_EMAIL_VIEW": "shops",
    "SECURITY_POST_LOGIN_VIEW": "shops",
    "SECURITY_POST_LOGOUT_VIEW": "security.login",
    "SECURITY_POST_RESET_VIEW": "security.login",
    "SECURITY_POST_CHANGE_VIEW": "shops",
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_REGISTERABLE": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(hours=LINK_HOURS),
    # Sessions alone: no token opens a page, and nobody is remembered beyond their session.
    "SECURITY_API_ENABLED_METHODS": ["session"],
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SCHEMES": ["argon2"],
    # Argon2 salts by itself.  A second hash under a key of ours would end every password with it.
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": PASSWORD_SHORTEST,
    "SECURITY_EMAIL_HTML": False,
    # No name server is asked while somebody waits: it may be slow, or away.
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    # What differs between an address that somebody has and one that nobody has must be quick.
    "SECURITY_HASHING_SCHEMES": ["hex_sha256"],
    "SECURITY_STATIC_FOLDER": None,
    # Said whether or not anybody has the address, so it must be true of both.
    "SECURITY_MSG_PASSWORD_RESET_REQUEST": (
        "If that email address is in our system, you will receive an email describing how to "
        "reset your password.",
        "info",
    ),
    "SECURITY_MSG_PASSWORD_RESET_EXPIRED": ("This link is too old. Ask for a new one.", "error"),
    "SECURITY_MSG_CHANGE_EMAIL_EXPIRED": ("This link is too old. Ask for a new one.", "error"),
    # What a link is told that was used, was made up, or leads to an address of somebody's by now.
    "SECURITY_MSG_API_ERROR": ("This link does not work any more. Ask for a new one.", "error"),
}


def configure(app: Flask, house: House) -> None:
    """Say how sessions are kept; `install` needs it."""
    app.config.update(CONFIG)
    secrets = [_derived(secret) for secret in house.settings.secrets]
    https = house.settings.public_url.startswith("https")
    app.config.update(
        SECRET_KEY=secrets[0],
        SECRET_KEY_FALLBACKS=secrets[1:],
        SESSION_COOKIE_NAME="__Host-goodword" if https else "goodword",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=_SESSION_HOURS),
        WTF_CSRF_TIME_LIMIT=None,
    )


def install(app: Flask, house: House, post: Post) -> None:
    """Add the pages to sign in, to sign out, and to choose a password."""
    security = Security(
        app,
        People(house),
        login_form=SignIn,
        change_email_form=ChangeEmail,
        mail_util_cls=_Mailing,
    )
    security.i18n_domain = _Domain(app)  # type: ignore[no-untyped-call]
    app.jinja_env.globals["_fsdomain"] = security.i18n_domain.gettext
    app.extensions["goodword_post"] = post

    def note(_app: Flask, user: Person, **_facts: Any) -> None:
        _log(house, user, "signed_in")

    def tell(_app: Flask, user: Person, old_email: str, **_facts: Any) -> None:
        _log(house, user, "email_changed")
        # Whoever reads the old one's mail learns of it, and not where it went.
        post.send(old_email, language.say("mail.moved.subject"), language.say("mail.moved"))

    # Kept on the app: signals forget whoever nobody else holds.
    app.extensions["goodword_note"] = note, tell
    user_authenticated.connect(note, app)
    change_email_confirmed.connect(tell, app)


def _log(house: House, user: Person, did: str) -> None:
    """Note in each of their shops what somebody did with their account."""
    for shop in user.shops:
        line = partial(audit.add, shop=shop, account=user.key, did=did, about=None, now=house.now())
        house.database.write(line)


def link_for(house: House, person: Person) -> str:
    """Return the address at which somebody chooses a password, once."""
    token = generate_reset_password_token(person)  # type: ignore[no-untyped-call]
    return f"{house.settings.public_url}{AT}{RESET}/{token}"


class SignIn(LoginForm):
    """Signs in for one session."""

    remember = None


class ChangeEmail(PasswordFormMixin, ChangeEmailForm):
    """Asks for the password: whoever finds a browser open takes no account along."""

    def validate(self, **given: Any) -> bool:
        if not super().validate(**given):
            return False
        if current_user.verify_and_update_password(self.password.data):
            return True
        self.password.errors = [language.say("sign.wrong_password")]
        return False


class _Mailing(MailUtil):
    """Hands Flask-Security's mails to ours."""

    def send_mail(
        self,
        template: str,
        subject: str,
        recipient: str | tuple[str, str],
        sender: str | tuple[str, str],
        body: str | None,
        html: str | None,
        **_told: Any,
    ) -> None:
        post: Post = current_app.extensions["goodword_post"]
        post.send(str(recipient), str(subject), body or "")


class _Domain(FsDomain):
    """Flask-Security's sentences in the page's language, from a plain catalogue."""

    def gettext(self, string: str, **facts: Any) -> str:
        said = self._catalogue().get(string, string)
        return said % facts if facts else said

    def ngettext(self, singular: str, plural: str, num: int, **facts: Any) -> str:
        return self.gettext(singular if num == 1 else plural, **{"num": num, **facts})

    @staticmethod
    def _catalogue() -> Mapping[str, str]:
        return security_zh_hant.SENTENCES if language.current() == "zh-Hant" else {}


def _derived(secret: str) -> str:
    """Return a key for this use alone."""
    return hmac.new(secret.encode(), b"goodword owner", hashlib.sha256).hexdigest()

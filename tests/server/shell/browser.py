"""Somebody at the owner's shell: a browser that signs in, follows forms, and reads pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from typing import Any, Final

from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import Client, TestResponse

from goodword_server.house import House
from goodword_server.shell import signing
from goodword_server.shell.membership import take_on
from goodword_server.shell.mount import Mounted
from goodword_server.shell.roles import Role
from goodword_server.storage import accounts
from tests.server.builders import PUBLIC, SHOP, client_of

_QUICK: Final = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD: Final = "a pot of oolong at four"
AT: Final = f"/owner/shops/{SHOP}"
SIGN_IN: Final = "/owner/sign-in"
CHINESE: Final = "zh-TW,zh;q=0.9"
COST: Final = "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS"
# The least that Argon2 takes: everybody here signs in, and a real hash takes a tenth of a second.
signing.CONFIG[COST] = {
    f"argon2__{name}": getattr(_QUICK, name) for name in ("time_cost", "memory_cost", "parallelism")
}


@cache
def hashed(password: str) -> str:
    return _QUICK.hash(password)


def an_account(
    house: House, email: str, role: Role = Role.OWNER, *, shop: str = SHOP, password: str = PASSWORD
) -> accounts.Account:
    """Somebody who has chosen a password."""

    def deed(session: Any) -> accounts.Account:
        account = take_on(house, session, shop, email, role)
        accounts.set_password(session, account.id, hashed(password), accounts.new_stamp())
        return account

    return house.database.write(deed)


@dataclass
class Page(HTMLParser):
    """What a page holds, as far as tests ask."""

    html: str
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    text: str = ""
    forms: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._inside: list[str] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self.tags.append((tag, told))
        self._inside.append(tag)
        if tag == "form":
            self.forms.append(told)

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [told for name, told in self.tags if name == tag]

    @property
    def token(self) -> str:
        """What every form of the page brings along."""
        return next(told["value"] for told in self.all("input") if told.get("name") == "csrf_token")


class Browser:
    """One person's browser."""

    def __init__(self, house: House, language: str = "en") -> None:
        self.client: Client = client_of(house)
        self.language = language

    @property
    def shell(self) -> Flask:
        mounted: Mounted = self.client.application.wsgi_app  # type: ignore[attr-defined]
        return mounted.shell

    def get(self, path: str, **given: Any) -> TestResponse:
        headers = {"Accept-Language": self.language}
        return self.client.get(path, base_url=PUBLIC, headers=headers, **given)

    def read(self, path: str) -> Page:
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return Page(answer.text)

    def post(self, path: str, **values: Any) -> TestResponse:
        """Send a form, with what every form brings along."""
        token = Page(self.get(SIGN_IN, follow_redirects=True).text).token
        return self.send(path, csrf_token=token, **values)

    def send(self, path: str, **values: Any) -> TestResponse:
        """Send a form just as it is."""
        headers = {"Accept-Language": self.language, "Referer": f"{PUBLIC}/owner/"}
        return self.client.post(path, base_url=PUBLIC, headers=headers, data=values)

    def sign_in(self, email: str, password: str = PASSWORD) -> TestResponse:
        return self.post(SIGN_IN, email=email, password=password)

    def said(self, path: str, **values: Any) -> str:
        """Send a form; return what the page that comes next says."""
        answer = self.post(path, **values)
        assert answer.status_code == 302, (answer.status_code, answer.text)
        return self.read(answer.headers["Location"]).text


def somebody(house: House, role: Role, *, shop: str = SHOP, language: str = "en") -> Browser:
    """Somebody of this role who has signed in."""
    email = f"{role}@{shop}.example"
    an_account(house, email, role, shop=shop)
    browser = Browser(house, language)
    assert browser.sign_in(email).status_code == 302
    return browser

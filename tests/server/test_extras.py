"""A server with what it was installed with: none of the rest keeps it from its work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.sdk.builders import an_order
from tests.server.builders import FIRST_SECRET, PHONE, PUBLIC, Place

# As `import` finds what was never installed.
RUN = "import sys; sys.modules.update(dict.fromkeys({hidden!r}))\n" + (
    "from goodword_server.command import main; sys.argv = ['goodword', {command!r}]; main()"
)
# What `[shopify]` brings, and `[server,woocommerce]` does not.
OF_SHOPIFY = ("jwt", "shopify")


def run(command: str, folder: Path, *hidden: str) -> subprocess.CompletedProcess[str]:
    where = {
        **os.environ,
        "GOODWORD_DATABASE_URL": f"sqlite:///{folder / 'goodword.db'}",
        "GOODWORD_SECRETS": FIRST_SECRET,
        "GOODWORD_PUBLIC_URL": PUBLIC,
    }
    told = RUN.format(hidden=hidden, command=command)
    return subprocess.run(
        [sys.executable, "-c", told], env=where, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_server_works_without_a_platform_that_nobody_asked_for(tmp_path: Path) -> None:
    made = run("migrate", tmp_path, *OF_SHOPIFY)
    assert (made.stdout, made.stderr) == ("The tables are up to date.\n", "")
    said = run("doctor", tmp_path, *OF_SHOPIFY)
    assert "no shop of shopify can be served here: jwt is not installed" in said.stdout
    assert "or leave it, if there is no such shop" in said.stdout
    assert said.stderr == ""


@pytest.mark.slow
def test_where_only_the_library_is_installed_the_command_says_what_it_needs(
    tmp_path: Path,
) -> None:
    said = run("migrate", tmp_path, "click")
    assert (said.returncode, said.stdout) == (1, "")
    assert said.stderr == (
        "goodword: this command is the server's, and click is not installed:"
        " install goodword[server]\n"
    )


def test_friends_are_led_on_where_the_shops_platform_is_gone(place: Place) -> None:
    place.house.platforms = {}

    def ask(path: str) -> TestResponse:
        return place.client.get(path, headers={"User-Agent": PHONE})

    assert ask("/tea-house/r/ALICE10").status_code == 302
    assert ask("/tea-house/c/ALICE10").status_code == 200
    assert place.referrals.record_order(an_order()).referral is not None

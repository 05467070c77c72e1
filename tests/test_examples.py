"""What we show is run: the examples, the README's Python, and the examples in docstrings."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
import runpy
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

import goodword

ROOT = Path(__file__).parent.parent


def test_the_embedded_example_goes_from_a_code_to_a_due_reward(
    capsys: pytest.CaptureFixture[str],
) -> None:
    runpy.run_path(str(ROOT / "examples" / "embedded.py"))
    told = capsys.readouterr().out.splitlines()
    assert told[1] == "Order 1001: created, qualified."
    assert told[-1] == "The hold is over: NT$100 is due to the advocate."
    assert len((ROOT / "examples" / "embedded.py").read_text().splitlines()) <= 30


@pytest.mark.parametrize("name", ["README.md", "README.zh-TW.md"])
def test_the_readme_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.S)
    names: dict[str, object] = {}
    exec(compile(block, name, "exec"), names)
    assert isinstance(names["code"], goodword.Code)
    assert names["code"].shown in capsys.readouterr().out
    engine = names["engine"]
    engine.close()  # type: ignore[attr-defined]


def test_the_two_readmes_show_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        text = (ROOT / name).read_text("utf-8")
        return [line.partition("#")[0].rstrip() for line in re.findall(r"^    (.+)$", text, re.M)]

    assert commands("README.md") == commands("README.zh-TW.md")


@pytest.mark.parametrize("name", ["README.md", "README.zh-TW.md", "CONTRIBUTING.md"])
def test_links_in_our_pages_lead_somewhere(name: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)", (ROOT / name).read_text("utf-8"))
    assert targets
    assert [target for target in targets if not (ROOT / target).exists()] == []


def modules() -> list[str]:
    found = pkgutil.walk_packages(goodword.__path__, "goodword.")
    return [one.name for one in found if ".migrations" not in one.name]


def test_examples_in_docstrings_are_true() -> None:
    results = [doctest.testmod(importlib.import_module(name)) for name in modules()]
    assert sum(result.failed for result in results) == 0
    assert sum(result.attempted for result in results) > 0


@pytest.fixture(params=["sqlite_url", "postgresql_url"])
def shop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[FlaskClient]:
    monkeypatch.syspath_prepend(str(ROOT / "examples" / "flask_shop"))
    sys.modules.pop("app", None)
    url: str = request.getfixturevalue(request.param)
    app = importlib.import_module("app").create_app(
        url.replace("postgresql://", "postgresql+psycopg://")
    )
    yield app.test_client()
    for close in app.extensions["closing"]:
        close()


def count_of_orders(shop: FlaskClient) -> int:
    database: sa.Engine = shop.application.extensions["database"]
    with database.connect() as connection:
        return int(connection.execute(sa.text("SELECT count(*) FROM orders")).scalar_one())


def test_the_flask_shop_credits_a_friend_who_came_by_a_link(shop: FlaskClient) -> None:
    invited = shop.post("/advocates/c-1", data={"email": "mei@tea.example"}).get_json()
    assert shop.get(f"{invited['link']}?via=line").status_code == 302
    bought = shop.post("/orders", data={"email": "bob@friend.example", "total": "720"})
    assert bought.get_json() == {"order": 1, "reasons": [], "result": "created"}


def test_the_flask_shop_stores_neither_order_nor_referral_if_one_fails(
    shop: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from goodword.embedded import orders as verb

    def fails(*given: object, **named: object) -> None:
        raise goodword.OrderInvalid(field="net", mend="as the test wants it")

    monkeypatch.setattr(verb, "settle", fails)
    refused = shop.post("/orders", data={"email": "bob@friend.example", "total": "720"})
    assert refused.status_code == 400
    assert count_of_orders(shop) == 0

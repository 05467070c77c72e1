"""What we show is run: the examples, the README's Python, and the examples in docstrings."""

from __future__ import annotations

import doctest
import importlib.util
import io
import json
import pkgutil
import re
import runpy
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import ModuleType

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

import goodword
from goodword.remote import Connection, RemoteReferrals
from goodword.testing import a_program, an_advocate
from tests.server.processes import free_port
from tests.serving import CURLS, Serving, a_server, shell

ROOT = Path(__file__).parent.parent


def test_the_embedded_example_goes_from_a_code_to_a_due_reward(
    capsys: pytest.CaptureFixture[str],
) -> None:
    runpy.run_path(str(ROOT / "examples" / "embedded.py"))
    told = capsys.readouterr().out.splitlines()
    assert told[1] == "Order 1001: created, qualified."
    assert told[-1] == "The hold is over: NT$100 is due to the advocate."
    assert len((ROOT / "examples" / "embedded.py").read_text().splitlines()) <= 30


READMES = ["README.md", "README.zh-TW.md"]


def python_in(name: str) -> str:
    (block,) = re.findall(r"```python\n(.*?)```", (ROOT / name).read_text("utf-8"), re.S)
    return str(block)


def test_ten_lines_after_the_imports_tell_who_was_credited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    script = ROOT / "examples" / "ten_lines.py"
    imports, _, rest = script.read_text("utf-8").partition("\n\nengine")
    assert "engine" not in imports
    assert len(rest.splitlines()) == 10
    # The second time it finds what the first one left.
    for _ in range(2):
        runpy.run_path(str(script))["engine"].close()
        told = capsys.readouterr().out.splitlines()
        assert told[0].startswith("Credited to Mei, by code ")
        assert told[-1].startswith("NT$100 is promised to the advocate")


def test_the_readme_shows_these_ten_lines() -> None:
    assert python_in("README.md") == (ROOT / "examples" / "ten_lines.py").read_text("utf-8")


@pytest.mark.parametrize("name", READMES)
def test_the_readme_runs(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(compile(python_in(name), name, "exec"), names)
    assert isinstance(names["code"], goodword.Code)
    assert names["code"].text in capsys.readouterr().out
    engine = names["engine"]
    engine.close()  # type: ignore[attr-defined]


def test_the_two_readmes_show_the_same_code() -> None:
    """But for what people read: texts, comments, and the language of the answer."""

    def code(name: str) -> list[str]:
        text = python_in(name).replace(', language="zh-Hant"', "")
        read = tokenize.generate_tokens(io.StringIO(text).readline)
        spoken = {tokenize.STRING, tokenize.COMMENT}
        return [one.string for one in read if one.type not in spoken]

    assert code("README.md") == code("README.zh-TW.md")


def test_the_two_readmes_show_the_same_commands() -> None:
    def commands(name: str) -> list[str]:
        text = (ROOT / name).read_text("utf-8")
        return [line.partition("#")[0].rstrip() for line in re.findall(r"^    (.+)$", text, re.M)]

    assert commands("README.md") == commands("README.zh-TW.md")


@pytest.mark.parametrize("name", [*READMES, "CONTRIBUTING.md"])
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


# Embedded in a Flask app.


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
    why = shop.get("/orders/1/why").text
    assert "What decided: the visit" in why
    assert "NT$100 is promised to the advocate" in why
    assert "推薦" in shop.get("/orders/1/why?language=zh-Hant").text


def test_the_flask_shop_credits_a_typed_code_and_says_why_nobody_is(shop: FlaskClient) -> None:
    invited = shop.post("/advocates/c-1", data={"email": "mei@tea.example"}).get_json()
    friend = {"email": "bob@friend.example", "total": "720"}
    bought = [
        shop.post("/orders", data=one) for one in ({**friend, "code": invited["code"]}, friend)
    ]
    assert [one.get_json()["result"] for one in bought] == ["created", "unattributed"]
    assert shop.get("/orders/2/why").text.startswith("Nobody is credited")
    assert shop.get("/orders/3/why").get_json()["reason"] == "unknown_order"


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


# Asking a server.


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with a_server(tmp_path_factory.mktemp("served")) as serving:
        yield serving


def opened(path: Path, **environment: str) -> ModuleType:
    """Import an example from its file, as it is where these variables are set."""
    spec = importlib.util.spec_from_file_location(path.parent.name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Django looks for its routes by the module's name, and pydantic for annotations.
    sys.modules[path.parent.name] = module
    with pytest.MonkeyPatch.context() as setting:
        for name, value in environment.items():
            setting.setenv(name, value)
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def django_shop(server: Serving) -> Iterator[ModuleType]:
    path = ROOT / "examples" / "django_view" / "shop.py"
    shop = opened(path, **server.environment("django"))
    shop.referrals.programs.save(a_program())
    yield shop
    shop.referrals.close()


@pytest.mark.slow
def test_the_django_view_credits_a_typed_code_and_says_why(django_shop: ModuleType) -> None:
    from django.test import Client

    code = django_shop.referrals.advocates.invite("friends", an_advocate())
    browser = Client()
    bought = browser.post("/orders/", {"number": "17", "total": "720", "code": code.shown})
    assert bought.json() == {"result": "created", "reasons": []}
    why = browser.get("/orders/17/why").content.decode()
    assert f"the code {code.text} typed at the checkout" in why
    unknown = browser.get("/orders/18/why")
    assert (unknown.status_code, unknown.content) == (404, b"order '18' was never reported\n")
    assert browser.get("/orders/").status_code == 405


@pytest.mark.slow
def test_the_django_view_sells_while_the_server_is_down(
    django_shop: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.test import Client

    nobody = Connection(f"http://127.0.0.1:{free_port()}", "gw_key", tries=1)
    with closing(RemoteReferrals.over(nobody)) as referrals:
        monkeypatch.setattr(django_shop, "referrals", referrals)
        bought = Client().post("/orders/", {"number": "19", "total": "720"})
    assert (bought.status_code, bought.json()) == (202, {"result": "later"})


# Until FastAPI's own client lets go of httpx.
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Using .httpx. with .starlette.testclient. is deprecated")
def test_the_fastapi_app_invites_records_and_says_why(server: Serving) -> None:
    from fastapi.testclient import TestClient

    path = ROOT / "examples" / "fastapi_app" / "app.py"
    shop = opened(path, **server.environment("fastapi"))
    with TestClient(shop.app) as browser:
        invited = browser.post("/advocates", json={"id": "c-1", "name": "Mei"})
        assert invited.status_code == 201
        order = {"number": "17", "total": "720", **invited.json()}
        assert browser.post("/orders", json=order).json() == {"result": "created", "reasons": []}
        why = browser.get("/orders/17/why").json()
        assert why[-1].startswith("NT$72 is promised to the advocate")
        assert browser.get("/orders/18/why").status_code == 404
        refused = browser.post("/orders", json={**order, "total": "7.777"})
        assert (refused.status_code, refused.json()["reason"]) == (400, "money_invalid")


@pytest.mark.slow
@pytest.mark.parametrize("curl", CURLS)
def test_curl_does_it_from_any_language(server: Serving, tmp_path: Path, curl: str) -> None:
    script = str(ROOT / "examples" / "curl" / "referral.sh")
    where = {**shell(tmp_path, curl), **server.environment(f"curl-{CURLS.index(curl)}")}
    # Twice: whoever tells a thing again does no harm.
    for _ in range(2):
        told = subprocess.run(["sh", script], env=where, capture_output=True, text=True, check=True)
        first, _, answer = told.stdout.partition("\n")
        assert first.startswith("Mei passes on ")
        explained = json.loads(answer)
        assert explained["referral"]["state"] == "qualified"
        assert explained["words"][-1].startswith("NT$100 is promised to the advocate")


@pytest.mark.slow
def test_curl_stops_where_the_server_refuses(server: Serving, tmp_path: Path) -> None:
    script = str(ROOT / "examples" / "curl" / "referral.sh")
    where = {**shell(tmp_path, CURLS[-1]), "GOODWORD_URL": server.url, "GOODWORD_KEY": "gw_wrong"}
    told = subprocess.run(["sh", script], env=where, capture_output=True, text=True, check=False)
    assert told.returncode == 22

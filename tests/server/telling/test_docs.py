"""The receiver in the docs receives what we send."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from goodword import EventType
from tests.server.telling.telling import Telling

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[3] / "docs" / "webhooks.md"


def receiving(secret: str) -> Flask:
    """The app of the docs, with its secret put in."""
    found = re.search(r"```python\n(from flask.*?)```", DOCS.read_text("utf-8"), re.DOTALL)
    assert found is not None
    made: dict[str, Any] = {"__name__": "__main__"}
    exec(found[1].replace("whsec_…", secret), made)
    app = made["app"]
    assert isinstance(app, Flask)
    return app


def test_the_receiver_of_the_docs_takes_each_event_once_and_no_strangers(
    telling: Telling, capsys: pytest.CaptureFixture[str]
) -> None:
    client = receiving(telling.secret).test_client()
    telling.happens()
    telling.send()
    (got,) = telling.receiver.got
    for _ in range(2):
        assert client.post("/hooks", data=got.body, headers=got.headers).status_code == 204
    changed = got.body.replace("o-1", "o-2")
    assert client.post("/hooks", data=changed, headers=got.headers).status_code == 401
    assert capsys.readouterr().out.count("referral.created") == 1


def test_the_docs_name_every_type_of_event() -> None:
    text = DOCS.read_text("utf-8")
    assert [str(one) for one in EventType if f".{one.partition('.')[2]}`" not in text] == []

"""Shopify's own libraries were asked about generated cases, and we think what they think."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from goodword.apps import RequestRefused
from goodword.errors import DeliveryRefused
from goodword.platforms import Delivery
from goodword_shopify.letting_in import checkout, granted, proxy, session
from goodword_shopify.webhooks import verify

RECORD = Path(__file__).parent / "recorded" / "judged.jsonl"
TOLD, *CASES = [json.loads(line) for line in RECORD.read_text("utf-8").splitlines()]
AT = datetime.fromtimestamp(TOLD["at"], UTC)


def ours(case: dict[str, Any]) -> bool:
    client, secrets = TOLD["client"], [TOLD["secret"]]
    try:
        match case["kind"]:
            case "webhook":
                headers = {name.lower(): text for name, text in case["headers"].items()}
                verify(Delivery("", headers, case["body"].encode()), secrets)
            case "proxy":
                proxy([(name, value) for name, value in case["query"]], secrets, AT)
            case "granted":
                query = dict(case["query"])
                granted(query, secrets, query["state"], AT)
            case "session":
                session(f"Bearer {case['token']}", client, secrets)
            case "checkout":
                checkout(f"Bearer {case['token']}", client, secrets)
    except (DeliveryRefused, RequestRefused):
        return False
    return True


@pytest.mark.parametrize("judge", ["javascript", "python"])
@pytest.mark.parametrize("kind", ["webhook", "proxy", "granted", "session", "checkout"])
def test_we_think_of_a_request_what_shopifys_library_thinks(kind: str, judge: str) -> None:
    cases = [case for case in CASES if case["kind"] == kind and judge in case["said"]]
    assert [ours(case) for case in cases] == [case["said"][judge] for case in cases]


@pytest.mark.parametrize("kind", ["webhook", "proxy", "granted", "session", "checkout"])
def test_each_kind_was_judged_both_ways(kind: str) -> None:
    said = {word for case in CASES if case["kind"] == kind for word in case["said"].values()}
    assert said == {True, False}

from __future__ import annotations

from goodword_woocommerce import packing
from tests.server.joining.conftest import Joining


def test_the_plugin_is_to_be_had_by_anybody(joining: Joining) -> None:
    answer = joining.client.get("/connect/woocommerce/plugin")
    assert answer.status_code == 200
    assert answer.data == packing.packed()
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"] == f"attachment; filename={packing.name()}"
    tag = {"If-None-Match": answer.headers["ETag"]}
    assert joining.client.get("/connect/woocommerce/plugin", headers=tag).status_code == 304


def test_where_nothing_is_to_be_installed_it_is_said(joining: Joining) -> None:
    answer = joining.client.get("/connect/shopify/plugin")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"

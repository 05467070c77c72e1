from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.resources import files

import pytest

from goodword_woocommerce import WooCommerce
from goodword_woocommerce.standin import SECRET, answer, derived, names, paid_37, recorded, signed

RECORDED = files("goodword_woocommerce.standin") / "recorded"


def test_the_readme_lists_every_file_and_no_other() -> None:
    readme = (RECORDED / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\S+\.json) ", readme, re.MULTILINE)
    assert sorted(listed) == sorted(
        entry.name for entry in RECORDED.iterdir() if entry.name.endswith(".json")
    )


@pytest.mark.parametrize("name", names())
def test_a_body_is_the_very_bytes_that_were_sent(name: str) -> None:
    sent = recorded(name)
    assert sent.body.isascii()
    assert sent.delivery("token/x").path == "token/x"
    assert all(header == header.lower() for header in sent.delivery().headers)


def test_a_derived_state_is_signed_like_a_recorded_one() -> None:
    sent = derived("order-updated-completed", status="shipped")
    WooCommerce().verify(sent.delivery(), [SECRET])
    assert sent.json == recorded("order-updated-completed").json | {"status": "shipped"}
    # Written as PHP writes it: nothing but what was changed is changed.
    assert derived("order-updated-completed").body == recorded("order-updated-completed").body


def test_a_delivery_can_be_signed_with_any_secret() -> None:
    sent = signed(b'{"id":5}', "order.deleted", "another")
    WooCommerce().verify(sent.delivery(), ["another"])
    assert sent.headers["X-WC-Webhook-Topic"] == "order.deleted"
    assert sent.headers["X-WC-Webhook-Event"] == "deleted"


def test_order_37_is_paid_in_the_clock_of_its_shop() -> None:
    body = paid_37().json
    assert (body["status"], body["date_paid_gmt"]) == ("completed", "2026-11-22T09:40:00")
    assert body["date_paid"] == body["date_completed"] == "2026-11-22T04:40:00"
    assert body["date_modified_gmt"] == body["date_completed_gmt"] == "2026-11-22T09:40:00"


def test_an_answer_is_a_copy() -> None:
    answer("order-refunds")[2].clear()
    assert len(answer("order-refunds")[2]) == 2


@pytest.mark.parametrize("status", [200, 401])
def test_a_delivery_is_sent_as_the_shop_sends_it(status: int) -> None:
    seen: list[tuple[str | None, bytes]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["Content-Length"])
            seen.append((self.headers["X-WC-Webhook-Signature"], self.rfile.read(length)))
            self.send_response(status)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    sent = recorded("order-deleted")
    with HTTPServer(("127.0.0.1", 0), Receiver) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert sent.send(f"http://127.0.0.1:{server.server_port}/hooks/token") == status
        thread.join()
    assert seen == [(sent.headers["X-WC-Webhook-Signature"], sent.body)]

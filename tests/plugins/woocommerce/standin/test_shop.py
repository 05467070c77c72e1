from __future__ import annotations

from typing import Any

import pytest

from goodword_woocommerce.standin import CouponRefused, Shop, answer, derived
from goodword_woocommerce.standin.shop import Answer

MEI = "mei@example.com"


@pytest.fixture
def shop() -> Shop:
    return Shop()


def ask(shop: Shop, method: str, path: str, body: Any = None, **query: str) -> Answer:
    return shop.answer(method, path, query, body)


def test_an_order_stands_as_it_was_last_shown(shop: Shop) -> None:
    for name in ("order-updated-completed", "order-updated-partial-refund"):
        shop.show(name)
    said = ask(shop, "GET", "orders/17")
    assert (said.status, said.body["refunds"][0]["id"]) == (200, 18)


def test_an_order_can_be_shown_by_its_body(shop: Shop) -> None:
    shop.show(derived("order-updated-completed", id=5))
    shop.show({"id": 6, "status": "trash"})
    assert set(shop.orders) == {5, 6}


def test_an_unknown_order_gets_the_recorded_answer(shop: Shop) -> None:
    status, _, body = answer("error-order-404")
    for path in ("orders/999999", "orders/odd", "orders/999999/refunds"):
        said = ask(shop, "GET", path)
        assert (said.status, said.body) == (status, body)


def test_recorded_refunds_are_told_as_recorded_and_others_are_marked(shop: Shop) -> None:
    shop.show("order-updated-fully-refunded")
    shop.show("order-created-already-refunded")
    recorded = ask(shop, "GET", "orders/17/refunds").body
    assert recorded == answer("order-refunds")[2]
    (made,) = ask(shop, "GET", "orders/27/refunds").body
    assert (made["id"], made["amount"], made["line_items"]) == (31, "12.50", [])
    assert made["meta_data"][0]["key"] == "_derived"


def test_a_coupon_code_exists_once_whatever_its_case(shop: Shop) -> None:
    made = ask(shop, "POST", "coupons", {"code": "REF-Alice10", "amount": "1.00"})
    assert (made.status, made.body["code"]) == (201, "ref-alice10")
    again = ask(shop, "POST", "coupons", {"code": "ref-ALICE10"})
    assert (again.status, again.body) == answer("error-coupon-exists")[::2]
    assert ask(shop, "GET", "coupons", code="Ref-Alice10").body == [made.body]
    assert ask(shop, "GET", "coupons", code="other").body == []
    assert ask(shop, "GET", "coupons").body == [made.body]


def test_what_woocommerce_ignores_is_ignored(shop: Shop) -> None:
    sent = {"code": "a", "date_expires_gmt": "2020-01-01T00:00:00", "usage_count": 9, "odd": 1}
    made = ask(shop, "POST", "coupons", sent).body
    assert (made["date_expires_gmt"], made["usage_count"]) == (None, 0)
    assert "odd" not in made


def test_an_expiry_without_a_zone_is_the_shops_own_time(shop: Shop) -> None:
    made = ask(shop, "POST", "coupons", {"code": "a", "date_expires": "2027-01-31T18:00:00"}).body
    assert made["date_expires_gmt"] == "2027-01-31T23:00:00"
    cleared = ask(shop, "PUT", f"coupons/{made['id']}", {"date_expires": None}).body
    assert cleared["date_expires_gmt"] is None


def test_a_trashed_coupon_frees_its_code_and_a_deleted_one_is_gone(shop: Shop) -> None:
    id = ask(shop, "POST", "coupons", {"code": "a"}).body["id"]
    assert ask(shop, "DELETE", f"coupons/{id}").body["status"] == "trash"
    assert ask(shop, "POST", "coupons", {"code": "a"}).status == 201
    assert ask(shop, "DELETE", f"coupons/{id}", force="true").status == 200
    for method in ("GET", "PUT", "DELETE"):
        said = ask(shop, method, f"coupons/{id}", {})
        assert said.body["code"] == "woocommerce_rest_shop_coupon_invalid_id"


def test_the_checkout_takes_a_coupon_once_and_from_its_owner(shop: Shop) -> None:
    sent = {"code": "a", "usage_limit": 1, "email_restrictions": ["Mei@example.com"]}
    id = ask(shop, "POST", "coupons", sent).body["id"]
    with pytest.raises(CouponRefused, match="not yours"):
        shop.use_coupon("A", "eve@example.com")
    shop.use_coupon("A", MEI)
    assert shop.coupons.by_id[id]["used_by"] == [MEI]
    with pytest.raises(CouponRefused, match="limit"):
        shop.use_coupon("A", MEI)


@pytest.mark.parametrize("expires", ["2000-01-01T00:00:00Z", "1999-12-31T19:00:00-05:00"])
def test_the_checkout_takes_no_expired_or_unknown_coupon(shop: Shop, expires: str) -> None:
    ask(shop, "POST", "coupons", {"code": "a", "date_expires": expires})
    with pytest.raises(CouponRefused, match="expired"):
        shop.use_coupon("a", MEI)
    with pytest.raises(CouponRefused, match="does not exist"):
        shop.use_coupon("b", MEI)

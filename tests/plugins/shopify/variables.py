"""What the operations are given, so that each is held against the schema with its inputs."""

from __future__ import annotations

from typing import Any, Final

ORDER: Final = "gid://shopify/Order/9007199254740993"
DISCOUNT: Final = "gid://shopify/DiscountCodeNode/9007199254740993"
CUSTOMER: Final = "gid://shopify/Customer/9007199254740993"

BASIC: Final[dict[str, Any]] = {
    "title": "goodword: thanks",
    "code": "THANKS7Q2K",
    "startsAt": "2026-11-26T00:00:00Z",
    "endsAt": "2027-11-26T00:00:00+00:00",
    "usageLimit": 1,
    "appliesOncePerCustomer": True,
    "context": {"all": "ALL"},
    "combinesWith": {
        "orderDiscounts": False,
        "productDiscounts": False,
        "shippingDiscounts": True,
    },
    "customerGets": {"value": {"percentage": 0.1}, "items": {"all": True}},
}

GIFT_CARD: Final[dict[str, Any]] = {
    "initialAmount": {"amount": "5.00", "currencyCode": "EUR"},
    "code": "thanks7q2k",
    "expiresOn": "2027-11-26",
    "note": "goodword g-1",
}
MONEY: Final[dict[str, Any]] = {"amount": "5.00", "currencyCode": "EUR"}

_ONE: Final[dict[str, Any]] = {"id": ORDER}
VARIABLES: Final[dict[str, dict[str, Any]]] = {
    "InstallationProfile": {},
    "ShopCurrency": {},
    "AutomaticDiscounts": {"after": None},
    "WebhookSubscriptionsAudit": {"after": None},
    "WebhookSubscribe": {
        "topic": "ORDERS_PAID",
        "subscription": {"uri": "https://thanks.example/hooks/shopify/app", "format": "JSON"},
    },
    "WebhookUnsubscribe": {"id": "gid://shopify/WebhookSubscription/1"},
    "OrderHead": _ONE,
    "OrderLines": _ONE | {"after": "24"},
    "OrderShipping": _ONE,
    "OrderProducts": _ONE,
    "OrderReceived": _ONE,
    "OrderRefunds": _ONE,
    "RefundHead": {"id": "gid://shopify/Refund/1"},
    "RefundLines": {"id": "gid://shopify/Refund/1"},
    "RefundShipping": {"id": "gid://shopify/Refund/1"},
    "RefundAdjustments": {"id": "gid://shopify/Refund/1"},
    "OrdersChanged": {"filter": "updated_at:>='2026-11-26T00:00:00Z'"},
    "OrdersBefore": {"filter": "customer_id:1"},
    "OrdersWithCode": {"filter": "discount_code:'thanks-7q2km9xw'"},
    "OrdersShown": {"ids": [ORDER] * 50},
    "CustomerById": {"id": CUSTOMER},
    "AdvocateById": {"id": CUSTOMER},
    "OrderBuyer": _ONE,
    "CustomerOrders": {"id": CUSTOMER},
    "CustomerByEmail": {"email": "mei@example.com"},
    "AmountCodeCreate": {"discount": BASIC},
    "AmountCodeUpdate": {"id": DISCOUNT, "discount": BASIC},
    "FreeShippingCodeUpdate": {
        "id": DISCOUNT,
        "discount": {"combinesWith": {"orderDiscounts": True, "productDiscounts": False}},
    },
    "FreeProductCodeUpdate": {
        "id": DISCOUNT,
        "discount": {"combinesWith": BASIC["combinesWith"]},
    },
    "FreeShippingCodeCreate": {
        "discount": {k: v for k, v in BASIC.items() if k not in ("customerGets", "combinesWith")}
        | {"destination": {"all": True}, "combinesWith": {"orderDiscounts": True}}
    },
    "FreeProductCodeCreate": {
        "discount": {k: v for k, v in BASIC.items() if k != "customerGets"}
        | {
            "customerBuys": {
                "items": {"collections": {"add": ["gid://shopify/Collection/1"]}},
                "value": {"quantity": "1"},
            },
            "customerGets": {
                "items": {"products": {"productsToAdd": ["gid://shopify/Product/1"]}},
                "value": {"discountOnQuantity": {"quantity": "1", "effect": {"percentage": 1.0}}},
            },
            "usesPerOrderLimit": 1,
        }
    },
    "CodeLookup": {"code": "THANKS7Q2K"},
    "CodesStanding": {"ids": [DISCOUNT] * 20},
    "CardsStanding": {"ids": ["gid://shopify/GiftCard/1"] * 20},
    "CodeDeactivate": {"id": DISCOUNT},
    "PoolFill": {"discountId": DISCOUNT, "codes": [{"code": "FRIEND1"}]},
    "PoolFilled": {"id": "gid://shopify/DiscountRedeemCodeBulkCreation/1"},
    "PoolCode": {"code": "FRIEND1", "filter": "code:FRIEND1"},
    "JobStanding": {"id": "gid://shopify/Job/1"},
    "PoolEmpty": {"discountId": DISCOUNT, "ids": ["gid://shopify/DiscountRedeemCode/1"]},
    "StoreCreditGrant": {
        "owner": CUSTOMER,
        "input": {"creditAmount": MONEY, "expiresAt": "2027-11-26T00:00:01Z", "notify": False},
    },
    "StoreCreditTakeBack": {
        "account": "gid://shopify/StoreCreditAccount/1",
        "input": {"debitAmount": MONEY},
    },
    "StoreCreditAccounts": {"customer": CUSTOMER},
    "StoreCreditMade": {"id": "gid://shopify/StoreCreditAccountCreditTransaction/1"},
    "StoreCreditLedger": {"account": "gid://shopify/StoreCreditAccount/1"},
    "GiftCardIssue": {"input": GIFT_CARD},
    "GiftCardsFound": {"filter": "thanks7q2k"},
    "GiftCardLedger": {"id": "gid://shopify/GiftCard/1"},
    "GiftCardDebit": {
        "id": "gid://shopify/GiftCard/1",
        "input": {"debitAmount": MONEY, "note": "goodword g-1"},
    },
    "GiftCardVoid": {"id": "gid://shopify/GiftCard/1"},
    "BackfillStart": {"query": "{ orders { edges { node { id } } } }"},
    "BackfillStatus": {"id": "gid://shopify/BulkOperation/1"},
    "BackfillCancel": {"id": "gid://shopify/BulkOperation/1"},
}
"""One set of variables for each operation."""

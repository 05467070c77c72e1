"""Shopify without the network: its real schemas, executed over shops that tests fill.

Needs graphql-core, which the plugin itself does without.
"""

from goodword_shopify.standin.answers import Answer, Fault
from goodword_shopify.standin.api import CLIENT, SCOPES, SECRET, Api
from goodword_shopify.standin.clock import Clock
from goodword_shopify.standin.orders import Bought, Till, order, refund
from goodword_shopify.standin.server import StandIn
from goodword_shopify.standin.shop import Shop

__all__ = [
    "CLIENT",
    "SCOPES",
    "SECRET",
    "Answer",
    "Api",
    "Bought",
    "Clock",
    "Fault",
    "Shop",
    "StandIn",
    "Till",
    "order",
    "refund",
]

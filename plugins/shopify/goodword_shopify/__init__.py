"""Shopify: whose a delivery says it is, and whether the app's secret signed it.

The platform itself, with its till, is not built yet; no entry point names this package.
"""

from goodword_shopify.webhooks import address, verify

__all__ = ["address", "verify"]

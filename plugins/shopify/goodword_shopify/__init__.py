"""Shopify as a goodword platform."""

from goodword_shopify.platform import Shopify

__all__ = ["Shopify"]

"""Shopify as a goodword platform."""

"""WooCommerce as a goodword platform."""

from goodword_woocommerce.platform import WooCommerce

__all__ = ["WooCommerce"]

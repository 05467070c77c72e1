"""WooCommerce as a goodword platform."""

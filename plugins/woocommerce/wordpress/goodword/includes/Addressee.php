<?php
/**
 * Whom a basket is for: a coupon bound to an address waits until the checkout knows it.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Since WooCommerce 11 such a coupon is refused while nobody told the basket their address. */
final class Addressee {

	/** Hangs up the hooks of both checkouts. */
	public static function init() {
		// Before WooCommerce adds up the basket for its answer.
		add_action( 'woocommerce_store_api_cart_update_customer_from_request', array( 'Goodword\\Coupons', 'basket_changed' ), 10, 0 );
		add_action( 'woocommerce_checkout_update_order_review', array( __CLASS__, 'typed' ) );
		add_filter( 'woocommerce_checkout_fields', array( __CLASS__, 'asked_early' ), 20 );
	}

	/**
	 * Tells the basket the address of the classic checkout, which WooCommerce keeps to itself until the order.
	 *
	 * @param mixed $posted The checkout's fields, as a query.
	 */
	public static function typed( $posted ) {
		try {
			wp_parse_str( is_string( $posted ) ? $posted : '', $told );
			$email = isset( $told['billing_email'] ) && is_string( $told['billing_email'] ) ? sanitize_email( $told['billing_email'] ) : '';
			$shop  = WC();
			if ( is_email( $email ) && $shop->customer && Coupons::are_awaited() ) {
				$shop->customer->set_billing_email( $email );
				Coupons::basket_changed();
			}
		} catch ( \Throwable $trouble ) {
			wc_get_logger()->warning( get_class( $trouble ) . ': ' . $trouble->getMessage(), array( 'source' => 'goodword' ) );
		}
	}

	/**
	 * Has the classic checkout add up anew once the address is typed, where a coupon waits for it.
	 *
	 * @param array $fields The checkout's fields.
	 * @return array
	 */
	public static function asked_early( $fields ) {
		try {
			if ( isset( $fields['billing']['billing_email'] ) && Coupons::are_awaited() ) {
				$class = isset( $fields['billing']['billing_email']['class'] ) ? (array) $fields['billing']['billing_email']['class'] : array();
				$fields['billing']['billing_email']['class'] = array_merge( $class, array( 'update_totals_on_change' ) );
			}
		} catch ( \Throwable $trouble ) {
			wc_get_logger()->warning( get_class( $trouble ) . ': ' . $trouble->getMessage(), array( 'source' => 'goodword' ) );
		}
		return $fields;
	}
}

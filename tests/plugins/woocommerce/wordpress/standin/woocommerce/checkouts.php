<?php
/** Both checkouts, whose hooks fire in the sequence that facts.json holds. */

final class StandIn_Checkout {
	/** Each hook that fired, in sequence. */
	public static $fired = array();

	/**
	 * The classic one: refuses a coupon that this guest used before, and leaves it in the basket.
	 *
	 * @return WC_Order|null
	 */
	public static function classic( $email = 'friend@example.com', array $posted = array() ) {
		self::look_at( 'checkout' );
		foreach ( WC()->cart->get_coupons() as $coupon ) {
			if ( $coupon->rules['once_each'] && in_array( $email, $coupon->rules['used_by'], true ) ) {
				wc_add_notice( 'Coupon usage limit has been reached.', 'error' );
				return null;
			}
		}
		$data  = array( 'billing_email' => $email ) + $posted;
		$order = self::order( $email );
		self::fire( 'woocommerce_checkout_create_order', $order, $data );
		$order->save();
		self::fire( 'woocommerce_checkout_update_order_meta', $order->id, $data );
		self::fire( 'woocommerce_checkout_order_created', $order );
		self::fire( 'woocommerce_checkout_order_processed', $order->id, $data, $order );
		return $order;
	}

	/**
	 * The block one: refuses while an error stands in the session.
	 *
	 * @return WC_Order|null
	 */
	public static function block( $email = 'friend@example.com', array $answers = array() ) {
		$notices = wc_get_notices();
		if ( ! empty( $notices['error'] ) ) {
			wc_set_notices( array() );
			return null;
		}
		$order   = self::order( $email );
		$request = new WP_REST_Request( 'POST', '/wc/store/v1/checkout' );
		$request->set_param( 'additional_fields', $answers );
		self::fire( 'woocommerce_store_api_checkout_update_order_meta', $order );
		// Whoever adds something there saves it.
		$order->forget_what_was_not_saved();
		self::fire( 'woocommerce_store_api_checkout_update_order_from_request', $order, $request );
		$order->save();
		self::fire( 'woocommerce_store_api_checkout_order_processed', $order );
		return $order;
	}

	/** The address is typed in the block checkout. */
	public static function address( $email ) {
		WC()->customer->set_billing_email( $email );
		do_action( 'woocommerce_store_api_cart_update_customer_from_request', WC()->customer, new WP_REST_Request( 'POST', '/wc/store/v1/cart/update-customer' ) );
	}

	/** The classic checkout adds up anew, after something was typed: the basket is told no address. */
	public static function review( $typed ) {
		do_action( 'woocommerce_checkout_update_order_review', $typed );
	}

	/** The fields of the classic checkout that are of interest. */
	public static function fields() {
		$email = array( 'type' => 'email', 'class' => array( 'form-row-wide' ) );
		return apply_filters( 'woocommerce_checkout_fields', array( 'billing' => array( 'billing_email' => $email ) ) )['billing'];
	}

	/** Somebody looks at a page of the shop. */
	public static function look_at( $page ) {
		StandIn_Page::$is = $page;
		do_action( 'template_redirect' );
	}

	/** The thank-you page; returns what our part of it prints. */
	public static function thanks( $id, $key ) {
		StandIn_Page::$is = 'thanks';
		$_GET['key']      = $key;
		ob_start();
		do_action( 'woocommerce_before_thankyou', $id );
		do_action( 'woocommerce_thankyou', $id );
		unset( $_GET['key'] );
		return ob_get_clean();
	}

	/** WooCommerce's own eraser, or its cleaner of old orders, takes the shopper off an order. */
	public static function erase( $order ) {
		do_action( 'woocommerce_privacy_before_remove_order_personal_data', $order );
		$order->email    = 'deleted@site.invalid';
		$order->customer = 0;
		$order->save();
	}

	private static function order( $email ) {
		$order          = new WC_Order();
		$order->email   = $email;
		$order->coupons = WC()->cart->codes();
		$order->customer = get_current_user_id();
		self::$fired    = array();
		return $order;
	}

	public static function fire( $hook, ...$given ) {
		self::$fired[] = $hook;
		do_action( $hook, ...$given );
	}
}

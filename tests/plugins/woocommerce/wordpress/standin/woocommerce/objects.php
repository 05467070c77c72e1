<?php
/** The objects of the stand-in: a basket, its coupons, an order, a session, webhooks. */

final class WC_Session {
	private $kept = array();

	public function get( $name, $default = null ) {
		return isset( $this->kept[ $name ] ) ? $this->kept[ $name ] : $default;
	}

	public function set( $name, $value ) {
		$this->kept[ $name ] = $value;
	}
}

/** Coupons as the shop's owner made them. */
final class StandIn_Coupons {
	public static $known = array();

	public static function make( $code, array $rules = array() ) {
		self::$known[ wc_format_coupon_code( $code ) ] = $rules + array(
			'individual_use' => false,
			'minimum'        => 0,
			'expired'        => false,
			'used_by'        => array(),
			'once_each'      => false,
			'emails'         => array(),
		);
	}
}

final class WC_Coupon {
	public $code;
	public $rules;

	public function __construct( $code ) {
		$this->code  = wc_format_coupon_code( $code );
		$this->rules = isset( StandIn_Coupons::$known[ $this->code ] ) ? StandIn_Coupons::$known[ $this->code ] : null;
	}

	public function get_individual_use() {
		return $this->rules && $this->rules['individual_use'];
	}
}

final class WC_Discounts {
	private $cart;

	public function __construct( $cart ) {
		$this->cart = $cart;
	}

	public function is_coupon_valid( $coupon ) {
		if ( null === $coupon->rules ) {
			return new WP_Error( 'invalid_coupon', 'Coupon "' . $coupon->code . '" does not exist!' );
		}
		if ( $coupon->rules['expired'] ) {
			return new WP_Error( 'invalid_coupon', 'This coupon has expired.' );
		}
		if ( $this->cart->subtotal() < $coupon->rules['minimum'] ) {
			return new WP_Error( 'invalid_coupon', 'The minimum spend for this coupon is not reached.' );
		}
		// Since WooCommerce 11: 8.5 asked no sooner than at the order.
		if ( $coupon->rules['emails'] && ! in_array( WC()->customer->get_billing_email(), $coupon->rules['emails'], true ) ) {
			return new WP_Error( 'invalid_coupon', 'Please enter a valid email to use this coupon.' );
		}
		return true;
	}
}

final class WC_Customer {
	private $email = '';

	public function get_billing_email() {
		return $this->email;
	}

	public function set_billing_email( $email ) {
		$this->email = $email;
	}
}

final class WC_Cart {
	/** For tests: what was tried on this basket. */
	public $tried = array();
	private $goods = array();
	private $coupons = array();

	public function subtotal() {
		return array_sum( $this->goods );
	}

	public function put_in( $price ) {
		$this->goods[] = $price;
		do_action( 'woocommerce_add_to_cart', 'key', 7, 1, 0, array(), array() );
	}

	public function take_out() {
		array_pop( $this->goods );
		foreach ( $this->coupons as $code => $coupon ) {
			if ( true !== ( new WC_Discounts( $this ) )->is_coupon_valid( $coupon ) ) {
				wc_add_notice( 'The coupon was removed.', 'error' );
				$this->remove_coupon( $code );
			}
		}
	}

	public function is_empty() {
		return array() === $this->goods;
	}

	public function has_discount( $code ) {
		return isset( $this->coupons[ wc_format_coupon_code( $code ) ] );
	}

	public function get_coupons() {
		return $this->coupons;
	}

	public function codes() {
		return array_map( 'strval', array_keys( $this->coupons ) );
	}

	public function apply_coupon( $code ) {
		$coupon        = new WC_Coupon( $code );
		$this->tried[] = $coupon->code;
		$valid         = ( new WC_Discounts( $this ) )->is_coupon_valid( $coupon );
		if ( true !== $valid ) {
			wc_add_notice( $valid->get_error_message(), 'error' );
			return false;
		}
		foreach ( $this->coupons as $other ) {
			if ( $other->get_individual_use() ) {
				wc_add_notice( 'Another coupon can only be used alone.', 'error' );
				return false;
			}
		}
		if ( $coupon->get_individual_use() ) {
			array_map( array( $this, 'remove_coupon' ), $this->codes() );
		}
		$this->coupons[ $coupon->code ] = $coupon;
		wc_add_notice( 'Coupon code applied successfully.' );
		do_action( 'woocommerce_applied_coupon', $coupon->code );
		return true;
	}

	public function remove_coupon( $code ) {
		$code = wc_format_coupon_code( $code );
		unset( $this->coupons[ $code ] );
		do_action( 'woocommerce_removed_coupon', $code );
	}
}

final class WC_Order {
	public static $all = array();
	public $id = 0;
	public $saved = array();
	public $status = 'processing';
	public $email = 'friend@example.com';
	public $customer = 0;
	public $first_name = 'An';
	public $coupons = array();
	private $meta = array();

	public function get_id() {
		return $this->id;
	}

	public function get_order_key() {
		return 'wc_order_' . $this->id;
	}

	public function get_customer_id() {
		return $this->customer;
	}

	public function get_billing_email() {
		return $this->email;
	}

	public function get_billing_first_name() {
		return $this->first_name;
	}

	public function get_coupon_codes() {
		return $this->coupons;
	}

	public function has_status( $status ) {
		return $status === $this->status;
	}

	public function update_meta_data( $name, $value ) {
		$this->meta[ $name ] = $value;
	}

	public function delete_meta_data( $name ) {
		unset( $this->meta[ $name ] );
	}

	public function get_meta( $name ) {
		return isset( $this->meta[ $name ] ) ? $this->meta[ $name ] : '';
	}

	public function forget_what_was_not_saved() {
		$this->meta = $this->saved;
	}

	public function save() {
		if ( ! $this->id ) {
			$this->id = 100 + count( self::$all );
			StandIn_Checkout::fire( 'woocommerce_new_order', $this->id, $this );
		}
		$this->saved            = $this->meta;
		self::$all[ $this->id ] = $this;
		return $this->id;
	}
}

final class WC_Webhook {
	public static $all = array();
	public $url;
	public $status;

	public function __construct( $url, $status = 'active' ) {
		$this->url    = $url;
		$this->status = $status;
		self::$all[]  = $this;
	}

	public function get_delivery_url() {
		return $this->url;
	}

	public function get_status() {
		return $this->status;
	}

	public function delete( $force ) {
		self::$all = array_filter(
			self::$all,
			function ( $one ) {
				return $one !== $this;
			}
		);
		return $force;
	}
}

final class WC_Data_Store {
	public static function load( $kind ) {
		return new self();
	}

	public function search_webhooks( $wanted ) {
		return array_keys( WC_Webhook::$all );
	}
}

final class WC_Logger_Interface {
	public static $said = array();

	public function warning( $words, $context ) {
		self::$said[] = $words;
	}
}

final class WooCommerce {
	public $cart;
	public $customer;
	public $session;

	public function __construct() {
		$this->begin();
	}

	/** A shopper comes. */
	public function begin() {
		$this->session  = new WC_Session();
		$this->customer = new WC_Customer();
		$this->cart     = new WC_Cart();
		StandIn_Page::$is = '';
	}
}

/** Which page is looked at. */
final class StandIn_Page {
	public static $is = '';
}

<?php
/**
 * Puts the friend's coupon into the basket, where it is welcome.  Nothing here may stop an order.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** The coupon of a link, or one that the shopper chose to use now. */
final class Coupons {

	/** The word in an address, and the cookie, that names a coupon to be used now. */
	const CHOSEN  = 'goodword_coupon';
	const REMOVED = 'goodword_removed';

	/**
	 * Whether one is being put in: that adds up the basket anew, and would call us again.
	 *
	 * @var bool
	 */
	private static $busy = false;

	/** Hangs up the hooks. */
	public static function init() {
		// After WooCommerce itself has added up the basket, at 20.
		add_action( 'woocommerce_add_to_cart', array( __CLASS__, 'basket_changed' ), 30, 0 );
		add_action( 'template_redirect', array( __CLASS__, 'page_seen' ), 20 );
		add_action( 'woocommerce_removed_coupon', array( __CLASS__, 'removed' ) );
		add_action( Friend::LEARN, array( 'Goodword\\Friend', 'learn' ) );
	}

	/** Something was put into the basket. */
	public static function basket_changed() {
		self::safely();
	}

	/** Basket or checkout is looked at: a minimum may be reached by now. */
	public static function page_seen() {
		if ( ( is_cart() || is_checkout() ) && ! is_order_received_page() ) {
			self::safely();
		}
	}

	/**
	 * Whether a coupon is wished for that is not in the basket, and may come into it yet.
	 *
	 * @return bool
	 */
	public static function are_awaited() {
		$shop = WC();
		if ( ! Settings::connected() || ! $shop->cart || ! $shop->session || $shop->cart->is_empty() || ! wc_coupons_enabled() ) {
			return false;
		}
		$out = self::unwanted();
		foreach ( self::wanted() as $coupon ) {
			if ( ! $shop->cart->has_discount( $coupon ) && ! in_array( wc_format_coupon_code( $coupon ), $out, true ) ) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Remembers that the shopper does not want a coupon, or cannot have it: it must not come back.
	 *
	 * @param string $code The coupon.
	 */
	public static function removed( $code ) {
		try {
			$shop = WC();
			// WooCommerce itself takes out what does not fit any more; once it fits again, it is welcome.
			if ( self::$busy || ! $shop->session || ! $shop->cart || ! self::fits( $shop->cart, (string) $code ) ) {
				return;
			}
			$shop->session->set( self::REMOVED, array_merge( self::unwanted(), array( wc_format_coupon_code( (string) $code ) ) ) );
		} catch ( \Throwable $trouble ) {
			self::tell( $trouble );
		}
	}

	/** Does what can be done, and lets no trouble out. */
	private static function safely() {
		if ( self::$busy ) {
			return;
		}
		self::$busy = true;
		try {
			$shop = WC();
			self::keep_choice();
			if ( Settings::connected() && $shop->cart && $shop->session && ! $shop->cart->is_empty() && wc_coupons_enabled() ) {
				Friend::remember();
				foreach ( self::wanted() as $coupon ) {
					self::put_in( $shop->cart, $coupon );
				}
			}
		} catch ( \Throwable $trouble ) {
			self::tell( $trouble );
		} finally {
			self::$busy = false;
		}
	}

	/**
	 * Puts one coupon in, if it is valid; leaves no word of WooCommerce's behind if it is not.
	 *
	 * @param \WC_Cart $cart   The basket.
	 * @param string   $coupon The coupon.
	 */
	private static function put_in( $cart, $coupon ) {
		$out = in_array( wc_format_coupon_code( $coupon ), self::unwanted(), true );
		if ( $out || $cart->has_discount( $coupon ) || self::crowds_out( $cart, $coupon ) || ! self::fits( $cart, $coupon ) ) {
			return;
		}
		$said = wc_get_notices();
		try {
			$in = $cart->apply_coupon( $coupon );
		} finally {
			// An error left in the session would have the block checkout refuse the order.
			wc_set_notices( $said );
		}
		if ( $in && ! wp_is_serving_rest_request() ) {
			wc_add_notice( esc_html( Words::say( 'checkout.gift', __( 'Your gift is in the basket.', 'goodword' ) ) ), 'success' );
		}
	}

	/**
	 * Whether a coupon would be accepted now.
	 *
	 * @param \WC_Cart $cart   The basket.
	 * @param string   $coupon The coupon.
	 * @return bool
	 */
	private static function fits( $cart, $coupon ) {
		return true === ( new \WC_Discounts( $cart ) )->is_coupon_valid( new \WC_Coupon( $coupon ) );
	}

	/**
	 * Whether the shopper's own coupon and this one cannot stand together: theirs stays.
	 *
	 * @param \WC_Cart $cart   The basket.
	 * @param string   $coupon The coupon.
	 * @return bool
	 */
	private static function crowds_out( $cart, $coupon ) {
		$others = $cart->get_coupons();
		if ( ! $others ) {
			return false;
		}
		$alone = array_filter(
			$others,
			static function ( $other ) {
				return $other->get_individual_use();
			}
		);
		return $alone || ( new \WC_Coupon( $coupon ) )->get_individual_use();
	}

	/**
	 * Returns the coupons that this shopper should have: their own choice first.
	 *
	 * @return string[]
	 */
	private static function wanted() {
		$code  = Friend::trace()['code'];
		$gift  = '' === $code ? '' : Friend::coupon( $code );
		$found = array_map( 'wc_format_coupon_code', array_filter( array( self::chosen(), $gift ), 'strlen' ) );
		// Whoever opens their own link is no friend of their own, by whichever button they came.
		$own = '' !== $code && Member::is_own( $code ) ? array( wc_format_coupon_code( $gift ) ) : array();
		return array_diff( array_unique( $found ), $own );
	}

	/** Keeps the coupon that the address names, for when there is something in the basket. */
	private static function keep_choice() {
		// phpcs:ignore WordPress.Security -- whoever may type a coupon may follow a link with one.
		$chosen = isset( $_GET[ self::CHOSEN ] ) ? Word::coupon( wp_unslash( $_GET[ self::CHOSEN ] ) ) : '';
		$shop   = WC();
		// A page that is loaded again is no new wish: what was taken out since stays out.
		if ( '' === $chosen || ! $shop->session || $shop->session->get( self::CHOSEN ) === $chosen ) {
			return;
		}
		$shop->session->set( self::CHOSEN, $chosen );
		$shop->session->set( self::REMOVED, array_values( array_diff( self::unwanted(), array( wc_format_coupon_code( $chosen ) ) ) ) );
	}

	/**
	 * Returns the coupon that the shopper chose to use now.
	 *
	 * @return string
	 */
	private static function chosen() {
		// phpcs:ignore WordPress.Security -- as above.
		$cookie = isset( $_COOKIE[ self::CHOSEN ] ) ? Word::coupon( wp_unslash( $_COOKIE[ self::CHOSEN ] ) ) : '';
		return '' !== $cookie ? $cookie : Word::coupon( WC()->session->get( self::CHOSEN ) );
	}

	/**
	 * Returns the coupons that were taken out.
	 *
	 * @return string[]
	 */
	private static function unwanted() {
		$found = WC()->session->get( self::REMOVED );
		return is_array( $found ) ? array_slice( array_values( array_filter( $found, 'is_string' ) ), -20 ) : array();
	}

	/**
	 * Notes what went wrong, without a word about the shopper.
	 *
	 * @param \Throwable $trouble What was thrown.
	 */
	private static function tell( \Throwable $trouble ) {
		wc_get_logger()->warning( get_class( $trouble ) . ': ' . $trouble->getMessage(), array( 'source' => 'goodword' ) );
	}
}

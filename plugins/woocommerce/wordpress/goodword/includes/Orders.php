<?php
/**
 * Writes onto an order how its shopper came.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** The marks that the goodword server reads. */
final class Orders {

	const CODE  = '_goodword_code';
	const VISIT = '_goodword_visit';
	const VIA   = '_goodword_via';
	const NAME  = '_goodword_name';
	const MADE  = '_goodword_plugin';
	const ALL   = array( self::CODE, self::VISIT, self::VIA, self::NAME, '_goodword_name_hint', self::MADE );

	/** Hangs up the hooks of both checkouts: neither fires the other's. */
	public static function init() {
		add_action( 'woocommerce_checkout_create_order', array( __CLASS__, 'classic' ), 10, 2 );
		add_action( 'woocommerce_store_api_checkout_update_order_meta', array( __CLASS__, 'block' ) );
		add_action( 'woocommerce_store_api_checkout_update_order_from_request', array( __CLASS__, 'block_answer' ), 10, 2 );
	}

	/**
	 * The order of the classic checkout, before it is saved.
	 *
	 * @param \WC_Order $order The order.
	 * @param mixed     $data  What was posted.
	 */
	public static function classic( $order, $data ) {
		self::safely(
			static function () use ( $order, $data ) {
				self::mark( $order );
				self::mark_answer( $order, Question::in_posted( $data ) );
			}
		);
	}

	/**
	 * The order of the block checkout, which is saved already.
	 *
	 * @param \WC_Order $order The order.
	 */
	public static function block( $order ) {
		self::safely(
			static function () use ( $order ) {
				if ( self::mark( $order ) ) {
					$order->save();
				}
			}
		);
	}

	/**
	 * What the shopper answered in the block checkout; WooCommerce saves the order after this.
	 *
	 * @param \WC_Order        $order   The order.
	 * @param \WP_REST_Request $request The request.
	 */
	public static function block_answer( $order, $request ) {
		self::safely(
			static function () use ( $order, $request ) {
				self::mark_answer( $order, Question::in_request( $request ) );
			}
		);
	}

	/**
	 * Writes what link and cookie tell; returns whether there was something.
	 *
	 * @param \WC_Order $order The order.
	 * @return bool
	 */
	private static function mark( $order ) {
		$trace = Settings::connected() ? Friend::trace() : array( 'code' => '', 'visit' => '' );
		if ( '' === $trace['code'] ) {
			return false;
		}
		$coupon = Friend::coupon( $trace['code'] );
		$used   = array_map( 'wc_format_coupon_code', $order->get_coupon_codes() );
		$both   = '' !== $coupon && in_array( wc_format_coupon_code( $coupon ), $used, true );
		$order->update_meta_data( self::CODE, $trace['code'] );
		$order->update_meta_data( self::VIA, $both ? 'both' : 'link' );
		$order->update_meta_data( self::MADE, GOODWORD_VERSION );
		if ( '' !== $trace['visit'] ) {
			$order->update_meta_data( self::VISIT, $trace['visit'] );
		}
		return true;
	}

	/**
	 * Writes what the shopper answered: a code counts more than the link's, a name beside it.
	 *
	 * @param \WC_Order $order  The order.
	 * @param string    $answer What was typed.
	 */
	private static function mark_answer( $order, $answer ) {
		if ( '' === $answer || ! Question::asked() ) {
			return;
		}
		$code = Question::code_in( $answer );
		if ( '' !== $code ) {
			$order->update_meta_data( self::CODE, $code );
			$order->update_meta_data( self::VIA, 'typed' );
		} elseif ( 'yes' === Settings::get( 'names' ) ) {
			$order->update_meta_data( self::NAME, $answer );
		}
		$order->update_meta_data( self::MADE, GOODWORD_VERSION );
	}

	/**
	 * Does a deed, and lets no trouble stand between the shopper and the order.
	 *
	 * @param callable $deed What to do.
	 */
	private static function safely( $deed ) {
		try {
			$deed();
		} catch ( \Throwable $trouble ) {
			wc_get_logger()->warning( get_class( $trouble ) . ': ' . $trouble->getMessage(), array( 'source' => 'goodword' ) );
		}
	}
}

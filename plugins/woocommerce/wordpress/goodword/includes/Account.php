<?php
/**
 * Shows customers their own code: on the thank-you page, and under My Account.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** A box that fills itself once the page is read, and hides where it cannot. */
final class Account {

	const SLUG = 'goodword';

	/** Hangs up the hooks. */
	public static function init() {
		add_action( 'woocommerce_thankyou', array( __CLASS__, 'thank_you' ), 20 );
		add_filter( 'woocommerce_get_query_vars', array( __CLASS__, 'address' ) );
		add_filter( 'woocommerce_account_menu_items', array( __CLASS__, 'menu' ) );
		add_action( 'woocommerce_account_' . self::SLUG . '_endpoint', array( __CLASS__, 'tab' ) );
		add_filter( 'woocommerce_endpoint_' . self::SLUG . '_title', array( __CLASS__, 'heading' ) );
	}

	/**
	 * The block of the thank-you page: reloaded or passed on, it shows nobody's name and no sums.
	 *
	 * @param int $id The order.
	 */
	public static function thank_you( $id ) {
		try {
			if ( 'yes' !== Settings::get( 'thanks' ) || ! self::ready() ) {
				return;
			}
			$order = wc_get_order( $id );
			// phpcs:ignore WordPress.Security -- the key is what is checked.
			$key = isset( $_GET['key'] ) && is_string( $_GET['key'] ) ? wp_unslash( $_GET['key'] ) : '';
			if ( $order && ! $order->has_status( 'failed' ) && hash_equals( $order->get_order_key(), $key ) ) {
				self::box( Token::write( Token::ORDER, $id ) );
			}
		} catch ( \Throwable $trouble ) {
			wc_get_logger()->warning( $trouble->getMessage(), array( 'source' => 'goodword' ) );
		}
	}

	/**
	 * Adds the tab's address.
	 *
	 * @param array $vars WooCommerce's.
	 * @return array
	 */
	public static function address( $vars ) {
		$vars[ self::SLUG ] = self::SLUG;
		return $vars;
	}

	/**
	 * Adds the tab, before the way out.
	 *
	 * @param array $items Slug to title.
	 * @return array
	 */
	public static function menu( $items ) {
		if ( 'yes' !== Settings::get( 'account' ) || ! self::ready() ) {
			return $items;
		}
		$out = array();
		if ( isset( $items['customer-logout'] ) ) {
			$out = array( 'customer-logout' => $items['customer-logout'] );
			unset( $items['customer-logout'] );
		}
		return $items + array( self::SLUG => self::title() ) + $out;
	}

	/** Fills the tab. */
	public static function tab() {
		if ( get_current_user_id() && self::ready() ) {
			self::box( Token::write( Token::CUSTOMER, get_current_user_id() ) );
		}
	}

	/**
	 * The tab's title.
	 *
	 * @return string
	 */
	public static function title() {
		return Words::say( 'own.title', __( 'Recommend us', 'goodword' ) );
	}

	/**
	 * The tab's title, as a page shows it: WooCommerce prints it as it is.
	 *
	 * @return string
	 */
	public static function heading() {
		return esc_html( self::title() );
	}

	/**
	 * Whether there is anything to show.
	 *
	 * @return bool
	 */
	private static function ready() {
		return Settings::connected() && '' !== Settings::get( 'program' );
	}

	/**
	 * Prints the box.
	 *
	 * @param string $token Whose it is.
	 */
	private static function box( $token ) {
		Pages::own();
		$words = array(
			'join'    => Words::say( 'own.join', __( 'Give me my link', 'goodword' ) ),
			'why'     => Words::say( 'own.why', __( 'Pass a gift from you on to your friends. When one of them takes it, we thank you.', 'goodword' ) ),
			'sent'    => Words::say( 'own.sent', __( 'For this your first name and e-mail address go to our referral service.', 'goodword' ) ),
			'silent'  => Words::say( 'own.silent', __( 'That did not work just now. Try again in a minute.', 'goodword' ) ),
			'qr'      => Words::say( 'own.qr', __( 'QR code of your link, to be photographed', 'goodword' ) ),
			'rewards' => Words::say( 'own.rewards', __( 'Thanks for you', 'goodword' ) ),
			'none'    => Words::say( 'own.rewards.none', __( 'Nothing here yet. It comes when a friend has bought something.', 'goodword' ) ),
			'use'     => Words::say( 'own.reward.use', __( 'Use now', 'goodword' ) ),
			'ready'   => Words::say( 'own.ready', __( 'Your link is ready.', 'goodword' ) ),
			// {ready}: how many can be used; {coming}: how many are waiting or on their way.
			'sum'     => Words::say( 'own.rewards.sum', __( '{ready} ready, {coming} to come', 'goodword' ) ),
		);
		printf(
			'<section class="goodword-own" aria-label="%1$s" data-rest="%2$s" data-token="%3$s" data-words="%4$s" hidden></section>',
			esc_attr( self::title() ),
			esc_url( rest_url( Rest::NAME . '/mine' ) ),
			esc_attr( $token ),
			esc_attr( wp_json_encode( $words ) )
		);
	}
}

<?php
/**
 * Says to the administrator that WooCommerce is missing.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** A notice that can be put away. */
final class Notices {

	/** Hangs up the notice. */
	public static function init() {
		add_action( 'admin_notices', array( __CLASS__, 'without_shop' ) );
	}

	/** Shows it to whoever can mend it. */
	public static function without_shop() {
		if ( current_user_can( 'activate_plugins' ) ) {
			self::show( __( 'goodword waits for WooCommerce: activate it, and referrals can begin.', 'goodword' ), 'warning' );
		}
	}

	/**
	 * Shows one notice.
	 *
	 * @param string $words What it says.
	 * @param string $kind  success, warning or error.
	 */
	public static function show( $words, $kind ) {
		printf(
			'<div class="notice notice-%1$s is-dismissible" role="%2$s"><p>%3$s</p></div>',
			esc_attr( $kind ),
			'success' === $kind ? 'status' : 'alert',
			esc_html( $words )
		);
	}
}

<?php
/**
 * The key with which the server reads orders and makes coupons: made and ended here, as WooCommerce does it.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** A row of WooCommerce's table of keys. */
final class ApiKey {

	/**
	 * Makes a key of whoever is at the desk.
	 *
	 * @return array{id: int, key: string, secret: string}
	 */
	public static function make() {
		global $wpdb;
		$key    = 'ck_' . wc_rand_hash();
		$secret = 'cs_' . wc_rand_hash();
		// phpcs:ignore WordPress.DB -- WooCommerce has no function for it.
		$wpdb->insert(
			$wpdb->prefix . 'woocommerce_api_keys',
			array(
				'user_id'         => get_current_user_id(),
				'description'     => 'goodword',
				'permissions'     => 'read_write',
				'consumer_key'    => wc_api_hash( $key ),
				'consumer_secret' => $secret,
				'truncated_key'   => substr( $key, -7 ),
			),
			array( '%d', '%s', '%s', '%s', '%s', '%s' )
		);
		return array( 'id' => (int) $wpdb->insert_id, 'key' => $key, 'secret' => $secret );
	}

	/**
	 * Ends a key of ours.
	 *
	 * @param int $id The key's id.
	 */
	public static function revoke( $id ) {
		global $wpdb;
		if ( $id > 0 ) {
			// phpcs:ignore WordPress.DB -- as above.
			$wpdb->delete( $wpdb->prefix . 'woocommerce_api_keys', array( 'key_id' => $id, 'description' => 'goodword' ), array( '%d', '%s' ) );
		}
	}
}

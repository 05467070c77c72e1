<?php
/**
 * The webhooks by which the shop tells the server of orders.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Those that lead to the server, and no others. */
final class Hooks {

	/**
	 * Returns our webhooks.
	 *
	 * @param string $server The server's address.
	 * @return \WC_Webhook[]
	 */
	public static function of( $server ) {
		if ( '' === $server ) {
			return array();
		}
		$ids   = \WC_Data_Store::load( 'webhook' )->search_webhooks( array( 'limit' => -1 ) );
		$hooks = array_filter( array_map( 'wc_get_webhook', $ids ) );
		return array_filter(
			$hooks,
			static function ( $hook ) use ( $server ) {
				return 0 === strpos( $hook->get_delivery_url(), $server . '/' );
			}
		);
	}

	/**
	 * Removes ours.
	 *
	 * @param string $server The server's address.
	 */
	public static function remove( $server ) {
		foreach ( self::of( $server ) as $hook ) {
			$hook->delete( true );
		}
	}
}

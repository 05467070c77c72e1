<?php
/**
 * Says in plain words how the connection goes, and what mends it.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Lines for the owner. */
final class Status {

	/**
	 * Returns them.
	 *
	 * @return string[]
	 */
	public static function lines() {
		return array_merge( array( self::connection(), self::heard(), self::program() ), self::hooks(), self::people(), self::site() );
	}

	/**
	 * With whom it is connected.
	 *
	 * @return string
	 */
	private static function connection() {
		/* translators: 1: an address, 2: the shop's name there */
		return sprintf( __( 'Connected with %1$s as “%2$s”.', 'goodword' ), Settings::get( 'server' ), Settings::get( 'shop' ) );
	}

	/**
	 * When it was last heard.
	 *
	 * @return string
	 */
	private static function heard() {
		if ( Backend::rests() ) {
			return __( 'goodword does not answer just now. Your shop sells on as ever, and we try again in a minute.', 'goodword' );
		}
		if ( get_transient( Backend::REFUSED ) ) {
			return __( 'goodword does not take the keys of this shop any more: it was disconnected there, or connected anew from elsewhere. Press Disconnect below, then connect again.', 'goodword' );
		}
		$at = (int) get_transient( Backend::HEARD );
		if ( ! $at ) {
			return __( 'goodword was not asked yet.', 'goodword' );
		}
		/* translators: %s: a length of time, like “5 minutes” */
		return sprintf( __( 'goodword last answered %s ago.', 'goodword' ), human_time_diff( $at ) );
	}

	/**
	 * Which program is shown.
	 *
	 * @return string
	 */
	private static function program() {
		if ( '' === Settings::secret( 'key' ) ) {
			return __( 'goodword gave this shop no key for customers’ own links: friends’ codes and coupons work, links and thanks are not shown. Update goodword, then connect again.', 'goodword' );
		}
		if ( '' === Settings::get( 'program' ) ) {
			return __( 'There is no program yet: make one at goodword. We look for it once a day, and when you connect.', 'goodword' );
		}
		/* translators: %s: a program's name */
		return sprintf( __( 'Customers take part in the program “%s”.', 'goodword' ), Settings::get( 'program' ) );
	}

	/**
	 * How the webhooks stand.
	 *
	 * @return string[]
	 */
	private static function hooks() {
		$hooks = Hooks::of( Settings::get( 'server' ) );
		if ( ! $hooks && get_transient( Backend::REFUSED ) ) {
			// It makes none for a shop that it left.
			return array();
		}
		if ( ! $hooks ) {
			return array( __( 'No webhook leads to goodword yet. It makes them within minutes after connecting; until then it looks at your orders by itself.', 'goodword' ) );
		}
		$off = array_filter(
			$hooks,
			static function ( $hook ) {
				return 'active' !== $hook->get_status();
			}
		);
		if ( $off ) {
			return array( __( 'WooCommerce switched off a webhook to goodword, as it does after failed deliveries. goodword turns it on again within a day, or at once when you press “look now” there.', 'goodword' ) );
		}
		return array( __( 'WooCommerce tells goodword of each order.', 'goodword' ) );
	}

	/**
	 * Whom the server was not told to forget yet.
	 *
	 * @return string[]
	 */
	private static function people() {
		$waiting = Forgetting::waiting();
		/* translators: %s: how many wishes */
		return $waiting ? array( sprintf( __( 'Wishes to be forgotten that goodword did not hear yet: %s. They are told by themselves.', 'goodword' ), $waiting ) ) : array();
	}

	/**
	 * What at the site itself stands in the way.
	 *
	 * @return string[]
	 */
	private static function site() {
		$lines = array();
		if ( Settings::elsewhere() ) {
			/* translators: 1: an address, 2: another one */
			$lines[] = sprintf( __( 'This shop was connected as %1$s and is at %2$s now. If it moved, connect it again at goodword. If this is a copy to try things out on, press Disconnect below: the shop itself stays connected.', 'goodword' ), Settings::get( 'home' ), get_option( 'home' ) );
		}
		if ( defined( 'DISABLE_WP_CRON' ) && DISABLE_WP_CRON ) {
			$lines[] = __( 'WP-Cron is switched off here. If your host runs no cron of its own, orders are told late or never: ask your host.', 'goodword' );
		}
		if ( '' === get_option( 'permalink_structure' ) ) {
			$lines[] = __( 'Permalinks are “plain”: goodword cannot reach the shop’s REST API. Choose any other under Settings, Permalinks.', 'goodword' );
		}
		if ( 'given' !== Settings::get( 'consent' ) && ! function_exists( 'wp_has_consent' ) ) {
			$lines[] = __( 'No consent banner was found that speaks the WP Consent API, so no friend’s code is kept: gifts may miss the basket, and orders may not show who sent them. Install such a banner, or choose “at once” below, if that is right for your shop.', 'goodword' );
		}
		if ( ! wc_coupons_enabled() ) {
			$lines[] = __( 'Coupons are switched off in WooCommerce: friends get no gift. Switch them on under WooCommerce, Settings, General.', 'goodword' );
		}
		return $lines;
	}
}

<?php
/**
 * Hangs up every hook of the plugin; each part hangs its own in its init.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** The plugin as a whole. */
final class Plugin {

	/** What looks at the server once a day. */
	const DAILY = 'goodword_daily';

	/** Hangs up what is there with and without WooCommerce. */
	public static function init() {
		add_action( 'before_woocommerce_init', array( __CLASS__, 'compatible' ) );
		add_action( 'plugins_loaded', array( __CLASS__, 'begin' ) );
		add_action( 'init', array( __CLASS__, 'speak' ), 1 );
	}

	/** Says that orders in tables of their own and blocks are fine with us. */
	public static function compatible() {
		$features = '\Automattic\WooCommerce\Utilities\FeaturesUtil';
		if ( class_exists( $features ) ) {
			$features::declare_compatibility( 'custom_order_tables', GOODWORD_FILE, true );
			$features::declare_compatibility( 'cart_checkout_blocks', GOODWORD_FILE, true );
		}
	}

	/** Loads the sentences in the site's language. */
	public static function speak() {
		load_plugin_textdomain( 'goodword', false, dirname( plugin_basename( GOODWORD_FILE ) ) . '/languages' );
	}

	/** Hangs up the parts, where there is a shop. */
	public static function begin() {
		Privacy::init();
		Forgetting::init();
		Words::init();
		if ( ! function_exists( 'WC' ) ) {
			Notices::init();
			return;
		}
		Rest::init();
		Coupons::init();
		Addressee::init();
		Orders::init();
		Question::init();
		Pages::init();
		Account::init();
		Member::init();
		SettingsPage::init();
		Program::init();
	}

	/** Has WordPress learn the address of the tab in My Account. */
	public static function activated() {
		update_option( 'woocommerce_queue_flush_rewrite_rules', 'yes' );
		if ( ! wp_next_scheduled( self::DAILY ) ) {
			wp_schedule_event( time() + HOUR_IN_SECONDS, 'daily', self::DAILY );
		}
	}

	/** Leaves nothing running. */
	public static function deactivated() {
		wp_clear_scheduled_hook( self::DAILY );
		wp_unschedule_hook( Friend::LEARN );
		wp_unschedule_hook( Member::TELL );
		wp_unschedule_hook( Words::LEARN );
		wp_unschedule_hook( Forgetting::HOOK );
		update_option( 'woocommerce_queue_flush_rewrite_rules', 'yes' );
	}
}

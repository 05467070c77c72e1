<?php
/**
 * Plugin Name: WooCommerce, a stand-in for tests
 * Version: 11.0.1
 *
 * It has what facts.json names, does what was observed, and nothing else.
 */

namespace Automattic\WooCommerce\Utilities {
	final class FeaturesUtil {
		public static $declared = array();

		public static function declare_compatibility( $feature, $file, $fine ) {
			self::$declared[ $feature ] = $fine;
		}
	}
}

namespace {
	defined( 'ABSPATH' ) || exit;
	require_once __DIR__ . '/objects.php';
	require_once __DIR__ . '/functions.php';
	require_once __DIR__ . '/checkouts.php';

	add_action(
		'plugins_loaded',
		static function () {
			do_action( 'before_woocommerce_init' );
		},
		-1
	);
	add_action(
		'init',
		static function () {
			do_action( 'woocommerce_init' );
		},
		0
	);
}

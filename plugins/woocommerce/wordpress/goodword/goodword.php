<?php
/**
 * Plugin Name: goodword: referrals for WooCommerce
 * Description: Your customers pass on a gift, their friends find it at the checkout, and you thank whoever put in a good word for you.
 * Version: 0.1.0
 * Requires at least: 6.5
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 8.5
 * WC tested up to: 11.0
 * Author: goodword contributors
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain: goodword
 * Domain Path: /languages
 *
 * @package Goodword
 */

defined( 'ABSPATH' ) || exit;

define( 'GOODWORD_VERSION', '0.1.0' );
define( 'GOODWORD_FILE', __FILE__ );

spl_autoload_register(
	static function ( $name ) {
		if ( 0 === strpos( $name, 'Goodword\\' ) ) {
			$file = __DIR__ . '/includes/' . substr( $name, 9 ) . '.php';
			if ( is_readable( $file ) ) {
				require_once $file;
			}
		}
	}
);

register_activation_hook( __FILE__, array( 'Goodword\\Plugin', 'activated' ) );
register_deactivation_hook( __FILE__, array( 'Goodword\\Plugin', 'deactivated' ) );
Goodword\Plugin::init();

<?php
/** Loads WordPress with the plugins of the test's own folder, and what the tests share. */

// PHPUnit reads this file within a function, and WordPress looks for it outside.
global $table_prefix;
$_SERVER['HTTP_HOST']   = 'shop.example';
$_SERVER['REQUEST_URI'] = '/';
$_SERVER['SERVER_NAME'] = 'shop.example';
$_SERVER['REMOTE_ADDR'] = '192.0.2.1';
require getenv( 'GOODWORD_WP' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
// They lead to another address, and end.
foreach ( array( 'redirect_canonical', 'wp_redirect_admin_locations', 'wp_old_slug_redirect', 'rest_output_link_header', 'wp_shortlink_header' ) as $leads ) {
	remove_action( 'template_redirect', $leads, has_action( 'template_redirect', $leads ) ?: 10 );
}
// WordPress mails whose address changes; here is no program that would take it.
add_filter( 'pre_wp_mail', '__return_true' );
require __DIR__ . '/Shop.php';
echo 'WordPress ', $GLOBALS['wp_version'], ', PHP ', PHP_VERSION, "\n";

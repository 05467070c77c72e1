<?php
/** Installs WordPress into the test's own database, and activates the plugins that are named. */


define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = 'shop.example';
$_SERVER['REQUEST_URI'] = '/';
require getenv( 'GOODWORD_WP' ) . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
wp_install( 'A tea house', 'owner', 'owner@example.com', false, '', 'secret' );
update_option( 'permalink_structure', '/%postname%/' );
if ( getenv( 'GOODWORD_WP_NETWORK' ) ) {
	foreach ( $wpdb->tables( 'ms_global' ) as $table => $prefixed ) {
		$wpdb->$table = $prefixed;
	}
	install_network();
	populate_network( 1, 'shop.example', 'owner@example.com', 'Tea houses', '/', false );
}
if ( wp_get_themes() ) {
	switch_theme( (string) key( wp_get_themes() ) );
}
update_option( 'active_plugins', explode( ' ', getenv( 'GOODWORD_WP_PLUGINS' ) ) );
echo 'installed ', $wp_version;

<?php
/** The wp-config.php of every test: content and database are in a folder of the test's own. */

$GLOBALS['table_prefix'] = 'wp_';
define( 'WP_CONTENT_DIR', getenv( 'GOODWORD_WP_CONTENT' ) );
define( 'WP_CONTENT_URL', getenv( 'GOODWORD_WP_URL' ) . '/wp-content' );
define( 'DB_DIR', WP_CONTENT_DIR . '/database/' );
define( 'DB_FILE', 'shop.sqlite' );
define( 'DB_NAME', 'shop' );
define( 'DB_USER', '' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', '' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
define( 'WP_HOME', getenv( 'GOODWORD_WP_URL' ) );
define( 'WP_SITEURL', getenv( 'GOODWORD_WP_URL' ) );
define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', WP_CONTENT_DIR . '/debug.log' );
define( 'DISABLE_WP_CRON', false );
define( 'WP_HTTP_BLOCK_EXTERNAL', false );
define( 'AUTOMATIC_UPDATER_DISABLED', true );
define( 'GOODWORD_TESTING', true );
foreach ( array( 'AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT' ) as $name ) {
	define( $name, 'for tests alone: ' . $name );
}
if ( getenv( 'GOODWORD_WP_NETWORK' ) ) {
	define( 'WP_ALLOW_MULTISITE', true );
}
if ( 'begun' === getenv( 'GOODWORD_WP_NETWORK' ) ) {
	define( 'MULTISITE', true );
	define( 'SUBDOMAIN_INSTALL', false );
	define( 'DOMAIN_CURRENT_SITE', 'shop.example' );
	define( 'PATH_CURRENT_SITE', '/' );
	define( 'SITE_ID_CURRENT_SITE', 1 );
	define( 'BLOG_ID_CURRENT_SITE', 1 );
}
if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', getenv( 'GOODWORD_WP' ) . '/' );
}

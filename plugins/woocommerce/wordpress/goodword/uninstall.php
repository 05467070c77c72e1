<?php
/**
 * Takes along what the plugin kept, on each site of a network.  Orders keep their marks: they are the shop's books.
 *
 * @package Goodword
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

/** Cleans one site. */
function goodword_uninstall_site() {
	global $wpdb;
	$open   = get_option( 'goodword' );
	$secret = get_option( 'goodword_secret' );
	$keys   = $wpdb->prefix . 'woocommerce_api_keys';
	$hooks  = $wpdb->prefix . 'wc_webhooks';
	// phpcs:disable WordPress.DB -- WooCommerce may be gone already, and these are its tables.
	if ( is_array( $secret ) && ! empty( $secret['api_key'] ) && $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $keys ) ) ) ) {
		$wpdb->delete( $keys, array( 'key_id' => (int) $secret['api_key'], 'description' => 'goodword' ), array( '%d', '%s' ) );
	}
	if ( is_array( $open ) && ! empty( $open['server'] ) && $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $wpdb->esc_like( $hooks ) ) ) ) {
		$wpdb->query( $wpdb->prepare( "DELETE FROM $hooks WHERE delivery_url LIKE %s", $wpdb->esc_like( $open['server'] . '/' ) . '%' ) );
	}
	$ours = $wpdb->get_col( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE '\\_transient\\_goodword\\_%' OR option_name LIKE '\\_transient\\_timeout\\_goodword\\_%' OR option_name LIKE 'goodword\\_forget\\_%'" );
	// phpcs:enable
	array_map( 'delete_option', array_merge( $ours, array( 'goodword', 'goodword_secret', 'goodword_words' ) ) );
	delete_metadata( 'user', 0, $wpdb->get_blog_prefix() . 'goodword_code', '', true );
	wp_clear_scheduled_hook( 'goodword_daily' );
	wp_unschedule_hook( 'goodword_learn' );
	wp_unschedule_hook( 'goodword_member' );
	wp_unschedule_hook( 'goodword_learn_words' );
	wp_unschedule_hook( 'goodword_forget' );
}

if ( is_multisite() ) {
	foreach ( get_sites( array( 'fields' => 'ids', 'number' => 0 ) ) as $goodword_site ) {
		switch_to_blog( $goodword_site );
		goodword_uninstall_site();
		restore_current_blog();
	}
} else {
	goodword_uninstall_site();
}

<?php
/** The functions of the stand-in. */

function WC() {
	static $shop = null;
	if ( null === $shop ) {
		$shop = new WooCommerce();
	}
	return $shop;
}

function is_cart() {
	return 'cart' === StandIn_Page::$is;
}

function is_checkout() {
	return in_array( StandIn_Page::$is, array( 'checkout', 'thanks' ), true );
}

function is_order_received_page() {
	return 'thanks' === StandIn_Page::$is;
}

function wc_coupons_enabled() {
	return 'yes' === get_option( 'woocommerce_enable_coupons', 'yes' );
}

function wc_get_notices() {
	return WC()->session->get( 'wc_notices', array() );
}

function wc_set_notices( $notices ) {
	WC()->session->set( 'wc_notices', $notices );
}

function wc_add_notice( $words, $kind = 'success' ) {
	$all            = wc_get_notices();
	$all[ $kind ][] = array( 'notice' => $words, 'data' => array() );
	WC()->session->set( 'wc_notices', $all );
}

function wc_get_order( $id ) {
	return isset( WC_Order::$all[ $id ] ) ? WC_Order::$all[ $id ] : false;
}

function wc_get_orders( $wanted ) {
	$found = array_filter(
		WC_Order::$all,
		static function ( $order ) use ( $wanted ) {
			return array() !== array_intersect( array( $order->email, $order->customer ), $wanted['customer'] );
		}
	);
	return array_slice( array_values( $found ), ( $wanted['page'] - 1 ) * $wanted['limit'], $wanted['limit'] );
}

function wc_get_webhook( $id ) {
	return isset( WC_Webhook::$all[ $id ] ) ? WC_Webhook::$all[ $id ] : null;
}

function wc_get_logger() {
	return new WC_Logger_Interface();
}

function wc_format_coupon_code( $code ) {
	return mb_strtolower( wp_kses( html_entity_decode( $code ), 'entities' ) );
}

function wc_get_cart_url() {
	return home_url( '/cart/' );
}

function wc_rand_hash() {
	return bin2hex( random_bytes( 20 ) );
}

function wc_api_hash( $words ) {
	return hash_hmac( 'sha256', $words, 'wc-api' );
}

function wc_price( $amount, $how ) {
	$sign = array( 'TWD' => 'NT&#36;', 'GBP' => '&pound;', 'JPY' => '&yen;' );
	return '<span class="amount"><bdi><span>' . $sign[ $how['currency'] ] . '</span>' . number_format( $amount, $how['decimals'] ) . '</bdi></span>';
}

function woocommerce_register_additional_checkout_field( $field ) {
	if ( ! did_action( 'woocommerce_init' ) ) {
		throw new Exception( 'Checkout fields are registered on woocommerce_init.' );
	}
	$GLOBALS['standin_fields'][ $field['id'] ] = $field;
}

<?php
/** Connects the plugin with the server that is measured; its visitors agreed to be remembered. */

$_SERVER['HTTP_HOST']   = 'shop.example';
$_SERVER['REQUEST_URI'] = '/';
require getenv( 'GOODWORD_WP' ) . '/wp-load.php';
Goodword\Settings::change(
	array(
		'server'  => getenv( 'GOODWORD_BENCH_SERVER' ),
		'shop'    => getenv( 'GOODWORD_BENCH_SHOP' ),
		'key'     => getenv( 'GOODWORD_BENCH_KEY' ),
		'program' => 'friends',
		'consent' => 'given',
	)
);
Goodword\Settings::keep_secrets( array( 'key' => getenv( 'GOODWORD_BENCH_SECRET' ), 'api_key' => '0' ) );

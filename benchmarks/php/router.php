<?php
/** Leads PHP's own server: files as they are, of a content that lies apart, and WordPress for the rest. */

$path = (string) parse_url( $_SERVER['REQUEST_URI'], PHP_URL_PATH );
if ( 0 === strpos( $path, '/wp-content/' ) ) {
	$file = getenv( 'GOODWORD_WP_CONTENT' ) . substr( $path, strlen( '/wp-content' ) );
	$kind = array( 'js' => 'text/javascript', 'css' => 'text/css' );
	$end  = pathinfo( $file, PATHINFO_EXTENSION );
	if ( isset( $kind[ $end ] ) && is_file( $file ) ) {
		header( 'Content-Type: ' . $kind[ $end ] );
		readfile( $file );
		return;
	}
}
if ( '/' !== $path && is_file( $_SERVER['DOCUMENT_ROOT'] . $path ) ) {
	return false;
}
chdir( $_SERVER['DOCUMENT_ROOT'] );
require $_SERVER['DOCUMENT_ROOT'] . '/index.php';

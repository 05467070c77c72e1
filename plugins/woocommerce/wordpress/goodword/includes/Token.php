<?php
/**
 * Signed words that say to our own REST API whose page it is: no e-mail address stands in a page.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** `kind.id.until.signature`, good for an hour. */
final class Token {

	const CUSTOMER = 'c';
	const ORDER    = 'o';
	const LASTS    = HOUR_IN_SECONDS;

	/**
	 * Writes a token.
	 *
	 * @param string $kind CUSTOMER or ORDER.
	 * @param int    $id   Of the customer or the order.
	 * @return string
	 */
	public static function write( $kind, $id ) {
		$told = $kind . '.' . (int) $id . '.' . ( time() + self::LASTS );
		return $told . '.' . self::signature( $told );
	}

	/**
	 * Reads a token.
	 *
	 * @param mixed $token From outside.
	 * @return array{kind: string, id: int}|null Nothing for one that is forged or over.
	 */
	public static function read( $token ) {
		$known = is_string( $token ) && preg_match( '/\A([co])\.(\d{1,18})\.(\d{1,12})\.([0-9a-f]{64})\z/', $token, $part );
		if ( ! $known || (int) $part[3] < time() ) {
			return null;
		}
		$told = $part[1] . '.' . $part[2] . '.' . $part[3];
		return hash_equals( self::signature( $told ), $part[4] ) ? array( 'kind' => $part[1], 'id' => (int) $part[2] ) : null;
	}

	/**
	 * Signs with the site's own salts; each site of a network has another signature.
	 *
	 * @param string $told What is signed.
	 * @return string
	 */
	private static function signature( $told ) {
		return hash_hmac( 'sha256', get_current_blog_id() . '|' . $told, wp_salt( 'auth' ) . 'goodword' );
	}
}

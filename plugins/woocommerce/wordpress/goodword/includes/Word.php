<?php
/**
 * What a code, a visit or a coupon may look like; everything else is nothing.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Reads what came from outside. */
final class Word {

	/**
	 * Returns a code or a visit's id.
	 *
	 * @param mixed $found From outside.
	 * @return string Empty for anything else.
	 */
	public static function code( $found ) {
		return is_string( $found ) && preg_match( '/\A[A-Za-z0-9_-]{1,32}\z/', $found ) ? $found : '';
	}

	/**
	 * Returns a coupon's text.
	 *
	 * @param mixed $found From outside.
	 * @return string Empty for anything else.
	 */
	public static function coupon( $found ) {
		return is_string( $found ) && preg_match( '/\A[\p{L}\p{N}_.-]{1,64}\z/u', $found ) ? $found : '';
	}

	/**
	 * Returns a line of words that a shopper typed.
	 *
	 * @param mixed $found From outside.
	 * @return string At most a hundred characters.
	 */
	public static function typed( $found ) {
		if ( ! is_string( $found ) || ! wp_check_invalid_utf8( $found ) ) {
			return '';
		}
		$line = trim( sanitize_text_field( $found ) );
		return function_exists( 'mb_substr' ) ? mb_substr( $line, 0, 100 ) : substr( $line, 0, 100 );
	}
}

<?php
/**
 * Learns from the server, once a day, which program customers take part in and what it allows.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** The program that this shop shows. */
final class Program {

	/** The server's numbers of the evidence that a program may refuse: a typed code, a name. */
	const TYPED = 3;
	const NAME  = 6;

	/** Hangs up the hook. */
	public static function init() {
		add_action( Plugin::DAILY, array( __CLASS__, 'learn' ) );
	}

	/** Asks, and keeps what is said. */
	public static function learn() {
		if ( ! Settings::connected() || '' === Settings::secret( 'key' ) ) {
			return;
		}
		Backend::again();
		list( $status, $told ) = Backend::ask( 'GET', '/v1/programs', Settings::secret( 'key' ) );
		if ( 200 !== $status || ! isset( $told['items'] ) || ! is_array( $told['items'] ) ) {
			return;
		}
		$found = self::chosen( array_filter( $told['items'], 'is_array' ) );
		if ( null === $found ) {
			Settings::change( array( 'program' => '', 'names' => '' ) );
			return;
		}
		$off   = isset( $found['terms']['rungs_off'] ) ? (array) $found['terms']['rungs_off'] : array();
		$typed = ! in_array( self::TYPED, $off, true );
		$names = ! in_array( self::NAME, $off, true );
		$ways  = $names ? 'yes' : ( $typed ? 'no' : 'none' );
		Settings::change( array( 'program' => (string) $found['name'], 'names' => $ways ) );
	}

	/**
	 * Returns the program that is shown already, else the first.
	 *
	 * @param array $programs The server's.
	 * @return array|null
	 */
	private static function chosen( array $programs ) {
		foreach ( $programs as $program ) {
			if ( isset( $program['name'] ) && Settings::get( 'program' ) === $program['name'] ) {
				return $program;
			}
		}
		$first = reset( $programs );
		return is_array( $first ) && isset( $first['name'] ) && is_string( $first['name'] ) ? $first : null;
	}
}

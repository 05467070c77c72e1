<?php
/**
 * Has the server forget whom this site forgets; what it does not hear now it hears later.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Each wish that is still to be told is an option of its own: two at once lose none. */
final class Forgetting {

	const HOOK   = 'goodword_forget';
	const PREFIX = 'goodword_forget_';
	const PAUSE  = 5 * MINUTE_IN_SECONDS;
	const PATH   = '/v1/people/forget';

	/** What came of telling it. */
	const DONE  = 'done';
	const LATER = 'later';
	const NEVER = 'never';

	/** Hangs up the hooks. */
	public static function init() {
		add_action( self::HOOK, array( __CLASS__, 'again' ) );
		// Should its own moment be lost: once a day in any case.
		add_action( Plugin::DAILY, array( __CLASS__, 'again' ) );
	}

	/**
	 * Tells the server whom to forget.
	 *
	 * @param string[] $whom Address and id of one person.
	 * @return string What came of it: the worst, of several.
	 */
	public static function tell( array $whom ) {
		if ( ! Settings::connected() ) {
			return self::DONE;
		}
		$came = self::DONE;
		foreach ( $whom as $one ) {
			$now = self::now( $one );
			if ( self::LATER === $now ) {
				self::keep( $one );
			}
			$came = self::DONE === $now || self::NEVER === $came ? $came : $now;
		}
		return $came;
	}

	/** Tells what is still to be told, with the patience of a job that nobody waits for. */
	public static function again() {
		$tries = 0;
		foreach ( self::kept() as $name ) {
			$wish = get_option( $name );
			// What was meant for a server that this shop has left cannot be told to another.
			$ours   = is_array( $wish ) && isset( $wish['whom'], $wish['of'], $wish['tries'] ) && self::here() === $wish['of'];
			$answer = $ours ? self::patiently( (string) $wish['whom'] ) : array( 0, array() );
			if ( ! $ours || self::LATER !== self::said( $answer ) ) {
				delete_option( $name );
				continue;
			}
			$tries = max( $tries, (int) $wish['tries'] + 1 );
			update_option( $name, array( 'tries' => (int) $wish['tries'] + 1 ) + $wish, false );
			if ( 0 === $answer[0] ) {
				// Nobody is there: the next would wait as long.
				break;
			}
		}
		if ( $tries ) {
			self::plan( min( DAY_IN_SECONDS, self::PAUSE * pow( 2, min( $tries, 10 ) ) ) );
		}
	}

	/**
	 * How many are still to be told.
	 *
	 * @return int
	 */
	public static function waiting() {
		return count( self::kept() );
	}

	/** Keeps none any longer: the server that they were meant for is left. */
	public static function drop() {
		array_map( 'delete_option', self::kept() );
		wp_unschedule_hook( self::HOOK );
	}

	/**
	 * Tells one now.
	 *
	 * @param string $whom Address or id.
	 * @return string
	 */
	private static function now( $whom ) {
		if ( '' === Settings::secret( 'key' ) ) {
			return self::NEVER;
		}
		Backend::again();
		return self::said( Backend::ask( 'POST', self::PATH, Settings::secret( 'key' ), array( 'id' => $whom ) ) );
	}

	/**
	 * Tells one, and waits for the answer.
	 *
	 * @param string $whom Address or id.
	 * @return array{0: int, 1: array}
	 */
	private static function patiently( $whom ) {
		return Backend::patiently( Settings::get( 'server' ) . self::PATH, array( 'id' => $whom ), Settings::secret( 'key' ) );
	}

	/**
	 * Reads an answer.  404: nobody there knows them.
	 *
	 * @param array{0: int, 1: array} $answer Status and JSON.
	 * @return string
	 */
	private static function said( array $answer ) {
		$unknown = isset( $answer[1]['reason'] ) && 'unknown_person' === $answer[1]['reason'];
		if ( 204 === $answer[0] || ( 404 === $answer[0] && $unknown ) ) {
			return self::DONE;
		}
		// What is wrong with the words will be wrong tomorrow, too; a key may be given anew.
		return in_array( $answer[0], array( 400, 413, 422 ), true ) ? self::NEVER : self::LATER;
	}

	/**
	 * Keeps a wish, out of what WordPress loads with every page and of its list of events.
	 *
	 * @param string $whom Address or id.
	 */
	private static function keep( $whom ) {
		$name = self::PREFIX . md5( self::here() . '|' . $whom );
		add_option( $name, array( 'whom' => $whom, 'of' => self::here(), 'tries' => 0 ), '', false );
		self::plan( self::PAUSE );
	}

	/**
	 * Lets it be told after a while, unless that is planned already.
	 *
	 * @param int $seconds How long.
	 */
	private static function plan( $seconds ) {
		if ( ! wp_next_scheduled( self::HOOK ) ) {
			wp_schedule_single_event( time() + (int) $seconds, self::HOOK );
		}
	}

	/**
	 * Returns the names of what is kept.
	 *
	 * @return string[]
	 */
	private static function kept() {
		global $wpdb;
		$like = $wpdb->esc_like( self::PREFIX ) . '%';
		// phpcs:ignore WordPress.DB -- WordPress lists options in no other way.
		return $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s ORDER BY option_id LIMIT 1000", $like ) );
	}

	/**
	 * Returns which server and shop this is.
	 *
	 * @return string
	 */
	private static function here() {
		return Settings::get( 'server' ) . '|' . Settings::get( 'shop' );
	}
}

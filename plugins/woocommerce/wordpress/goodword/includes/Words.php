<?php
/**
 * What shoppers read, in the words that the shop's owner gave it at the server; ours until those are known.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Plain text, learned while nobody waits; whoever shows it escapes it. */
final class Words {

	/** The option in which they are kept: small, and read on many pages. */
	const KEPT = 'goodword_words';
	/** Asks for them while nobody waits. */
	const LEARN = 'goodword_learn_words';
	/** After this they are asked for again, and after that they are forgotten. */
	const FRESH = HOUR_IN_SECONDS;
	const STALE = MONTH_IN_SECONDS;
	/** How long a sentence may be, in bytes, and how many there may be. */
	const LONGEST = 2000;
	const MOST    = 200;

	/** The server's languages, with the locales that read them. */
	const LANGUAGES = array(
		'en'      => '/\Aen(_|\z)/',
		'zh-Hant' => '/\Azh_(TW|HK)(_|\z)/',
	);

	/** Hangs up the hooks. */
	public static function init() {
		add_action( Plugin::DAILY, array( __CLASS__, 'learn' ) );
		add_action( self::LEARN, array( __CLASS__, 'learn' ) );
	}

	/**
	 * Returns what is said at a moment in the shopper's language; nobody is asked.
	 *
	 * @param string $moment The server's name of it.
	 * @param string $ours   What we say until the shop's words are known, or in a language that the server lacks.
	 * @return string
	 */
	public static function say( $moment, $ours ) {
		$kept = self::kept();
		if ( $kept['asked'] < time() - self::FRESH ) {
			self::plan();
		}
		$said = self::said( $kept['words'], self::language() );
		return isset( $said[ $moment ] ) && self::is_sound( $said[ $moment ] ) ? $said[ $moment ] : $ours;
	}

	/** Asks for the words in each language, and keeps what is said; what is not heard stays as it was. */
	public static function learn() {
		if ( ! Settings::connected() ) {
			return;
		}
		$words = self::kept()['words'];
		foreach ( array_keys( self::LANGUAGES ) as $language ) {
			// Nobody waits: a server that is slow in one is heard in the other, too.
			Backend::again();
			$path = '/v1/programs/*/messages/widget?language=' . rawurlencode( $language );
			list( $status, $told ) = Backend::ask( 'GET', $path, Settings::get( 'key' ) );
			$sound = 200 === $status ? array_slice( array_filter( $told, array( __CLASS__, 'is_sound' ) ), 0, self::MOST ) : array();
			if ( $sound ) {
				$words[ $language ] = array( 'heard' => time(), 'said' => $sound );
			}
		}
		update_option( self::KEPT, array( 'of' => self::here(), 'asked' => time(), 'words' => $words ), true );
	}

	/** Forgets them, with the connection. */
	public static function drop() {
		delete_option( self::KEPT );
		wp_unschedule_hook( self::LEARN );
	}

	/** Has them asked for by WP-Cron, unless that is planned or nobody would answer. */
	private static function plan() {
		if ( ! Settings::connected() || Backend::rests() ) {
			return;
		}
		try {
			if ( ! wp_next_scheduled( self::LEARN ) ) {
				wp_schedule_single_event( time(), self::LEARN );
			}
		} catch ( \Throwable $trouble ) {
			// Somebody else's filter; the words that are known do as well, and the page goes on.
			return;
		}
	}

	/**
	 * Returns what is kept, if it is of this server and shop.
	 *
	 * @return array{asked: int, words: array}
	 */
	private static function kept() {
		$kept  = get_option( self::KEPT );
		$whole = is_array( $kept ) && isset( $kept['of'], $kept['asked'], $kept['words'] );
		if ( ! $whole || self::here() !== $kept['of'] || ! is_int( $kept['asked'] ) || ! is_array( $kept['words'] ) ) {
			return array( 'asked' => 0, 'words' => array() );
		}
		return $kept;
	}

	/**
	 * Returns the words of a language, unless they were heard too long ago.
	 *
	 * @param array  $words    As they are kept.
	 * @param string $language The server's name of it.
	 * @return array
	 */
	private static function said( array $words, $language ) {
		$kept  = isset( $words[ $language ] ) ? $words[ $language ] : null;
		$whole = is_array( $kept ) && isset( $kept['heard'], $kept['said'] ) && is_int( $kept['heard'] ) && is_array( $kept['said'] );
		return $whole && $kept['heard'] > time() - self::STALE ? $kept['said'] : array();
	}

	/**
	 * Returns the language of the page, by the server's name.
	 *
	 * @return string Empty for one that the server does not speak.
	 */
	private static function language() {
		$locale = determine_locale();
		foreach ( self::LANGUAGES as $language => $locales ) {
			if ( preg_match( $locales, $locale ) ) {
				return $language;
			}
		}
		return '';
	}

	/**
	 * Whether something is a sentence.
	 *
	 * @param mixed $found From outside.
	 * @return bool
	 */
	private static function is_sound( $found ) {
		return is_string( $found ) && strlen( $found ) <= self::LONGEST && '' !== trim( wp_check_invalid_utf8( $found ) );
	}

	/**
	 * Of which server and shop words are.
	 *
	 * @return string
	 */
	private static function here() {
		return Settings::get( 'server' ) . '|' . Settings::get( 'shop' );
	}
}

<?php
/**
 * What is known of how this shopper came: the cookie that goodword.js keeps, and the shop's session.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** A friend who came through a code. */
final class Friend {

	const SESSION = 'goodword';
	/** Asks for a code's coupon while nobody waits. */
	const LEARN = 'goodword_learn';
	/** How many codes may wait for that: WordPress reads the list of them with every page, and WP-Cron may sleep. */
	const WAITING = 50;

	/**
	 * Returns code and visit; both empty for who came by themself.
	 *
	 * @return array{code: string, visit: string}
	 */
	public static function trace() {
		if ( self::refused() ) {
			return array( 'code' => '', 'visit' => '' );
		}
		$found = self::in_cookie();
		return '' !== $found['code'] ? $found : self::in_session();
	}

	/** Copies the cookie into the shop's session, which outlives a browser that drops it. */
	public static function remember() {
		if ( self::refused() ) {
			return;
		}
		$found = self::in_cookie();
		$shop  = WC();
		if ( '' !== $found['code'] && $shop->session && $found !== self::in_session() ) {
			$shop->session->set( self::SESSION, $found );
		}
	}

	/**
	 * Returns the coupon that stands for a code, if that is known already; nobody is asked.
	 *
	 * One that was learned a while ago does until it is learned anew: WP-Cron may sleep, and our server be down.
	 *
	 * @param string $code The code.
	 * @return string Empty where there is none, or none is known yet.
	 */
	public static function coupon( $code ) {
		$known = self::known( $code );
		if ( ! $known['fresh'] ) {
			self::plan( $code );
		}
		return $known['coupon'];
	}

	/**
	 * Has a code asked for by WP-Cron, unless that is planned or too many wait already.
	 *
	 * @param string $code The code.
	 */
	private static function plan( $code ) {
		try {
			if ( ! wp_next_scheduled( self::LEARN, array( $code ) ) && self::waiting() < self::WAITING ) {
				wp_schedule_single_event( time(), self::LEARN, array( $code ) );
			}
		} catch ( \Throwable $trouble ) {
			// Somebody else's filter; the order is marked, and what is known of the code does as well.
			return;
		}
	}

	/**
	 * How many codes wait to be asked for.
	 *
	 * @return int
	 */
	private static function waiting() {
		$count = 0;
		foreach ( (array) _get_cron_array() as $events ) {
			$count += isset( $events[ self::LEARN ] ) ? count( $events[ self::LEARN ] ) : 0;
		}
		return $count;
	}

	/**
	 * Whether a friend takes back that a code may be kept: what the session holds of before is dropped.
	 *
	 * @return bool
	 */
	private static function refused() {
		if ( 'given' === Settings::get( 'consent' ) || ! function_exists( 'wp_has_consent' ) || wp_has_consent( 'marketing' ) ) {
			return false;
		}
		$shop = WC();
		if ( $shop->session && null !== $shop->session->get( self::SESSION ) ) {
			$shop->session->set( self::SESSION, null );
		}
		return true;
	}

	/**
	 * Asks the server for a code's coupon, unless that is known.
	 *
	 * @param string $code The code.
	 */
	public static function learn( $code ) {
		$code = Word::code( $code );
		if ( '' === $code || self::known( $code )['fresh'] || self::asked_too_often() ) {
			return;
		}
		// With the secret key: the server counts what one address guesses, and all friends ask through ours.
		$key = '' === Settings::secret( 'key' ) ? Settings::get( 'key' ) : Settings::secret( 'key' );
		list( $status, $told ) = Backend::ask( 'GET', '/v1/codes/' . rawurlencode( $code ), $key );
		if ( 200 === $status ) {
			self::keep( $code, Word::coupon( isset( $told['coupon'] ) ? $told['coupon'] : '' ), HOUR_IN_SECONDS, DAY_IN_SECONDS );
		} elseif ( 404 === $status ) {
			self::keep( $code, '', 10 * MINUTE_IN_SECONDS, 10 * MINUTE_IN_SECONDS );
		}
	}

	/**
	 * Keeps what was learned of a code.
	 *
	 * @param string $code   The code.
	 * @param string $coupon Its coupon; empty where it has none.
	 * @param int    $fresh  For how many seconds nobody is asked again.
	 * @param int    $kept   For how many it does.
	 */
	private static function keep( $code, $coupon, $fresh, $kept ) {
		set_transient( self::place( $code ), array( 'coupon' => $coupon, 'until' => time() + $fresh ), $kept );
	}

	/**
	 * Returns what is known of a code.
	 *
	 * @param string $code The code.
	 * @return array{coupon: string, fresh: bool}
	 */
	private static function known( $code ) {
		$known = get_transient( self::place( $code ) );
		$whole = is_array( $known ) && isset( $known['coupon'], $known['until'] );
		return array(
			'coupon' => $whole ? Word::coupon( $known['coupon'] ) : '',
			'fresh'  => $whole && $known['until'] > time(),
		);
	}

	/**
	 * Where a code's coupon is kept.
	 *
	 * @param string $code The code.
	 * @return string
	 */
	private static function place( $code ) {
		return Settings::place( 'code', strtolower( $code ) );
	}

	/**
	 * Whether codes were asked for too often in this minute: somebody guesses, and the server is spared.
	 *
	 * @return bool
	 */
	private static function asked_too_often() {
		$minute = 'goodword_asked_' . (int) ( time() / MINUTE_IN_SECONDS );
		$times  = (int) get_transient( $minute );
		set_transient( $minute, $times + 1, 2 * MINUTE_IN_SECONDS );
		return $times >= 60;
	}

	/**
	 * Reads `code.visit.until`.
	 *
	 * @return array{code: string, visit: string}
	 */
	private static function in_cookie() {
		$name = 'goodword_' . Settings::get( 'shop' );
		// phpcs:ignore WordPress.Security -- every part is checked right here.
		$parts = isset( $_COOKIE[ $name ] ) && is_string( $_COOKIE[ $name ] ) ? explode( '.', $_COOKIE[ $name ] ) : array();
		$until = isset( $parts[2] ) ? (int) $parts[2] : 0;
		if ( 3 !== count( $parts ) || ( $until > 0 && $until < time() ) ) {
			return array( 'code' => '', 'visit' => '' );
		}
		$code = Word::code( $parts[0] );
		return array( 'code' => $code, 'visit' => '' === $code ? '' : Word::code( $parts[1] ) );
	}

	/**
	 * Reads the shop's session.
	 *
	 * @return array{code: string, visit: string}
	 */
	private static function in_session() {
		$shop  = WC();
		$found = $shop->session ? $shop->session->get( self::SESSION ) : null;
		$found = is_array( $found ) ? $found : array();
		return array(
			'code'  => Word::code( isset( $found['code'] ) ? $found['code'] : '' ),
			'visit' => Word::code( isset( $found['visit'] ) ? $found['visit'] : '' ),
		);
	}
}

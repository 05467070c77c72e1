<?php
/**
 * Asks the goodword server.  Never while a page of the shop or an order is made.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Requests that take two seconds together at most, and none for a minute after one that failed. */
final class Backend {

	const PATIENCE = 2.0;
	/** WordPress waits a second at least, whatever it is told. */
	const SHORTEST = 1.0;
	const PAUSE    = 60;
	const RESTING  = 'goodword_resting';
	const HEARD    = 'goodword_heard';
	const REFUSED  = 'goodword_refused';

	/**
	 * How many seconds were waited for it already, while this request is answered.
	 *
	 * @var float
	 */
	private static $waited = 0.0;

	/**
	 * Asks, and returns status and JSON; status 0 where nobody answered in time.
	 *
	 * @param string     $method GET or POST.
	 * @param string     $path   Begins with a slash.
	 * @param string     $key    The server's key.
	 * @param array|null $body   Sent as JSON.
	 * @return array{0: int, 1: array}
	 */
	public static function ask( $method, $path, $key, $body = null ) {
		$left = self::PATIENCE - self::$waited;
		if ( $left < self::SHORTEST || ! Settings::connected() || self::rests() ) {
			return array( 0, array() );
		}
		$begun = microtime( true );
		$found = self::request( Settings::get( 'server' ) . $path, $method, $key, $body, $left );
		// What PHP itself takes is not waited for.
		self::$waited += microtime( true ) - $begun;
		if ( 0 === $found[0] || $found[0] >= 500 || 429 === $found[0] ) {
			set_transient( self::RESTING, 1, self::PAUSE );
		} elseif ( 401 === $found[0] ) {
			set_transient( self::REFUSED, 1, WEEK_IN_SECONDS );
		} else {
			set_transient( self::HEARD, time(), WEEK_IN_SECONDS );
			delete_transient( self::REFUSED );
		}
		return $found;
	}

	/**
	 * Asks whom the owner waits for, or nobody, with the patience of an owner.
	 *
	 * @param string $url  Where.
	 * @param array  $body Sent as JSON.
	 * @param string $key  The server's key, or nothing.
	 * @return array{0: int, 1: array}
	 */
	public static function patiently( $url, array $body, $key = '' ) {
		return self::request( $url, 'POST', $key, $body, 30.0 );
	}

	/**
	 * Whether it is left in peace for a while, as it did not answer.
	 *
	 * @return bool
	 */
	public static function rests() {
		return (bool) get_transient( self::RESTING );
	}

	/** Begins a new request; tests and long jobs need it. */
	public static function again() {
		self::$waited = 0.0;
	}

	/**
	 * Makes one request.  No redirect is followed: it would carry the key elsewhere.
	 *
	 * @param string     $url     Where.
	 * @param string     $method  How.
	 * @param string     $key     The key, or nothing.
	 * @param array|null $body    Sent as JSON.
	 * @param float      $seconds How long at most.
	 * @return array{0: int, 1: array}
	 */
	private static function request( $url, $method, $key, $body, $seconds ) {
		$headers = array( 'Accept' => 'application/json' );
		if ( '' !== $key ) {
			$headers['Authorization'] = 'Bearer ' . $key;
		}
		$told = array(
			'method'              => $method,
			'timeout'             => $seconds,
			'redirection'         => 0,
			'limit_response_size' => 262144,
			'user-agent'          => 'goodword-wordpress/' . GOODWORD_VERSION,
			'headers'             => $headers,
		);
		if ( null !== $body ) {
			$told['headers']['Content-Type'] = 'application/json';
			$told['body']                    = wp_json_encode( $body );
		}
		$answer = wp_remote_request( $url, $told );
		if ( is_wp_error( $answer ) ) {
			return array( 0, array() );
		}
		$code = (int) wp_remote_retrieve_response_code( $answer );
		if ( 204 === $code ) {
			return array( $code, array() );
		}
		$read = json_decode( wp_remote_retrieve_body( $answer ), true );
		// A page of some firewall is no answer of ours.
		return is_array( $read ) ? array( $code, $read ) : array( $code < 400 ? 0 : $code, array() );
	}
}

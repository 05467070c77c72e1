<?php
/**
 * Joins this shop to a goodword server with the code that its owner was given there, and leaves it again.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** What only the owner does. */
final class Connection {

	/**
	 * Joins with a pairing code: `https://server/connect/woocommerce/shop/pairing#code`.
	 *
	 * @param string $pasted What the owner pasted.
	 * @return string What went wrong; empty where it worked.
	 */
	public static function join( $pasted ) {
		$read = self::read( trim( $pasted ) );
		if ( null === $read ) {
			return __( 'This is no pairing code. Copy it whole from the connect page of goodword: it begins with https://.', 'goodword' );
		}
		list( $url, $code ) = $read;
		$before = Settings::secret( 'api_key' );
		$key    = ApiKey::make();
		$told   = array(
			'code'            => $code,
			'url'             => home_url(),
			'consumer_key'    => $key['key'],
			'consumer_secret' => $key['secret'],
			'key_permissions' => 'read_write',
		);
		list( $status, $answer ) = Backend::patiently( $url, $told );
		$given = 200 === $status ? self::given( $url, $answer ) : null;
		if ( null === $given ) {
			ApiKey::revoke( $key['id'] );
			return self::why( $status, $answer );
		}
		Settings::change( $given + array( 'home' => (string) get_option( 'home' ) ) );
		$secret = isset( $answer['secret'] ) && is_string( $answer['secret'] ) ? $answer['secret'] : '';
		Settings::keep_secrets( array( 'key' => $secret, 'api_key' => (string) $key['id'] ) );
		ApiKey::revoke( (int) $before );
		delete_transient( Backend::RESTING );
		// In a network of sites the plugin was activated on one of them alone.
		Plugin::activated();
		Program::learn();
		Words::learn();
		return '';
	}

	/** Leaves: the server's webhooks and its key end here and now, whether or not it answers. */
	public static function leave() {
		// A copy has the keys of the shop itself, which goes on.
		if ( ! Settings::elsewhere() ) {
			self::say_farewell();
		}
		Hooks::remove( Settings::get( 'server' ) );
		Forgetting::drop();
		Words::drop();
		wp_unschedule_hook( Friend::LEARN );
		wp_unschedule_hook( Member::TELL );
		ApiKey::revoke( (int) Settings::secret( 'api_key' ) );
		Settings::disconnect();
	}

	/** Has the server end the keys that it gave us; one that does not hear it counts on us for three days more. */
	private static function say_farewell() {
		$key = Settings::secret( 'key' );
		if ( '' !== $key ) {
			Backend::again();
			Backend::ask( 'POST', '/connect/woocommerce/' . rawurlencode( Settings::get( 'shop' ) ) . '/unpairing', $key );
		}
	}

	/**
	 * Reads a pairing code.
	 *
	 * @param string $pasted What was pasted.
	 * @return array{0: string, 1: string}|null Where it is told, and the code.
	 */
	private static function read( $pasted ) {
		$shape = '~\A(https?)://([a-z0-9.-]+(?::\d{1,5})?)((?:/[\w.-]+)*/connect/woocommerce/[\w-]{1,64}/pairing)#([A-Za-z0-9_-]{16,200}\.[0-9a-f]{32})\z~';
		if ( strlen( $pasted ) > 1000 || ! preg_match( $shape, $pasted, $part ) ) {
			return null;
		}
		// The key of the shop goes there: in the clear only on one's own machine.
		$near = preg_match( '/\A(localhost|127\.0\.0\.1)(:\d+)?\z/', $part[2] );
		return 'https' === $part[1] || $near ? array( $part[1] . '://' . $part[2] . $part[3], $part[4] ) : null;
	}

	/**
	 * Returns what the server gave, if it is what was promised.
	 *
	 * @param string $url    Where it was asked.
	 * @param array  $answer What it said.
	 * @return array|null
	 */
	private static function given( $url, array $answer ) {
		foreach ( array( 'shop', 'server', 'key' ) as $name ) {
			if ( ! isset( $answer[ $name ] ) || ! is_string( $answer[ $name ] ) ) {
				return null;
			}
		}
		$server = rtrim( $answer['server'], '/' );
		$fits   = preg_match( '/\A[\w-]{1,64}\z/', $answer['shop'] ) && preg_match( '/\Agw_pub_[\w-]{1,100}\z/', $answer['key'] );
		// It speaks for the address that the owner pasted, and for no other.
		$same = 0 === strpos( $url, $server . '/connect/' );
		return $fits && $same ? array( 'shop' => $answer['shop'], 'server' => $server, 'key' => $answer['key'] ) : null;
	}

	/**
	 * Says why it did not work.
	 *
	 * @param int   $status What the server answered.
	 * @param array $answer What it said.
	 * @return string
	 */
	private static function why( $status, array $answer ) {
		if ( 0 === $status ) {
			return __( 'goodword did not answer. Is the code whole, and may your host call other servers? Then try again with a new code.', 'goodword' );
		}
		$said = isset( $answer['detail'] ) ? Word::typed( $answer['detail'] ) : '';
		/* translators: %s: what the server said */
		return sprintf( __( 'goodword said no: %s. Make a new code on its connect page and try again.', 'goodword' ), '' === $said ? $status : rtrim( $said, '.' ) );
	}
}

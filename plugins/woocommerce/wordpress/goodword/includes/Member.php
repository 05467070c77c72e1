<?php
/**
 * A customer who passes a code on: their code, and what came of it, as the server tells it.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** An advocate, seen from the shop. */
final class Member {

	/** Where a customer's code is kept: for this site alone, in a network. */
	const CODE  = 'goodword_code';
	const FRESH = 5 * MINUTE_IN_SECONDS;
	/** Tells the server of a changed address while nobody waits. */
	const TELL = 'goodword_member';

	/**
	 * Their id at the server: a customer's own, and for a guest one that tells nobody.
	 *
	 * @var string
	 */
	public $id;

	/**
	 * The user, or 0 for a guest.
	 *
	 * @var int
	 */
	private $user;

	/**
	 * Their first name.
	 *
	 * @var string
	 */
	private $name;

	/**
	 * Their address.
	 *
	 * @var string
	 */
	private $email;

	/** Hangs up the hooks. */
	public static function init() {
		add_action( 'profile_update', array( __CLASS__, 'changed' ) );
		add_action( self::TELL, array( __CLASS__, 'tell' ) );
	}

	/**
	 * An account was changed: thanks are bound to its address, and mailed there.
	 *
	 * @param int $user The user's id.
	 */
	public static function changed( $user ) {
		try {
			$member = Settings::connected() ? self::of_user( $user ) : null;
			if ( $member && $member->has_moved() && ! wp_next_scheduled( self::TELL, array( (int) $user ) ) ) {
				wp_schedule_single_event( time(), self::TELL, array( (int) $user ) );
			}
		} catch ( \Throwable $trouble ) {
			// Somebody else's filter; their tab in My Account tells it, too.
			return;
		}
	}

	/**
	 * Tells the server of an account that was changed.
	 *
	 * @param int $user The user's id.
	 */
	public static function tell( $user ) {
		$member = self::of_user( $user );
		if ( $member && $member->has_moved() && Settings::connected() ) {
			Backend::again();
			$member->code( false );
		}
	}

	/**
	 * Somebody.
	 *
	 * @param int    $user  The user, or 0.
	 * @param string $name  First name.
	 * @param string $email Address.
	 */
	private function __construct( $user, $name, $email ) {
		$this->user  = $user;
		$this->name  = Word::typed( $name );
		$this->email = (string) $email;
		$this->id    = $user ? (string) $user : self::guest( $this->email );
	}

	/**
	 * Returns whom a token names.
	 *
	 * @param array{kind: string, id: int} $token As it was read.
	 * @return Member|null
	 */
	public static function of( array $token ) {
		if ( Token::CUSTOMER === $token['kind'] ) {
			return self::of_user( $token['id'] );
		}
		$order = wc_get_order( $token['id'] );
		if ( ! $order ) {
			return null;
		}
		if ( $order->get_customer_id() ) {
			return self::of_user( $order->get_customer_id() );
		}
		$email = $order->get_billing_email();
		return is_email( $email ) ? new self( 0, $order->get_billing_first_name(), $email ) : null;
	}

	/**
	 * Returns a user.
	 *
	 * @param int $id The user's id.
	 * @return Member|null
	 */
	private static function of_user( $id ) {
		$user = get_user_by( 'id', $id );
		return $user ? new self( $user->ID, $user->first_name, $user->user_email ) : null;
	}

	/**
	 * Whether a code is the one of whoever looks at the page.
	 *
	 * @param string $code The code.
	 * @return bool
	 */
	public static function is_own( $code ) {
		$user = get_current_user_id();
		$kept = $user ? get_user_option( self::CODE, $user ) : null;
		return is_array( $kept ) && isset( $kept['code'] ) && 0 === strcasecmp( (string) $kept['code'], $code );
	}

	/**
	 * Returns the id that the server knows a user by; empty for one who never asked for a link there.
	 *
	 * @param int $user The user's id.
	 * @return string
	 */
	public static function known_as( $user ) {
		$kept = get_user_option( self::CODE, $user );
		$of   = is_array( $kept ) && isset( $kept['of'] ) && is_string( $kept['of'] ) ? $kept['of'] : '';
		return 0 === strpos( $of, Settings::get( 'server' ) . '|' . Settings::get( 'shop' ) . '|' ) ? (string) $user : '';
	}

	/**
	 * Returns their code and its link; asks for one only if they wish to have it.
	 *
	 * @param bool $join Whether they wish to.
	 * @return array{code: string, link: string}|null
	 */
	public function code( $join ) {
		$kept = $this->kept();
		$asks = null === $kept ? $join : $this->has_moved();
		if ( ! $asks || '' === Settings::get( 'program' ) ) {
			return $kept;
		}
		$body = array(
			'advocate' => array_filter(
				array( 'id' => $this->id, 'name' => $this->name, 'email' => $this->email ),
				'strlen'
			),
		);
		$path = '/v1/programs/' . rawurlencode( Settings::get( 'program' ) ) . '/advocates';
		list( $status, $told ) = Backend::ask( 'POST', $path, Settings::secret( 'key' ), $body );
		$code = 200 === $status && isset( $told['text'] ) ? Word::code( $told['text'] ) : '';
		if ( '' === $code ) {
			return $kept;
		}
		$this->keep( $code );
		return self::with_link( $code );
	}

	/**
	 * Returns their rewards as the server last told them; stale ones where it is silent.
	 *
	 * @return array
	 */
	public function rewards() {
		$place = self::place_of_rewards( $this->id );
		$known = get_transient( $place );
		$known = is_array( $known ) ? $known : array( 'at' => 0, 'items' => array() );
		if ( $known['at'] > time() - self::FRESH ) {
			return $known['items'];
		}
		$path = '/v1/advocates/' . rawurlencode( $this->id ) . '/rewards?limit=50';
		list( $status, $told ) = Backend::ask( 'GET', $path, Settings::secret( 'key' ) );
		if ( 200 !== $status || ! isset( $told['items'] ) || ! is_array( $told['items'] ) ) {
			return $known['items'];
		}
		$items = array_filter( $told['items'], 'is_array' );
		set_transient( $place, array( 'at' => time(), 'items' => $items ), DAY_IN_SECONDS );
		return $items;
	}

	/**
	 * Where somebody's rewards are kept for a while.
	 *
	 * @param string $id Their id.
	 * @return string
	 */
	public static function place_of_rewards( $id ) {
		return Settings::place( 'rewards', $id );
	}

	/**
	 * Returns the id of a guest with this address: the same for each order, and telling nobody who.
	 *
	 * @param string $email The address.
	 * @return string
	 */
	public static function guest( $email ) {
		return 'guest-' . substr( hash_hmac( 'sha256', strtolower( trim( $email ) ), wp_salt( 'auth' ) ), 0, 24 );
	}

	/**
	 * Returns the code that is kept.
	 *
	 * @return array{code: string, link: string}|null
	 */
	private function kept() {
		$kept = $this->user ? get_user_option( self::CODE, $this->user ) : get_transient( 'goodword_' . $this->id );
		$mine = is_array( $kept ) && isset( $kept['code'], $kept['of'] ) && self::here() === $kept['of'];
		return $mine && '' !== Word::code( $kept['code'] ) ? self::with_link( $kept['code'] ) : null;
	}

	/**
	 * Whether the server knows a customer by another address than they have now.
	 *
	 * @return bool
	 */
	private function has_moved() {
		$kept = $this->user ? get_user_option( self::CODE, $this->user ) : null;
		$ours = is_array( $kept ) && isset( $kept['of'] ) && self::here() === $kept['of'];
		return $ours && ( ! isset( $kept['as'] ) || self::guest( $this->email ) !== $kept['as'] );
	}

	/**
	 * Keeps a code, and by which address it was asked for: as a word that does not tell it.
	 *
	 * @param string $code The code.
	 */
	private function keep( $code ) {
		$kept = array( 'code' => $code, 'of' => self::here(), 'as' => self::guest( $this->email ) );
		if ( $this->user ) {
			update_user_option( $this->user, self::CODE, $kept );
		} else {
			set_transient( 'goodword_' . $this->id, $kept, WEEK_IN_SECONDS );
		}
	}

	/**
	 * Of which server, shop and program a kept code is.
	 *
	 * @return string
	 */
	private static function here() {
		return Settings::get( 'server' ) . '|' . Settings::get( 'shop' ) . '|' . Settings::get( 'program' );
	}

	/**
	 * Returns a code with its link.
	 *
	 * @param string $code The code.
	 * @return array{code: string, link: string}
	 */
	private static function with_link( $code ) {
		return array(
			'code' => $code,
			'link' => Settings::get( 'server' ) . '/' . Settings::get( 'shop' ) . '/r/' . $code,
		);
	}
}

<?php
/**
 * What the shop's pages ask the shop, once they are read: page caches stand before the pages, not before this.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Two routes; both ask the server for two seconds at most. */
final class Rest {

	const NAME = 'goodword/v1';

	/** Hangs up the hook. */
	public static function init() {
		add_action( 'rest_api_init', array( __CLASS__, 'routes' ) );
	}

	/** Makes the routes known. */
	public static function routes() {
		$text = array( 'type' => 'string', 'required' => true, 'maxLength' => 200 );
		register_rest_route(
			self::NAME,
			'/arrived',
			array(
				'methods'             => 'POST',
				'callback'            => array( __CLASS__, 'arrived' ),
				// A friend is nobody whom the shop knows yet, and a cached page has no nonce.
				'permission_callback' => '__return_true',
				'args'                => array( 'code' => $text ),
			)
		);
		register_rest_route(
			self::NAME,
			'/mine',
			array(
				'methods'             => 'POST',
				'callback'            => array( __CLASS__, 'mine' ),
				'permission_callback' => array( __CLASS__, 'has_token' ),
				'args'                => array( 'token' => $text, 'join' => array( 'type' => 'boolean' ) ),
			)
		);
	}

	/**
	 * A friend arrived: learns the coupon of the code before there is a basket.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @return \WP_REST_Response
	 */
	public static function arrived( $request ) {
		// Whoever guesses codes learns nothing here.
		Friend::learn( Word::code( $request['code'] ) );
		return self::answer( array( 'heard' => true ) );
	}

	/**
	 * Whether a request brings a token that is good.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @return bool
	 */
	public static function has_token( $request ) {
		return null !== Token::read( $request['token'] );
	}

	/**
	 * Tells a customer of their own code and rewards; whoever holds the link of an order, of the code alone.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @return \WP_REST_Response
	 */
	public static function mine( $request ) {
		$token  = Token::read( $request['token'] );
		$member = $token && Settings::connected() ? Member::of( $token ) : null;
		if ( null === $member || '' === Settings::secret( 'key' ) ) {
			return self::answer( array( 'state' => 'silent' ) );
		}
		$join = true === $request['join'];
		$code = $member->code( $join );
		if ( null === $code ) {
			// What could not be given just now is not offered.
			return self::answer( array( 'state' => $join || Backend::rests() ? 'silent' : 'new' ) );
		}
		$told = array( 'state' => 'member' ) + $code;
		if ( Token::CUSTOMER === $token['kind'] ) {
			$told['rewards'] = array_map( array( 'Goodword\\Reward', 'shown' ), array_values( $member->rewards() ) );
		}
		return self::answer( $told );
	}

	/**
	 * Answers so that nobody keeps it.
	 *
	 * @param array $told What is told.
	 * @return \WP_REST_Response
	 */
	private static function answer( array $told ) {
		$answer = new \WP_REST_Response( $told );
		$answer->header( 'Cache-Control', 'no-store' );
		return $answer;
	}
}

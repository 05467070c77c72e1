<?php
/** What every test begins with: a connected shop with a friend's coupon, and a server that answers as recorded. */

use PHPUnit\Framework\TestCase;

abstract class Shop extends TestCase {
	const SERVER = 'https://thanks.example';

	/** What the server says of somebody whom it does not know. */
	const UNKNOWN = array( 404, array( 'reason' => 'unknown_person' ) );

	/** Each request to the server: method, path, and what was sent along. */
	protected $asked = array();

	/** Path to status and answer; an exception for one that is down. */
	protected $answers = array();

	protected function setUp(): void {
		global $wpdb;
		$wpdb->query( "DELETE FROM {$wpdb->options} WHERE option_name LIKE '%goodword%'" );
		$wpdb->query( "DELETE FROM {$wpdb->usermeta} WHERE meta_key LIKE '%goodword%'" );
		wp_cache_flush();
		wp_set_current_user( 0 );
		$GLOBALS['consented'] = true;
		$_COOKIE = array();
		$_GET    = array();
		$_POST   = array();
		$_REQUEST = array();
		if ( function_exists( 'WC' ) ) {
			WC()->begin();
			WC_Order::$all          = array();
			WC_Webhook::$all        = array();
			WC_Logger_Interface::$said = array();
			StandIn_Coupons::$known = array();
			StandIn_Coupons::make( 'mei-tea' );
			$this->connect();
		}
		Goodword\Backend::again();
		$told          = json_decode( file_get_contents( getenv( 'GOODWORD_ANSWERS' ) ), true );
		$this->answers = array(
			'/v1/codes/MEI2026'                => array( 200, $told['find_code'] ),
			'/v1/programs'                     => array( 200, $told['programs.list'] ),
			'/v1/programs/friends/advocates'   => array( 200, $told['advocates.invite'] ),
			'/v1/advocates/*/rewards?limit=50' => array( 200, $told['rewards.list'] ),
		);
		add_filter( 'pre_http_request', array( $this, 'answer' ), 10, 3 );
	}

	protected function tearDown(): void {
		remove_filter( 'pre_http_request', array( $this, 'answer' ), 10 );
		if ( function_exists( 'WC' ) ) {
			$this->assertSame( array(), WC_Logger_Interface::$said );
		}
	}

	protected function connect( array $more = array() ) {
		$open = array( 'server' => self::SERVER, 'shop' => 'tea-house', 'key' => 'gw_pub_1', 'program' => 'friends', 'names' => 'yes' );
		Goodword\Settings::change( $more + $open );
		Goodword\Settings::keep_secrets( array( 'key' => 'gw_secret_1', 'api_key' => '0' ) );
	}

	/** Plays the server. */
	public function answer( $none, $how, $url ) {
		$path          = substr( $url, strlen( self::SERVER ) );
		$this->asked[] = array( 'method' => $how['method'], 'path' => $path, 'how' => $how );
		foreach ( $this->answers as $known => $answer ) {
			if ( fnmatch( $known, $path ) ) {
				return $answer instanceof WP_Error ? $answer : array(
					'headers'  => array(),
					'body'     => is_string( $answer[1] ) ? $answer[1] : wp_json_encode( $answer[1] ),
					'response' => array( 'code' => $answer[0], 'message' => '' ),
					'cookies'  => array(),
				);
			}
		}
		return array( 'headers' => array(), 'body' => '{"reason": "not_found"}', 'response' => array( 'code' => 404, 'message' => '' ), 'cookies' => array() );
	}

	/** A friend arrives on a page, maybe a cached one: goodword.js keeps the code, keep.js tells the shop. */
	protected function arrive( $code = 'MEI2026', $visit = 'v-1' ) {
		$_COOKIE['goodword_tea-house'] = $code . '.' . $visit . '.' . ( time() + 3600 );
		return $this->rest( 'arrived', array( 'code' => $code ) );
	}

	protected function rest( $route, array $told ) {
		$request = new WP_REST_Request( 'POST', '/goodword/v1/' . $route );
		$request->set_header( 'Content-Type', 'application/json' );
		$request->set_body( wp_json_encode( $told ) );
		return rest_do_request( $request );
	}

	/** A consent banner as the WP Consent API has it: it stays, and says what `$GLOBALS['consented']` does. */
	protected function banner() {
		if ( ! function_exists( 'wp_has_consent' ) ) {
			eval( 'function wp_has_consent( $what ) { return $GLOBALS["consented"] && "marketing" === $what; }' );
		}
	}

	protected function paths() {
		return array_column( $this->asked, 'path' );
	}

	protected function customer( $name = 'Mei' ) {
		$known = get_user_by( 'email', 'mei@example.com' );
		$id    = $known ? $known->ID : wp_create_user( 'mei', 'secret', 'mei@example.com' );
		wp_update_user( array( 'ID' => $id, 'first_name' => $name ) );
		return $id;
	}
}

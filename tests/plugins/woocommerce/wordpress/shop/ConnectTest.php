<?php

require_once dirname( __DIR__ ) . '/Shop.php';

/** The owner's page: what connects, what disconnects, and who may. */
final class ConnectTest extends Shop {

	const CODE = 'https://thanks.example/connect/woocommerce/tea-house/pairing#abcdefghijklmnopqrstuvwxyz012345.0123456789abcdef0123456789abcdef';

	protected function setUp(): void {
		global $wpdb;
		parent::setUp();
		$columns = json_decode( file_get_contents( dirname( __DIR__ ) . '/facts.json' ), true )['tables']['woocommerce_api_keys'];
		array_shift( $columns );
		$wpdb->query( "DROP TABLE IF EXISTS {$wpdb->prefix}woocommerce_api_keys" );
		$wpdb->query( "CREATE TABLE {$wpdb->prefix}woocommerce_api_keys (key_id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT, " . implode( ' VARCHAR(200), ', $columns ) . ' VARCHAR(200), PRIMARY KEY (key_id))' );
		$this->answers['/connect/woocommerce/tea-house/pairing'] = array(
			200,
			array( 'shop' => 'tea-house', 'server' => self::SERVER, 'links' => self::SERVER . '/tea-house/r/', 'key' => 'gw_pub_new', 'secret' => 'gw_secret_new' ),
		);
		Goodword\Settings::disconnect();
		get_role( 'administrator' )->add_cap( 'manage_woocommerce' );
		wp_set_current_user( 1 );
		add_filter( 'wp_redirect', '__return_empty_string' );
		add_filter( 'wp_die_handler', array( $this, 'dying' ) );
	}

	protected function tearDown(): void {
		remove_filter( 'wp_redirect', '__return_empty_string' );
		remove_filter( 'wp_die_handler', array( $this, 'dying' ) );
		parent::tearDown();
	}

	public function dying() {
		return static function ( $words ) {
			throw new RuntimeException( 'died: ' . ( is_string( $words ) ? wp_strip_all_tags( $words ) : '' ) );
		};
	}

	private function post( $action, array $told = array(), $nonce = null ) {
		$_POST    = $told + array( 'action' => 'goodword_' . $action );
		$_REQUEST = $_POST + array( '_wpnonce' => null === $nonce ? wp_create_nonce( 'goodword_' . $action ) : $nonce );
		do_action( 'admin_post_goodword_' . $action );
		$said = get_transient( 'goodword_said_' . get_current_user_id() );
		return is_array( $said ) ? $said : array( '', '' );
	}

	private function keys() {
		global $wpdb;
		return $wpdb->get_results( "SELECT * FROM {$wpdb->prefix}woocommerce_api_keys", ARRAY_A );
	}

	private function page() {
		ob_start();
		Goodword\SettingsPage::show();
		return ob_get_clean();
	}

	public function test_a_pairing_code_connects() {
		$this->assertSame( 'success', $this->post( 'connect', array( 'code' => " " . self::CODE . "\n" ) )[1] );
		$sent = json_decode( $this->asked[0]['how']['body'], true );
		$this->assertSame( array( 'abcdefghijklmnopqrstuvwxyz012345.0123456789abcdef0123456789abcdef', 'http://shop.example', 'read_write' ), array( $sent['code'], $sent['url'], $sent['key_permissions'] ) );
		$this->assertMatchesRegularExpression( '/^ck_[0-9a-f]{40}$/', $sent['consumer_key'] );
		$kept = $this->keys();
		$this->assertSame( array( wc_api_hash( $sent['consumer_key'] ), $sent['consumer_secret'], '1' ), array( $kept[0]['consumer_key'], $kept[0]['consumer_secret'], (string) $kept[0]['user_id'] ) );
		$this->assertSame( array( 'tea-house', 'gw_pub_new', 'gw_secret_new', 'friends' ), array( Goodword\Settings::get( 'shop' ), Goodword\Settings::get( 'key' ), Goodword\Settings::secret( 'key' ), Goodword\Settings::get( 'program' ) ) );
	}

	public function test_connecting_again_ends_the_key_of_before() {
		$this->post( 'connect', array( 'code' => self::CODE ) );
		$this->post( 'connect', array( 'code' => self::CODE ) );
		$this->assertCount( 1, $this->keys() );
	}

	public function test_what_is_no_pairing_code_is_sent_nowhere() {
		$bad = array(
			'',
			'hello',
			str_replace( 'https', 'http', self::CODE ),
			str_replace( 'https', 'javascript', self::CODE ),
			str_replace( '/pairing', '', self::CODE ),
			str_replace( 'thanks.example', 'thanks.example@evil.example', self::CODE ),
			strtok( self::CODE, '#' ),
			self::CODE . '"><script>',
			str_repeat( self::CODE, 20 ),
		);
		foreach ( $bad as $code ) {
			$said = $this->post( 'connect', array( 'code' => $code ) );
			$this->assertSame( 'error', $said[1] );
			$this->assertStringContainsString( 'pairing code', $said[0] );
		}
		$this->post( 'connect', array( 'code' => array( self::CODE ) ) );
		$this->assertSame( array( array(), array(), false ), array( $this->asked, $this->keys(), Goodword\Settings::connected() ) );
	}

	public function test_a_code_that_is_over_leaves_no_key_behind_and_says_why() {
		$this->answers['/connect/*'] = $this->answers['/connect/woocommerce/tea-house/pairing'] = array( 422, array( 'detail' => 'code: is over <script>alert(1)</script>' ) );
		$said = $this->post( 'connect', array( 'code' => self::CODE ) );
		$this->assertStringContainsString( 'code: is over', $said[0] );
		$this->assertSame( array(), $this->keys() );
		set_transient( 'goodword_said_1', array( $said[0] . '<script>alert(2)</script>', 'error' ), 60 );
		$html = $this->page();
		$this->assertStringNotContainsString( '<script>', $html );
		$this->assertStringContainsString( 'role="alert"', $html );
	}

	public function test_a_server_that_speaks_for_another_address_is_not_believed() {
		$this->answers['/connect/woocommerce/tea-house/pairing'][1]['server'] = 'https://evil.example';
		$this->assertSame( 'error', $this->post( 'connect', array( 'code' => self::CODE ) )[1] );
		$this->answers['/connect/woocommerce/tea-house/pairing'] = array( 200, '<html>' );
		$this->assertSame( 'error', $this->post( 'connect', array( 'code' => self::CODE ) )[1] );
		$this->answers['/connect/woocommerce/tea-house/pairing'] = new WP_Error( 'http_request_failed', 'no route' );
		$this->assertSame( 'error', $this->post( 'connect', array( 'code' => self::CODE ) )[1] );
		$this->assertSame( array( array(), false ), array( $this->keys(), Goodword\Settings::connected() ) );
	}

	public function test_every_action_needs_its_own_nonce() {
		$this->connect();
		foreach ( Goodword\SettingsPage::ACTIONS as $action ) {
			foreach ( array( '', 'guess', wp_create_nonce( 'another' ), wp_create_nonce( 'goodword_other' ) ) as $nonce ) {
				try {
					$this->post( $action, array( 'code' => self::CODE, 'ask' => 'yes' ), $nonce );
					$this->fail( "$action without its nonce" );
				} catch ( RuntimeException $died ) {
					$this->assertStringStartsWith( 'died', $died->getMessage() );
				}
			}
		}
		$this->assertSame( array( array(), true, '' ), array( $this->asked, Goodword\Settings::connected(), Goodword\Settings::get( 'ask' ) ) );
	}

	public function test_every_action_needs_somebody_who_manages_the_shop() {
		$this->connect();
		wp_set_current_user( $this->customer() );
		foreach ( Goodword\SettingsPage::ACTIONS as $action ) {
			try {
				$this->post( $action, array( 'code' => self::CODE ) );
				$this->fail( "$action by a customer" );
			} catch ( RuntimeException $died ) {
				$this->assertSame( 'died: Only who manages the shop may do this.', $died->getMessage() );
			}
		}
		$this->assertSame( '', $this->page() );
		$this->assertTrue( Goodword\Settings::connected() );
		// Nor does any of them hear visitors.
		foreach ( Goodword\SettingsPage::ACTIONS as $action ) {
			$this->assertFalse( has_action( 'admin_post_nopriv_goodword_' . $action ) );
		}
	}

	public function test_disconnecting_leaves_nothing_of_the_server_behind() {
		$this->post( 'connect', array( 'code' => self::CODE ) );
		new WC_Webhook( self::SERVER . '/hooks/woocommerce/abc' );
		$others = new WC_Webhook( 'https://thanks.example.evil/hooks' );
		$this->post( 'disconnect' );
		$this->assertSame( array( $others ), array_values( WC_Webhook::$all ) );
		$this->assertSame( array( array(), false, '' ), array( $this->keys(), Goodword\Settings::connected(), Goodword\Settings::secret( 'key' ) ) );
		$this->assertStringContainsString( 'goodword_connect', $this->page() );
	}

	public function test_nor_what_the_server_said() {
		global $wpdb;
		$this->post( 'connect', array( 'code' => self::CODE ) );
		delete_transient( 'goodword_said_1' );
		$this->rest( 'mine', array( 'token' => Goodword\Token::write( 'c', $this->customer() ), 'join' => true ) );
		$this->arrive();
		Goodword\Friend::coupon( 'OTHER' );
		$this->assertNotFalse( wp_next_scheduled( Goodword\Friend::LEARN, array( 'OTHER' ) ) );
		$count = "SELECT COUNT(*) FROM {$wpdb->options} WHERE option_name LIKE '\\_transient\\_goodword%'";
		$this->assertGreaterThan( 2, (int) $wpdb->get_var( $count ) );
		Goodword\Connection::leave();
		$this->assertSame( 0, (int) $wpdb->get_var( $count ) );
		$this->assertFalse( wp_next_scheduled( Goodword\Friend::LEARN, array( 'OTHER' ) ) );
	}

	public function test_a_site_on_which_nobody_activated_the_plugin_is_set_up_as_it_connects() {
		// As in a network, where it is activated for all of them at once.
		wp_clear_scheduled_hook( Goodword\Plugin::DAILY );
		update_option( 'woocommerce_queue_flush_rewrite_rules', 'no' );
		$this->post( 'connect', array( 'code' => self::CODE ) );
		$this->assertNotFalse( wp_next_scheduled( Goodword\Plugin::DAILY ) );
		$this->assertSame( 'yes', get_option( 'woocommerce_queue_flush_rewrite_rules' ) );
	}

	public function test_the_server_is_told_of_it_and_need_not_hear() {
		foreach ( array( array( 204, '' ), new WP_Error( 'http_request_failed', 'down' ), array( 500, '<html>' ) ) as $answer ) {
			$this->connect();
			$this->asked = array();
			$this->answers['/connect/woocommerce/tea-house/unpairing'] = $answer;
			delete_transient( 'goodword_resting' );
			$this->assertSame( 'success', $this->post( 'disconnect' )[1] );
			$this->assertSame( array( '/connect/woocommerce/tea-house/unpairing' ), $this->paths() );
			$this->assertSame( 'Bearer gw_secret_1', $this->asked[0]['how']['headers']['Authorization'] );
			$this->assertFalse( Goodword\Settings::connected() );
		}
	}

	public function test_a_copy_of_the_shop_is_told_and_ends_no_key_of_the_shop_itself() {
		$home  = 'http://shop.example';
		$there = static function () use ( &$home ) {
			return $home;
		};
		$this->answers['/connect/woocommerce/tea-house/unpairing'] = array( 204, '' );
		add_filter( 'pre_option_home', $there );
		try {
			$this->post( 'connect', array( 'code' => self::CODE ) );
			foreach ( array( 'https://www.SHOP.example/', 'http://shop.example' ) as $home ) {
				$this->assertStringNotContainsString( 'If this is a copy', $this->page() );
			}
			foreach ( array( 'https://staging.shop.example', 'http://shop.example/staging', 'http://localhost:8080' ) as $home ) {
				$this->assertStringContainsString( "connected as http://shop.example and is at $home now.", $this->page() );
			}
			$this->asked = array();
			$this->post( 'disconnect' );
			$this->assertSame( array( array(), array(), false ), array( $this->asked, $this->keys(), Goodword\Settings::connected() ) );
			$this->assertStringNotContainsString( 'If this is a copy', $this->page() );
		} finally {
			remove_filter( 'pre_option_home', $there );
		}
	}

	public function test_who_leaves_reads_of_wishes_that_were_not_heard() {
		$this->connect();
		$this->answers['/v1/people/forget'] = new WP_Error( 'http_request_failed', 'down' );
		Goodword\Privacy::erase( 'mei@example.com' );
		$said = $this->post( 'disconnect' );
		$this->assertSame( 'warning', $said[1] );
		$this->assertStringContainsString( 'did not hear: 1.', $said[0] );
	}

	public function test_the_owner_chooses() {
		$this->connect();
		$this->post( 'save', array( 'ask' => 'yes', 'consent' => 'given', 'thanks' => '"><script>' ) );
		$this->assertSame( array( 'yes', 'given', '', '' ), array_map( array( 'Goodword\Settings', 'get' ), array( 'ask', 'consent', 'thanks', 'account' ) ) );
		$this->post( 'save', array( 'consent' => 'nonsense' ) );
		$this->assertSame( 'required', Goodword\Settings::get( 'consent' ) );
		$this->assertTrue( Goodword\Settings::connected() );
	}

	public function test_the_page_says_how_it_goes() {
		$this->connect();
		$this->assertStringContainsString( 'Connected with https://thanks.example as “tea-house”.', $this->page() );
		$this->assertStringContainsString( 'No webhook leads to goodword yet.', $this->page() );
		new WC_Webhook( self::SERVER . '/hooks/1', 'disabled' );
		$this->assertStringContainsString( 'switched off a webhook', $this->page() );
		WC_Webhook::$all = array();
		new WC_Webhook( self::SERVER . '/hooks/1' );
		$this->assertStringContainsString( 'WooCommerce tells goodword of each order.', $this->page() );
		set_transient( 'goodword_resting', 1, 60 );
		$this->assertStringContainsString( 'does not answer just now', $this->page() );
		Goodword\Settings::keep_secrets( array() );
		$this->assertStringContainsString( 'gave this shop no key', $this->page() );
	}

	public function test_a_shop_that_was_disconnected_at_the_server_is_told_so() {
		$this->connect();
		$this->answers = array( '/v1/programs' => array( 401, array( 'reason' => 'unauthorized' ) ) );
		do_action( 'goodword_daily' );
		$this->assertStringContainsString( 'does not take the keys of this shop any more', $this->page() );
		$this->assertStringNotContainsString( 'within minutes', $this->page() );
		$this->answers['/v1/programs'] = array( 200, array( 'items' => array() ) );
		do_action( 'goodword_daily' );
		$this->assertStringNotContainsString( 'does not take the keys', $this->page() );
	}

	public function test_who_waits_for_a_banner_that_is_not_there_is_told() {
		$this->connect();
		$this->assertStringContainsString( 'No consent banner was found', $this->page() );
		$this->connect( array( 'consent' => 'given' ) );
		$this->assertStringNotContainsString( 'No consent banner', $this->page() );
		$this->connect( array( 'consent' => 'required' ) );
		$this->banner();
		$this->assertStringNotContainsString( 'No consent banner', $this->page() );
	}

	public function test_each_field_of_the_page_has_a_label_and_no_markup_gets_in() {
		$this->connect( array( 'shop' => '"><script>alert(1)</script>', 'program' => '<img src=x onerror=alert(1)>' ) );
		$html = $this->page();
		$this->assertStringNotContainsString( '<script>', $html );
		$this->assertStringNotContainsString( '<img', $html );
		$dom = new DOMDocument();
		$dom->loadHTML( '<meta charset="utf-8">' . $html );
		$path = new DOMXPath( $dom );
		foreach ( $path->query( '//input[not(@type="hidden") and not(@type="submit")]' ) as $field ) {
			$id = $field->getAttribute( 'id' );
			$this->assertGreaterThan( 0, $path->query( "ancestor::label", $field )->length + ( $id ? $path->query( "//label[@for='$id']" )->length : 0 ) );
		}
		$this->assertSame( 2, $path->query( '//form' )->length );
	}

	public function test_secrets_are_not_loaded_with_every_page_and_stand_in_none() {
		global $wpdb;
		$this->connect();
		$autoload = $wpdb->get_var( "SELECT autoload FROM {$wpdb->options} WHERE option_name = 'goodword_secret'" );
		$this->assertContains( $autoload, array( 'no', 'off' ) );
		$this->assertStringNotContainsString( 'gw_secret_1', $this->page() );
		require_once ABSPATH . 'wp-admin/includes/class-wp-debug-data.php';
		$this->assertStringNotContainsString( 'gw_secret_1', wp_json_encode( WP_Debug_Data::debug_data() ) );
		$this->assertStringNotContainsString( 'gw_secret_1', wp_json_encode( rest_do_request( new WP_REST_Request( 'GET', '/wp/v2/settings' ) )->get_data() ) );
	}

	public function test_what_the_program_allows_is_learned_each_day() {
		$this->connect( array( 'names' => '' ) );
		$program = $this->answers['/v1/programs'][1]['items'][0];
		foreach ( array( 'yes' => array(), 'no' => array( 6 ), 'none' => array( 3, 6 ) ) as $names => $off ) {
			$program['terms']['rungs_off'] = $off;
			$this->answers['/v1/programs'] = array( 200, array( 'items' => array( $program ) ) );
			do_action( 'goodword_daily' );
			$this->assertSame( $names, Goodword\Settings::get( 'names' ) );
		}
		$this->answers['/v1/programs'] = new WP_Error( 'http_request_failed', 'down' );
		do_action( 'goodword_daily' );
		$this->assertSame( 'friends', Goodword\Settings::get( 'program' ) );
	}
}

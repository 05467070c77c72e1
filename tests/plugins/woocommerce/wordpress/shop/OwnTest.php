<?php

require_once dirname( __DIR__ ) . '/Shop.php';

/** What a customer sees of their own: the thank-you block, the tab, and what fills them. */
final class OwnTest extends Shop {

	private function order( array $more = array() ) {
		WC()->cart->put_in( 20 );
		$order = StandIn_Checkout::classic();
		foreach ( $more as $name => $value ) {
			$order->$name = $value;
		}
		return $order;
	}

	private function token_in( $html ) {
		return preg_match( '/data-token="([^"]+)"/', $html, $found ) ? $found[1] : '';
	}

	private function mine( $token, $join = false ) {
		Goodword\Backend::again();
		return $this->rest( 'mine', array( 'token' => $token, 'join' => $join ) );
	}

	public function test_the_thank_you_page_has_a_box_that_tells_nothing_of_anybody() {
		$order = $this->order( array( 'first_name' => 'Annabelle' ) );
		$html  = StandIn_Checkout::thanks( $order->id, $order->get_order_key() );
		$this->assertStringContainsString( 'goodword-own', $html );
		foreach ( array( 'Annabelle', 'friend@example.com', 'gw_secret', $order->get_order_key() ) as $private ) {
			$this->assertStringNotContainsString( $private, $html );
		}
		// Hidden, until there is something to show.
		$this->assertStringContainsString( ' hidden></section>', $html );
	}

	public function test_it_can_be_loaded_again_and_asks_nobody() {
		$order = $this->order();
		$this->assertSame(
			preg_replace( '/data-token="[^"]+"/', '', StandIn_Checkout::thanks( $order->id, $order->get_order_key() ) ),
			preg_replace( '/data-token="[^"]+"/', '', StandIn_Checkout::thanks( $order->id, $order->get_order_key() ) )
		);
		$this->assertSame( array(), $this->asked );
	}

	public function test_without_the_orders_key_or_a_paid_order_there_is_none() {
		$order = $this->order();
		$this->assertSame( '', StandIn_Checkout::thanks( $order->id, 'wc_order_guess' ) );
		$order->status = 'failed';
		$this->assertSame( '', StandIn_Checkout::thanks( $order->id, $order->get_order_key() ) );
		$this->assertSame( '', StandIn_Checkout::thanks( 999, 'wc_order_999' ) );
		Goodword\Settings::disconnect();
		$this->assertSame( '', StandIn_Checkout::thanks( $order->id, $order->get_order_key() ) );
	}

	public function test_nothing_of_a_customer_leaves_the_shop_before_they_ask() {
		$token = Goodword\Token::write( 'c', $this->customer() );
		$this->assertSame( 'new', $this->mine( $token )->get_data()['state'] );
		$this->assertSame( array(), $this->asked );
	}

	public function test_who_asks_gets_a_link_and_keeps_it() {
		$token = Goodword\Token::write( 'c', $this->customer() );
		$told  = $this->mine( $token, true )->get_data();
		$this->assertSame( array( 'member', 'MEI2026', 'https://thanks.example/tea-house/r/MEI2026' ), array( $told['state'], $told['code'], $told['link'] ) );
		$sent = json_decode( $this->asked[0]['how']['body'], true );
		$this->assertSame( array( 'advocate' => array( 'id' => (string) $this->customer(), 'name' => 'Mei', 'email' => 'mei@example.com' ) ), $sent );
		$this->assertSame( 'Bearer gw_secret_1', $this->asked[0]['how']['headers']['Authorization'] );
		$this->assertSame( 'member', $this->mine( $token )->get_data()['state'] );
		$this->assertCount( 1, array_keys( $this->paths(), '/v1/programs/friends/advocates', true ) );
	}

	public function test_who_changes_their_address_is_thanked_at_the_new_one() {
		$id    = $this->customer();
		$token = Goodword\Token::write( 'c', $id );
		$this->mine( $token, true );
		$this->asked = array();
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Mei' ) );
		$this->assertFalse( wp_next_scheduled( Goodword\Member::TELL, array( $id ) ) );
		wp_update_user( array( 'ID' => $id, 'user_email' => 'mei.lin@example.com' ) );
		try {
			$this->assertNotFalse( wp_next_scheduled( Goodword\Member::TELL, array( $id ) ) );
			// Nobody answers yet: the link stays, and it is told later.
			$answers       = $this->answers;
			$this->answers = array( '*' => new WP_Error( 'http_request_failed', 'down' ) );
			do_action( Goodword\Member::TELL, $id );
			$this->assertSame( 'MEI2026', $this->mine( $token )->get_data()['code'] );
			$this->answers = $answers;
			delete_transient( 'goodword_resting' );
			$this->asked = array();
			Goodword\Backend::again();
			$this->assertSame( 'MEI2026', $this->mine( $token )->get_data()['code'] );
			$sent = json_decode( $this->asked[0]['how']['body'], true )['advocate'];
			$this->assertSame( array( (string) $id, 'mei.lin@example.com' ), array( $sent['id'], $sent['email'] ) );
			// Once is enough.
			$this->asked = array();
			do_action( Goodword\Member::TELL, $id );
			$this->mine( $token );
			$this->assertSame( array(), preg_grep( '/advocates$/', $this->paths() ) );
		} finally {
			wp_update_user( array( 'ID' => $id, 'user_email' => 'mei@example.com' ) );
			wp_unschedule_hook( Goodword\Member::TELL );
		}
	}

	public function test_the_address_of_who_never_asked_for_a_link_is_told_to_nobody() {
		$id = $this->customer();
		wp_update_user( array( 'ID' => $id, 'user_email' => 'mei.lin@example.com' ) );
		do_action( Goodword\Member::TELL, $id );
		wp_update_user( array( 'ID' => $id, 'user_email' => 'mei@example.com' ) );
		$this->assertSame( array(), $this->asked );
		$this->assertFalse( wp_next_scheduled( Goodword\Member::TELL, array( $id ) ) );
	}

	public function test_rewards_are_told_in_words_and_asked_for_once_in_five_minutes() {
		$id    = $this->customer();
		$token = Goodword\Token::write( 'c', $id );
		$item  = array( 'order' => '1', 'advocate' => (string) $id, 'kind' => 'amount_off', 'worth' => array( 'minor' => 10000, 'unit' => 'TWD' ) );
		$this->answers['/v1/advocates/*/rewards?limit=50'] = array(
			200,
			array(
				'items' => array(
					array( 'state' => 'granted', 'text' => 'thanks-7q2k' ) + $item,
					array( 'state' => 'waiting', 'release' => '2026-12-06T09:25:00+00:00' ) + $item,
					array( 'state' => 'something new' ) + $item,
					array( 'state' => 'redeemed', 'worth' => array( 'minor' => 1, 'unit' => 'piece:percent_off' ) ) + $item,
					array( 'state' => 'granted', 'text' => '"><script>', 'worth' => array( 'minor' => 500, 'unit' => 'JPY' ) ) + $item,
				),
			),
		);
		$this->mine( $token, true );
		$found = $this->mine( $token )->get_data()['rewards'];
		$this->assertSame( array( 'NT$100', 'NT$100', 'NT$100', 'a gift', '¥500' ), array_column( $found, 'worth' ) );
		$this->assertSame( array( 'thanks-7q2k', '', '', '', '' ), array_column( $found, 'coupon' ) );
		$this->assertSame( 'http://shop.example/cart/?goodword_coupon=thanks-7q2k', $found[0]['use'] );
		$this->assertSame( array( false, true, true, false, false ), array_map( static function ( $one ) { return 'on its way' === $one['state'] || $one['coming']; }, $found ) );
		$this->assertStringContainsString( 'December 6, 2026', $found[1]['state'] );
		$this->assertCount( 1, preg_grep( '/rewards/', $this->paths() ) );
	}

	public function test_a_server_that_is_down_shows_what_was_known() {
		$token = Goodword\Token::write( 'c', $this->customer() );
		$this->mine( $token, true );
		$place  = Goodword\Member::place_of_rewards( (string) $this->customer() );
		$known  = get_transient( $place );
		set_transient( $place, array( 'at' => 0 ) + $known, DAY_IN_SECONDS );
		$this->answers = array( '*' => new WP_Error( 'http_request_failed', 'timed out' ) );
		$told = $this->mine( $token )->get_data();
		$this->assertSame( array( 'MEI2026', 1 ), array( $told['code'], count( $told['rewards'] ) ) );
	}

	public function test_with_nothing_known_it_is_silent() {
		$this->answers = array( '*' => array( 502, '<html>' ) );
		$told = $this->mine( Goodword\Token::write( 'c', $this->customer() ), true )->get_data();
		$this->assertSame( array( 'state' => 'silent' ), $told );
	}

	public function test_while_it_is_down_no_link_is_offered_that_could_not_be_given() {
		$this->answers = array( '*' => new WP_Error( 'http_request_failed', 'timed out' ) );
		$this->arrive();
		$this->assertSame( array( 'state' => 'silent' ), $this->mine( Goodword\Token::write( 'c', $this->customer() ) )->get_data() );
		delete_transient( 'goodword_resting' );
		$this->assertSame( array( 'state' => 'new' ), $this->mine( Goodword\Token::write( 'c', $this->customer() ) )->get_data() );
	}

	public function test_a_guest_joins_by_their_order_under_an_id_that_tells_nobody() {
		$order = $this->order();
		$token = $this->token_in( StandIn_Checkout::thanks( $order->id, $order->get_order_key() ) );
		$told  = $this->mine( $token, true )->get_data();
		$this->assertSame( array( 'state', 'code', 'link' ), array_keys( $told ) );
		$sent = json_decode( $this->asked[0]['how']['body'], true )['advocate'];
		$this->assertMatchesRegularExpression( '/^guest-[0-9a-f]{24}$/', $sent['id'] );
		$this->assertSame( $sent['id'], Goodword\Member::guest( ' Friend@Example.com' ) );
	}

	public function test_whoever_holds_an_orders_link_sees_no_rewards_of_its_customer() {
		$order = $this->order( array( 'customer' => $this->customer() ) );
		$this->mine( Goodword\Token::write( 'c', $this->customer() ), true );
		$token = $this->token_in( StandIn_Checkout::thanks( $order->id, $order->get_order_key() ) );
		$told  = $this->mine( $token )->get_data();
		$this->assertSame( array( 'state', 'code', 'link' ), array_keys( $told ) );
	}

	public function test_a_token_is_over_after_an_hour_and_cannot_be_forged() {
		$good = Goodword\Token::write( 'c', 7 );
		$this->assertSame( array( 'kind' => 'c', 'id' => 7 ), Goodword\Token::read( $good ) );
		list( $kind, $id, $until, $signature ) = explode( '.', $good );
		$bad = array(
			"o.$id.$until.$signature",
			"c.8.$until.$signature",
			"c.$id." . ( $until + 1 ) . ".$signature",
			"c.$id.$until." . strrev( $signature ),
			'c.7.' . ( time() - 1 ) . '.' . hash_hmac( 'sha256', '1|c.7.' . ( time() - 1 ), wp_salt( 'auth' ) . 'goodword' ),
			'',
			'....',
			"$good\n",
		);
		foreach ( $bad as $token ) {
			$this->assertNull( Goodword\Token::read( $token ), $token );
			$this->assertContains( $this->mine( $token )->get_status(), array( 400, 401 ) );
		}
		$this->assertSame( array(), $this->asked );
	}

	public function test_no_answer_is_kept_by_anybody() {
		$headers = $this->mine( Goodword\Token::write( 'c', $this->customer() ) )->get_headers();
		$this->assertSame( 'no-store', $headers['Cache-Control'] );
	}

	public function test_a_code_of_another_program_is_no_code_of_this_one() {
		$token = Goodword\Token::write( 'c', $this->customer() );
		$this->mine( $token, true );
		$this->connect( array( 'program' => 'others' ) );
		$this->assertSame( 'new', $this->mine( $token )->get_data()['state'] );
	}

	public function test_my_account_has_a_tab_before_the_way_out() {
		$items = apply_filters( 'woocommerce_account_menu_items', array( 'orders' => 'Orders', 'customer-logout' => 'Log out' ), array() );
		$this->assertSame( array( 'orders', 'goodword', 'customer-logout' ), array_keys( $items ) );
		$this->assertArrayHasKey( 'goodword', apply_filters( 'woocommerce_get_query_vars', array() ) );
		$this->assertSame( 'Recommend us', apply_filters( 'woocommerce_endpoint_goodword_title', '', 'goodword', '' ) );
		wp_set_current_user( $this->customer() );
		ob_start();
		do_action( 'woocommerce_account_goodword_endpoint', '' );
		$this->assertSame( array( 'kind' => 'c', 'id' => $this->customer() ), Goodword\Token::read( $this->token_in( ob_get_clean() ) ) );
	}

	public function test_the_owner_may_have_neither() {
		$this->connect( array( 'thanks' => '', 'account' => '' ) );
		$order = $this->order();
		$this->assertSame( '', StandIn_Checkout::thanks( $order->id, $order->get_order_key() ) );
		$this->assertSame( array( 'orders' => 'Orders' ), apply_filters( 'woocommerce_account_menu_items', array( 'orders' => 'Orders' ), array() ) );
	}

	public function test_it_speaks_chinese_in_taiwan() {
		foreach ( array( 'zh_TW' => '推薦給朋友', 'zh_HK' => '推薦給朋友', 'en_GB' => 'Recommend us' ) as $locale => $title ) {
			$speaks = static function () use ( $locale ) {
				return $locale;
			};
			add_filter( 'locale', $speaks );
			unload_textdomain( 'goodword', true );
			Goodword\Plugin::speak();
			$said = Goodword\Account::title();
			remove_filter( 'locale', $speaks );
			unload_textdomain( 'goodword', true );
			$this->assertSame( $title, $said );
		}
	}

	public function test_requests_end_after_two_seconds_and_follow_nobody() {
		$this->mine( Goodword\Token::write( 'c', $this->customer() ), true );
		$this->arrive( 'OTHER' );
		foreach ( $this->asked as $one ) {
			$this->assertLessThanOrEqual( 2.0, $one['how']['timeout'] );
			$this->assertSame( 0, $one['how']['redirection'] );
		}
		$this->assertNotSame( array(), $this->asked );
	}

	public function test_who_waited_for_one_answer_does_not_wait_for_another() {
		$token = Goodword\Token::write( 'c', $this->customer() );
		$slow  = static function ( $answer ) {
			usleep( 1100000 );
			return $answer;
		};
		add_filter( 'pre_http_request', $slow, 11 );
		$told = $this->mine( $token, true )->get_data();
		remove_filter( 'pre_http_request', $slow, 11 );
		// WordPress would have waited a second more for the rewards, whatever it is told.
		$this->assertSame( array( 'member', array() ), array( $told['state'], $told['rewards'] ) );
		$this->assertSame( array( '/v1/programs/friends/advocates' ), $this->paths() );
	}

	public function test_what_another_shop_or_server_said_is_not_shown() {
		$token = Goodword\Token::write( 'c', $this->customer() );
		$this->mine( $token, true );
		$this->arrive();
		$this->assertSame( array( 1, 'mei-tea' ), array( count( $this->mine( $token )->get_data()['rewards'] ), Goodword\Friend::coupon( 'MEI2026' ) ) );
		$this->answers = array();
		$this->connect( array( 'shop' => 'other-house' ) );
		update_user_option( $this->customer(), 'goodword_code', array( 'code' => 'MEI2026', 'of' => self::SERVER . '|other-house|friends' ) );
		$this->assertSame( array( array(), '' ), array( $this->mine( $token )->get_data()['rewards'], Goodword\Friend::coupon( 'MEI2026' ) ) );
	}

	/** @group listens */
	public function test_a_server_that_never_answers_is_given_up() {
		remove_filter( 'pre_http_request', array( $this, 'answer' ), 10 );
		$silent = stream_socket_server( 'tcp://127.0.0.1:0' );
		$this->connect( array( 'server' => 'http://' . stream_socket_get_name( $silent, false ) ) );
		$this->arrive();
		// And the next does not even ask.
		Goodword\Backend::again();
		fclose( $silent );
		$this->assertSame( array( 0, array() ), Goodword\Backend::ask( 'GET', '/v1/programs', 'k' ) );
		$this->assertNotFalse( get_transient( 'goodword_resting' ) );
	}
}

<?php

require_once dirname( __DIR__ ) . '/Shop.php';

final class CheckoutTest extends Shop {

	const BOTH = array( 'classic', 'block' );

	private static function facts() {
		return json_decode( file_get_contents( dirname( __DIR__ ) . '/facts.json' ), true );
	}

	public function test_the_stand_in_fires_what_was_observed_in_that_sequence() {
		foreach ( self::BOTH as $checkout ) {
			WC()->begin();
			WC()->cart->put_in( 20 );
			StandIn_Checkout::$checkout();
			$this->assertSame( self::facts()['sequence'][ $checkout ], StandIn_Checkout::$fired );
		}
	}

	public function test_link_with_coupon_marks_the_order_in_both_checkouts() {
		foreach ( self::BOTH as $checkout ) {
			WC()->begin();
			$this->arrive();
			WC()->cart->put_in( 20 );
			$order = StandIn_Checkout::$checkout();
			$this->assertSame( array( 'mei-tea' ), $order->coupons );
			$marks = array_intersect_key( $order->saved, array_flip( array( '_goodword_code', '_goodword_visit', '_goodword_via' ) ) );
			ksort( $marks );
			$this->assertSame( array( '_goodword_code' => 'MEI2026', '_goodword_via' => 'both', '_goodword_visit' => 'v-1' ), $marks, $checkout );
		}
	}

	public function test_link_without_coupon_says_link() {
		unset( $this->answers['/v1/codes/MEI2026'] );
		foreach ( self::BOTH as $checkout ) {
			WC()->begin();
			$this->arrive();
			WC()->cart->put_in( 20 );
			$saved = StandIn_Checkout::$checkout()->saved;
			$this->assertSame( array( 'MEI2026', 'link' ), array( $saved['_goodword_code'], $saved['_goodword_via'] ), $checkout );
		}
	}

	public function test_a_list_of_events_that_takes_nothing_keeps_no_mark_and_no_gift_away() {
		$full = static function () {
			throw new RuntimeException( 'no more events' );
		};
		foreach ( self::BOTH as $checkout ) {
			WC()->begin();
			$this->arrive();
			$place = Goodword\Settings::place( 'code', 'mei2026' );
			set_transient( $place, array( 'until' => time() - 1 ) + get_transient( $place ), HOUR_IN_SECONDS );
			add_filter( 'pre_schedule_event', $full );
			try {
				WC()->cart->put_in( 20 );
				$order = StandIn_Checkout::$checkout();
			} finally {
				remove_filter( 'pre_schedule_event', $full );
			}
			$this->assertSame( array( 'MEI2026', 'both' ), array( $order->saved['_goodword_code'], $order->saved['_goodword_via'] ), $checkout );
		}
	}

	public function test_coupon_without_link_is_left_to_speak_for_itself() {
		foreach ( self::BOTH as $checkout ) {
			WC()->begin();
			WC()->cart->put_in( 20 );
			WC()->cart->apply_coupon( 'mei-tea' );
			$order = StandIn_Checkout::$checkout();
			$this->assertSame( array( array( 'mei-tea' ), array() ), array( $order->coupons, $order->saved ) );
		}
	}

	public function test_a_visit_is_left_out_where_there_is_none() {
		$this->arrive( 'MEI2026', '' );
		WC()->cart->put_in( 20 );
		$this->assertArrayNotHasKey( '_goodword_visit', StandIn_Checkout::block()->saved );
	}

	public function test_the_session_outlives_the_cookie() {
		$this->arrive();
		WC()->cart->put_in( 20 );
		$_COOKIE = array();
		$this->assertSame( 'MEI2026', StandIn_Checkout::block()->saved['_goodword_code'] );
	}

	public function test_an_old_or_crooked_cookie_is_nothing() {
		$crooked = array(
			'MEI2026.v-1.' . ( time() - 5 ),
			'MEI2026',
			'"><script>.v.0',
			'MEI2026.v.0.more',
			str_repeat( 'A', 33 ) . '.v.0',
			array( 'MEI2026' ),
		);
		foreach ( $crooked as $cookie ) {
			WC()->begin();
			$_COOKIE['goodword_tea-house'] = $cookie;
			WC()->cart->put_in( 20 );
			$this->assertSame( array(), StandIn_Checkout::classic()->saved );
		}
	}

	public function test_nothing_is_asked_of_the_server_while_an_order_is_made() {
		$_COOKIE['goodword_tea-house'] = 'MEI2026.v-1.0';
		WC()->cart->put_in( 20 );
		StandIn_Checkout::look_at( 'cart' );
		StandIn_Checkout::classic();
		StandIn_Checkout::block();
		$this->assertSame( array(), $this->asked );
		// It is asked later, when nobody waits.
		$this->assertNotFalse( wp_next_scheduled( 'goodword_learn', array( 'MEI2026' ) ) );
	}

	public function test_a_server_that_is_down_changes_no_order() {
		$this->answers = array( '*' => new WP_Error( 'http_request_failed', 'timed out' ) );
		foreach ( self::BOTH as $checkout ) {
			WC()->begin();
			$this->arrive();
			WC()->cart->put_in( 20 );
			$order = StandIn_Checkout::$checkout();
			$this->assertSame( array( 'MEI2026', array() ), array( $order->saved['_goodword_code'], $order->coupons ) );
		}
		// After one failure it is left in peace for a minute.
		$this->assertCount( 1, $this->asked );
	}

	public function test_nonsense_from_the_server_is_no_coupon() {
		foreach ( array( '<html>blocked</html>', '[]', '{"coupon": 7}', '{"coupon": "a b<script>"}', 'null' ) as $nonsense ) {
			Goodword\Backend::again();
			delete_transient( 'goodword_resting' );
			delete_transient( Goodword\Settings::place( 'code', 'mei2026' ) );
			$this->answers['/v1/codes/MEI2026'] = array( 200, $nonsense );
			WC()->begin();
			$this->assertSame( array( 'heard' => true ), $this->arrive()->get_data() );
			WC()->cart->put_in( 20 );
			$this->assertSame( array(), StandIn_Checkout::block()->coupons );
		}
	}

	public function test_trouble_of_ours_stops_no_order() {
		$this->arrive();
		WC()->cart->put_in( 20 );
		$fail = static function () {
			throw new RuntimeException( 'broken' );
		};
		add_filter( 'pre_option_goodword', $fail );
		try {
			$orders = array( StandIn_Checkout::classic(), StandIn_Checkout::block() );
		} finally {
			remove_filter( 'pre_option_goodword', $fail );
		}
		$this->assertNotContains( null, $orders );
		$this->assertNotSame( array(), WC_Logger_Interface::$said );
		WC_Logger_Interface::$said = array();
	}

	public function test_who_was_asked_may_answer_with_a_code() {
		$this->connect( array( 'ask' => 'yes' ) );
		$this->arrive( 'OTHER123' );
		WC()->cart->put_in( 20 );
		$classic = StandIn_Checkout::classic( 'a@example.com', array( 'goodword_sender' => ' 7Q2K-M9XW ' ) )->saved;
		$block   = StandIn_Checkout::block( 'a@example.com', array( 'goodword/sender' => '7Q2K-M9XW' ) )->saved;
		foreach ( array( $classic, $block ) as $saved ) {
			// What the link told of the visit is kept beside it.
			$this->assertSame( array( '7Q2K-M9XW', 'typed', 'v-1' ), array( $saved['_goodword_code'], $saved['_goodword_via'], $saved['_goodword_visit'] ) );
		}
	}

	public function test_or_with_a_name_where_names_count() {
		$this->connect( array( 'ask' => 'yes' ) );
		WC()->cart->put_in( 20 );
		$saved = StandIn_Checkout::classic( 'a@example.com', array( 'goodword_sender' => 'Mei <b>Lin</b>' ) )->saved;
		$this->assertSame( 'Mei Lin', $saved['_goodword_name'] );
		$this->assertArrayNotHasKey( '_goodword_code', $saved );
		$this->connect( array( 'ask' => 'yes', 'names' => 'no' ) );
		$saved = StandIn_Checkout::block( 'a@example.com', array( 'goodword/sender' => 'Mei Lin' ) )->saved;
		$this->assertArrayNotHasKey( '_goodword_name', $saved );
	}

	public function test_a_code_of_letters_alone_goes_where_the_server_looks_for_either() {
		$this->connect( array( 'ask' => 'yes' ) );
		WC()->cart->put_in( 20 );
		foreach ( array( 'ntcarcae', '7q2k m9xw' ) as $answer ) {
			$saved = StandIn_Checkout::block( 'a@example.com', array( 'goodword/sender' => $answer ) )->saved;
			$this->assertSame( $answer, $saved['_goodword_name'] );
		}
		$this->connect( array( 'ask' => 'yes', 'names' => 'no' ) );
		foreach ( array( 'ntcarcae' => 'ntcarcae', '7q2k m9xw' => '7q2km9xw' ) as $answer => $code ) {
			$saved = StandIn_Checkout::block( 'a@example.com', array( 'goodword/sender' => $answer ) )->saved;
			$this->assertSame( array( $code, 'typed' ), array( $saved['_goodword_code'], $saved['_goodword_via'] ) );
		}
	}

	public function test_who_was_not_asked_cannot_answer() {
		WC()->cart->put_in( 20 );
		$this->assertSame( array(), StandIn_Checkout::classic( 'a@example.com', array( 'goodword_sender' => 'MEI2026' ) )->saved );
		$this->assertSame( array(), StandIn_Checkout::block( 'a@example.com', array( 'goodword/sender' => 'MEI2026' ) )->saved );
	}

	public function test_the_field_is_there_where_owner_and_program_want_it() {
		$shown = static function () {
			unset( $GLOBALS['standin_fields'] );
			Goodword\Question::block();
			$classic = apply_filters( 'woocommerce_checkout_fields', array( 'billing' => array() ) );
			return array( isset( $classic['billing']['goodword_sender'] ), isset( $GLOBALS['standin_fields']['goodword/sender'] ) );
		};
		$this->assertSame( array( false, false ), $shown() );
		$this->connect( array( 'ask' => 'yes' ) );
		$this->assertSame( array( true, true ), $shown() );
		// Whoever holds the order's link reads no name that was typed.
		$this->assertFalse( $GLOBALS['standin_fields']['goodword/sender']['show_in_order_confirmation'] );
		$this->connect( array( 'ask' => 'yes', 'names' => 'none' ) );
		$this->assertSame( array( false, false ), $shown() );
	}
}

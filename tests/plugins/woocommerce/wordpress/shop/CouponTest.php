<?php

require_once dirname( __DIR__ ) . '/Shop.php';

/** The traps in which plugins like this one stopped sales. */
final class CouponTest extends Shop {

	private function in_basket() {
		return WC()->cart->codes();
	}

	private function errors() {
		$all = wc_get_notices();
		return isset( $all['error'] ) ? $all['error'] : array();
	}

	public function test_the_friends_coupon_is_put_in_with_the_first_thing() {
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( 'mei-tea' ), $this->in_basket() );
		$said = array_column( wc_get_notices()['success'], 'notice' );
		$this->assertSame( array( 'Your gift is in the basket.' ), $said );
	}

	public function test_who_had_a_basket_before_gets_it_when_they_look() {
		WC()->cart->put_in( 20 );
		$this->arrive();
		$this->assertSame( array(), $this->in_basket() );
		StandIn_Checkout::look_at( 'cart' );
		$this->assertSame( array( 'mei-tea' ), $this->in_basket() );
	}

	public function test_a_minimum_that_is_reached_later_counts_then() {
		StandIn_Coupons::make( 'mei-tea', array( 'minimum' => 50 ) );
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( array(), array() ), array( $this->in_basket(), $this->errors() ) );
		WC()->cart->put_in( 40 );
		$this->assertSame( array( 'mei-tea' ), $this->in_basket() );
	}

	public function test_a_minimum_that_is_lost_and_reached_again_counts_again() {
		StandIn_Coupons::make( 'mei-tea', array( 'minimum' => 50 ) );
		$this->arrive();
		WC()->cart->put_in( 20 );
		WC()->cart->put_in( 40 );
		WC()->cart->take_out();
		$this->assertSame( array(), $this->in_basket() );
		WC()->cart->put_in( 40 );
		$this->assertSame( array( 'mei-tea' ), $this->in_basket() );
	}

	public function test_nothing_that_fails_is_ever_tried() {
		StandIn_Coupons::make( 'mei-tea', array( 'expired' => true ) );
		$this->arrive();
		WC()->cart->put_in( 20 );
		StandIn_Checkout::look_at( 'checkout' );
		$this->assertSame( array( array(), array() ), array( WC()->cart->tried, $this->errors() ) );
		$this->assertNotNull( StandIn_Checkout::block() );
	}

	public function test_a_coupon_that_the_shop_does_not_know_stops_nothing() {
		StandIn_Coupons::$known = array();
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( array(), $this->errors() );
		$this->assertNotNull( StandIn_Checkout::block() );
	}

	/** A coupon of the friend's own, and a friend whose basket knows no address yet. */
	private function with_a_bound_coupon() {
		StandIn_Coupons::make( 'mei-tea', array( 'emails' => array( 'friend@example.com' ) ) );
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( array(), array(), array() ), array( $this->in_basket(), $this->errors(), WC()->cart->tried ) );
	}

	private function asks_early() {
		return in_array( 'update_totals_on_change', StandIn_Checkout::fields()['billing_email']['class'], true );
	}

	public function test_a_coupon_bound_to_an_address_comes_when_the_block_checkout_knows_it() {
		$this->with_a_bound_coupon();
		StandIn_Checkout::address( 'somebody@example.com' );
		$this->assertSame( array( array(), array() ), array( $this->in_basket(), $this->errors() ) );
		StandIn_Checkout::address( 'friend@example.com' );
		$this->assertSame( array( 'mei-tea' ), StandIn_Checkout::block()->coupons );
	}

	public function test_the_classic_checkout_asks_for_the_address_that_a_coupon_waits_for() {
		$this->with_a_bound_coupon();
		$this->assertTrue( $this->asks_early() );
		StandIn_Checkout::review( 'billing_first_name=An&billing_email=frie' );
		StandIn_Checkout::review( 'billing_email[]=friend@example.com' );
		$this->assertSame( array(), $this->in_basket() );
		StandIn_Checkout::review( 'billing_first_name=An&billing_email=friend%40example.com' );
		$this->assertFalse( $this->asks_early() );
		$this->assertSame( array( 'mei-tea' ), StandIn_Checkout::classic()->coupons );
	}

	public function test_nobody_is_asked_early_for_a_coupon_that_was_taken_out() {
		$this->with_a_bound_coupon();
		StandIn_Checkout::address( 'friend@example.com' );
		WC()->cart->remove_coupon( 'mei-tea' );
		$this->assertFalse( $this->asks_early() );
		StandIn_Checkout::review( 'billing_email=friend%40example.com' );
		$this->assertSame( array(), $this->in_basket() );
	}

	public function test_the_address_of_somebody_who_came_by_themself_is_left_alone() {
		WC()->cart->put_in( 20 );
		StandIn_Checkout::review( 'billing_email=friend%40example.com' );
		$this->assertSame( array( '', false ), array( WC()->customer->get_billing_email(), $this->asks_early() ) );
	}

	public function test_a_returning_guest_takes_it_out_and_buys() {
		StandIn_Coupons::make( 'mei-tea', array( 'once_each' => true, 'used_by' => array( 'friend@example.com' ) ) );
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertNull( StandIn_Checkout::classic() );
		WC()->cart->remove_coupon( 'mei-tea' );
		$order = StandIn_Checkout::classic();
		$this->assertNotNull( $order );
		$this->assertSame( array(), $order->coupons );
	}

	public function test_what_a_shopper_took_out_stays_out() {
		$this->arrive();
		WC()->cart->put_in( 20 );
		WC()->cart->remove_coupon( 'mei-tea' );
		WC()->cart->put_in( 20 );
		StandIn_Checkout::look_at( 'cart' );
		$this->assertSame( array(), $this->in_basket() );
	}

	public function test_a_shoppers_own_coupon_that_stands_alone_is_left() {
		StandIn_Coupons::make( 'alone', array( 'individual_use' => true ) );
		WC()->cart->put_in( 20 );
		WC()->cart->apply_coupon( 'alone' );
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( array( 'alone' ), array() ), array( $this->in_basket(), $this->errors() ) );
	}

	public function test_one_of_ours_that_stands_alone_drives_no_other_out() {
		StandIn_Coupons::make( 'mei-tea', array( 'individual_use' => true ) );
		StandIn_Coupons::make( 'theirs' );
		WC()->cart->put_in( 20 );
		WC()->cart->apply_coupon( 'theirs' );
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( 'theirs' ), $this->in_basket() );
	}

	public function test_notices_of_others_are_left_as_they_were() {
		wc_add_notice( 'Only two left.', 'notice' );
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( 'Only two left.', wc_get_notices()['notice'][0]['notice'] );
	}

	public function test_an_advocate_gets_no_gift_from_their_own_link() {
		wp_set_current_user( $this->customer() );
		update_user_option( get_current_user_id(), 'goodword_code', array( 'code' => 'MEI2026', 'of' => '' ) );
		$this->arrive();
		$_COOKIE['goodword_tea-house'] = 'mei2026.v-1.0';
		WC()->cart->put_in( 20 );
		$this->assertSame( array(), $this->in_basket() );
		// Nor by the button that would apply it.
		$_COOKIE['goodword_coupon'] = 'MEI-tea';
		WC()->cart->put_in( 20 );
		$this->assertSame( array(), $this->in_basket() );
		// A reward of their own they may use; and anybody else has the gift.
		StandIn_Coupons::make( 'thanks-7q2km9xw' );
		$_COOKIE['goodword_coupon'] = 'thanks-7q2km9xw';
		WC()->cart->put_in( 20 );
		$this->assertSame( array( 'thanks-7q2km9xw' ), $this->in_basket() );
		WC()->begin();
		unset( $_COOKIE['goodword_coupon'] );
		wp_set_current_user( 0 );
		WC()->cart->put_in( 20 );
		$this->assertSame( array( 'mei-tea' ), $this->in_basket() );
	}

	public function test_an_empty_basket_is_left_empty() {
		$this->arrive();
		StandIn_Checkout::look_at( 'cart' );
		$this->assertSame( array(), WC()->cart->tried );
	}

	public function test_where_coupons_are_switched_off_none_is_tried() {
		update_option( 'woocommerce_enable_coupons', 'no' );
		$this->arrive();
		WC()->cart->put_in( 20 );
		update_option( 'woocommerce_enable_coupons', 'yes' );
		$this->assertSame( array(), WC()->cart->tried );
	}

	public function test_a_reward_is_used_by_its_link() {
		StandIn_Coupons::make( 'thanks-7q2km9xw' );
		WC()->cart->put_in( 20 );
		$_GET['goodword_coupon'] = 'thanks-7q2km9xw';
		StandIn_Checkout::look_at( 'cart' );
		$this->assertSame( array( 'thanks-7q2km9xw' ), $this->in_basket() );
		// Taken out and loaded again, it stays out.
		WC()->cart->remove_coupon( 'thanks-7q2km9xw' );
		StandIn_Checkout::look_at( 'cart' );
		$this->assertSame( array(), $this->in_basket() );
	}

	public function test_a_reward_waits_for_something_in_the_basket() {
		StandIn_Coupons::make( 'thanks-7q2km9xw' );
		$_GET['goodword_coupon'] = 'thanks-7q2km9xw';
		StandIn_Checkout::look_at( 'cart' );
		$_GET = array();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( 'thanks-7q2km9xw' ), $this->in_basket() );
	}

	public function test_one_in_capitals_of_any_language_that_was_taken_out_stays_out() {
		StandIn_Coupons::make( 'ÜBER-10' );
		$_COOKIE['goodword_coupon'] = 'ÜBER-10';
		WC()->cart->put_in( 20 );
		$this->assertSame( array( 'über-10' ), $this->in_basket() );
		WC()->cart->remove_coupon( 'über-10' );
		WC()->cart->put_in( 20 );
		$this->assertSame( array(), $this->in_basket() );
	}

	public function test_a_friend_who_takes_their_consent_back_is_known_no_more() {
		$this->banner();
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( 'MEI2026', StandIn_Checkout::block()->saved['_goodword_code'] );
		$GLOBALS['consented'] = false;
		$this->assertSame( array(), StandIn_Checkout::block()->saved );
		// The cookie is gone; the session knew the code, too.
		unset( $_COOKIE['goodword_tea-house'] );
		$this->assertSame( array(), StandIn_Checkout::classic()->saved );
		$GLOBALS['consented'] = true;
		$this->assertSame( array(), StandIn_Checkout::block()->saved );
	}

	public function test_codes_that_wait_for_a_cron_that_sleeps_are_few() {
		for ( $guess = 0; $guess < 80; $guess++ ) {
			WC()->begin();
			$_COOKIE['goodword_tea-house'] = 'GUESS' . $guess . '..0';
			WC()->cart->put_in( 20 );
		}
		$count = 0;
		foreach ( _get_cron_array() as $events ) {
			$count += isset( $events[ Goodword\Friend::LEARN ] ) ? count( $events[ Goodword\Friend::LEARN ] ) : 0;
		}
		$this->assertSame( Goodword\Friend::WAITING, $count );
		wp_unschedule_hook( Goodword\Friend::LEARN );
	}

	public function test_a_coupon_of_a_cached_page_comes_by_cookie() {
		StandIn_Coupons::make( '好友-7q2k' );
		$_COOKIE['goodword_coupon'] = '好友-7q2k';
		WC()->cart->put_in( 20 );
		$this->assertSame( array( '好友-7q2k' ), $this->in_basket() );
	}

	public function test_a_friends_own_coupon_and_the_link_stop_no_order_where_it_is_refused() {
		StandIn_Coupons::make( 'gift-7q2km9xw', array( 'once_each' => true, 'used_by' => array( 'friend@example.com' ) ) );
		unset( $this->answers['/v1/codes/MEI2026'] );
		foreach ( array( 'classic', 'block' ) as $checkout ) {
			WC()->begin();
			$this->arrive();
			$_COOKIE['goodword_coupon'] = 'gift-7q2km9xw';
			WC()->cart->put_in( 20 );
			$this->assertSame( array( 'gift-7q2km9xw' ), $this->in_basket() );
			if ( 'classic' === $checkout ) {
				$this->assertNull( StandIn_Checkout::classic() );
			}
			WC()->cart->remove_coupon( 'gift-7q2km9xw' );
			wc_set_notices( array() );
			StandIn_Checkout::look_at( 'checkout' );
			$this->assertSame( array(), StandIn_Checkout::$checkout()->coupons );
		}
	}

	public function test_markup_is_no_coupon() {
		$_GET['goodword_coupon'] = '"><script>alert(1)</script>';
		WC()->cart->put_in( 20 );
		StandIn_Checkout::look_at( 'cart' );
		$this->assertSame( array(), WC()->cart->tried );
	}

	public function test_a_shop_that_is_not_connected_puts_nothing_in() {
		$this->arrive();
		Goodword\Settings::disconnect();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( array(), array() ), array( $this->in_basket(), StandIn_Checkout::block()->saved ) );
	}

	public function test_whoever_guesses_learns_nothing() {
		$this->assertEquals( $this->rest( 'arrived', array( 'code' => 'MEI2026' ) ), $this->rest( 'arrived', array( 'code' => 'GUESS' ) ) );
	}

	public function test_a_coupon_that_was_learned_long_ago_does_until_it_is_learned_anew() {
		$this->arrive();
		$place = Goodword\Settings::place( 'code', 'mei2026' );
		$known = get_transient( $place );
		set_transient( $place, array( 'until' => time() - 1 ) + $known, HOUR_IN_SECONDS );
		WC()->cart->put_in( 20 );
		$this->assertSame( array( 'mei-tea' ), $this->in_basket() );
		$this->assertNotFalse( wp_next_scheduled( Goodword\Friend::LEARN, array( 'MEI2026' ) ) );
		// The code ended since: then it is none any more.
		$this->answers['/v1/codes/MEI2026'] = array( 404, array( 'reason' => 'unknown_code' ) );
		do_action( Goodword\Friend::LEARN, 'MEI2026' );
		WC()->begin();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( array(), 2 ), array( $this->in_basket(), count( $this->asked ) ) );
	}

	public function test_codes_that_nobody_holds_are_not_asked_for_without_end() {
		do {
			// They are counted by the minute: one that ends meanwhile lets some more through.
			$this->asked = array();
			$minute      = (int) ( time() / MINUTE_IN_SECONDS );
			for ( $guess = 0; $guess < 80; $guess++ ) {
				Goodword\Backend::again();
				$this->rest( 'arrived', array( 'code' => 'GUESS' . $guess . '-' . $minute ) );
			}
		} while ( (int) ( time() / MINUTE_IN_SECONDS ) !== $minute );
		$this->assertLessThanOrEqual( 61, count( $this->asked ) );
		$this->rest( 'arrived', array( 'code' => 'GUESS1' ) );
		$this->assertLessThanOrEqual( 61, count( $this->asked ) );
	}
}

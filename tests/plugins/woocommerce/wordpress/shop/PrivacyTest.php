<?php

require_once dirname( __DIR__ ) . '/Shop.php';

final class PrivacyTest extends Shop {

	private function order( $email, $many = 1 ) {
		for ( $made = 0; $made < $many; $made++ ) {
			WC()->begin();
			$this->arrive();
			WC()->cart->put_in( 20 );
			$order = StandIn_Checkout::classic( $email );
			$order->update_meta_data( '_goodword_name', 'Mei Lin' );
			$order->update_meta_data( '_wc_other/goodword/sender', 'Mei Lin' );
			$order->save();
		}
	}

	public function test_what_is_kept_of_somebody_is_told() {
		$this->order( 'mei@example.com' );
		$this->order( 'other@example.com' );
		update_user_option( $this->customer(), 'goodword_code', array( 'code' => 'MEI2026', 'of' => '' ) );
		$this->answers['/v1/people/export'] = array( 200, array( 'advocate' => array( 'name' => 'Mei' ) ) );
		$told = call_user_func( apply_filters( 'wp_privacy_personal_data_exporters', array() )['goodword']['callback'], 'mei@example.com', 1 );
		$this->assertTrue( $told['done'] );
		$this->assertSame( array( 'goodword-code', 'goodword-server', 'goodword-order-100' ), array_column( $told['data'], 'item_id' ) );
		$this->assertContains( array( 'name' => '_goodword_name', 'value' => 'Mei Lin' ), $told['data'][2]['data'] );
	}

	public function test_who_asks_is_forgotten_here_and_there() {
		$this->order( 'mei@example.com', 25 );
		$this->order( 'other@example.com' );
		// Signed in, for somebody at another address.
		$this->order( 'mei@work.example' );
		end( WC_Order::$all )->customer = $this->customer();
		update_user_option( $this->customer(), 'goodword_code', array( 'code' => 'MEI2026', 'of' => '' ) );
		$this->answers['/v1/people/forget'] = array( 204, '' );
		$erase = apply_filters( 'wp_privacy_personal_data_erasers', array() )['goodword']['callback'];
		$first = call_user_func( $erase, 'mei@example.com', 1 );
		$this->assertSame( array( true, true, 1, false ), array( $first['items_removed'], $first['items_retained'], count( $first['messages'] ), $first['done'] ) );
		$this->assertTrue( call_user_func( $erase, 'mei@example.com', 2 )['done'] );
		foreach ( WC_Order::$all as $order ) {
			$this->assertSame( 'other@example.com' === $order->email, isset( $order->saved['_goodword_name'] ) );
			$this->assertSame( 'other@example.com' === $order->email, isset( $order->saved['_wc_other/goodword/sender'] ) );
		}
		$this->assertFalse( get_user_option( 'goodword_code', $this->customer() ) );
		$this->assertCount( 1, preg_grep( '~people/forget~', $this->paths() ) );
	}

	public function test_whoever_recommended_them_loses_no_thanks_by_it() {
		$this->order( 'mei@example.com' );
		$this->answers['/v1/people/forget'] = array( 204, '' );
		$said = Goodword\Privacy::erase( 'mei@example.com' )['messages'];
		$kept = reset( WC_Order::$all )->saved;
		// An order that names no code any more would be told as one that nobody sent.
		$this->assertSame( array( 'MEI2026', 'v-1', 'both' ), array( $kept['_goodword_code'], $kept['_goodword_visit'], $kept['_goodword_via'] ) );
		$this->assertStringContainsString( 'nothing of this person', $said[0] );
	}

	public function test_where_woocommerce_erases_first_what_was_written_goes_with_it() {
		$this->order( 'mei@example.com' );
		StandIn_Checkout::erase( reset( WC_Order::$all ) );
		$kept = reset( WC_Order::$all )->saved;
		$this->assertSame( array( 'MEI2026', false, false ), array( $kept['_goodword_code'], isset( $kept['_goodword_name'] ), isset( $kept['_wc_other/goodword/sender'] ) ) );
	}

	public function test_an_order_at_another_address_of_theirs_is_told_too() {
		$this->order( 'mei@work.example' );
		reset( WC_Order::$all )->customer = $this->customer();
		$this->answers['/v1/people/export'] = self::UNKNOWN;
		$this->assertSame( array( 'goodword-order-100' ), array_column( Goodword\Privacy::export( 'mei@example.com' )['data'], 'item_id' ) );
	}

	public function test_an_export_that_is_not_whole_says_so() {
		foreach ( array( new WP_Error( 'http_request_failed', 'down' ), array( 404, '<html>' ), array( 502, '' ) ) as $answer ) {
			delete_transient( 'goodword_resting' );
			$this->answers['/v1/people/export'] = $answer;
			$told = Goodword\Privacy::export( 'mei@example.com' );
			$this->assertTrue( $told['done'] );
			$this->assertStringContainsString( 'did not answer', $told['data'][0]['data'][0]['value'] );
		}
		$this->answers['/v1/people/export'] = self::UNKNOWN;
		delete_transient( 'goodword_resting' );
		$this->assertSame( array(), Goodword\Privacy::export( 'mei@example.com' )['data'] );
	}

	public function test_the_server_is_asked_with_the_shops_own_key() {
		$this->answers['/v1/people/*'] = array( 204, '' );
		Goodword\Privacy::erase( 'mei@example.com' );
		Goodword\Privacy::export( 'mei@example.com' );
		foreach ( $this->asked as $one ) {
			$this->assertSame( 'Bearer gw_secret_1', $one['how']['headers']['Authorization'] );
			$this->assertSame( array( 'id' => 'mei@example.com' ), json_decode( $one['how']['body'], true ) );
		}
		$this->assertSame( array( '/v1/people/forget', '/v1/people/export' ), $this->paths() );
	}

	public function test_who_changed_their_address_is_forgotten_by_their_number_too() {
		$token = Goodword\Token::write( 'c', $this->customer() );
		$this->rest( 'mine', array( 'token' => $token, 'join' => true ) );
		$this->asked = array();
		$this->answers['/v1/people/forget'] = array( 204, '' );
		Goodword\Privacy::erase( 'mei@example.com' );
		$this->assertSame( array( 'mei@example.com', (string) $this->customer() ), $this->told() );
	}

	/** Whom the server was told to forget. */
	private function told() {
		$wishes = array_filter(
			$this->asked,
			static function ( $one ) {
				return '/v1/people/forget' === $one['path'];
			}
		);
		return array_values(
			array_map(
				static function ( $one ) {
					return json_decode( $one['how']['body'], true )['id'];
				},
				$wishes
			)
		);
	}

	public function test_the_shops_policy_is_offered_words() {
		require_once ABSPATH . 'wp-admin/includes/class-wp-privacy-policy-content.php';
		// They may be offered on admin_init alone.
		remove_all_actions( 'admin_init' );
		Goodword\Privacy::init();
		set_current_screen( 'privacy' );
		do_action( 'admin_init' );
		$found = wp_list_pluck( WP_Privacy_Policy_Content::get_suggested_policy_text(), 'policy_text', 'plugin_name' );
		$this->assertStringContainsString( 'goes to our referral service', str_replace( 'go to', 'goes to', $found['goodword'] ) );
	}
}

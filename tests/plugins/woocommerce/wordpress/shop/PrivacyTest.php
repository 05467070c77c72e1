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
		update_user_option( $this->customer(), 'goodword_code', array( 'code' => 'MEI2026', 'of' => '' ) );
		$this->answers['/v1/people/forget'] = array( 204, '' );
		$erase = apply_filters( 'wp_privacy_personal_data_erasers', array() )['goodword']['callback'];
		$first = call_user_func( $erase, 'mei@example.com', 1 );
		$this->assertSame( array( true, false, array(), false ), array_values( $first ) );
		$this->assertTrue( call_user_func( $erase, 'mei@example.com', 2 )['done'] );
		foreach ( WC_Order::$all as $order ) {
			$this->assertSame( 'mei@example.com' !== $order->email, isset( $order->saved['_goodword_code'] ) );
			$this->assertSame( 'mei@example.com' !== $order->email, isset( $order->saved['_wc_other/goodword/sender'] ) );
		}
		$this->assertFalse( get_user_option( 'goodword_code', $this->customer() ) );
		$this->assertCount( 1, preg_grep( '~people/forget~', $this->paths() ) );
	}

	public function test_what_could_not_be_forgotten_is_said() {
		$this->answers['/v1/people/forget'] = new WP_Error( 'http_request_failed', 'down' );
		$told = call_user_func( apply_filters( 'wp_privacy_personal_data_erasers', array() )['goodword']['callback'], 'mei@example.com', 1 );
		$this->assertTrue( $told['items_retained'] );
		$this->assertStringContainsString( 'could not be told', $told['messages'][0] );
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

<?php

require_once dirname( __DIR__ ) . '/Shop.php';

/** WordPress without WooCommerce. */
final class WithoutShopTest extends Shop {

	private function notice() {
		ob_start();
		do_action( 'admin_notices' );
		return ob_get_clean();
	}

	public function test_it_says_that_it_waits_and_can_be_put_away() {
		wp_set_current_user( 1 );
		$this->assertMatchesRegularExpression( '/is-dismissible.*waits for WooCommerce/', $this->notice() );
	}

	public function test_it_says_so_to_nobody_else() {
		$this->assertStringNotContainsString( 'WooCommerce', $this->notice() );
	}

	public function test_nothing_of_it_is_on_the_pages() {
		do_action( 'wp_enqueue_scripts' );
		$this->assertFalse( wp_script_is( 'goodword', 'enqueued' ) );
		$this->assertSame( 404, $this->rest( 'mine', array( 'token' => 'x' ) )->get_status() );
	}

	public function test_people_can_still_be_told_and_forgotten() {
		$told = Goodword\Privacy::export( 'mei@example.com' );
		$this->assertSame( array( 'data' => array(), 'done' => true ), $told );
		$this->assertTrue( Goodword\Privacy::erase( 'mei@example.com' )['done'] );
	}

	public function test_it_is_activated_and_deactivated_without_a_word() {
		ob_start();
		deactivate_plugins( 'goodword/goodword.php' );
		do_action( 'activate_goodword/goodword.php', false );
		$this->assertSame( '', ob_get_clean() );
		$this->assertNotFalse( wp_next_scheduled( 'goodword_daily' ) );
		do_action( 'deactivate_goodword/goodword.php', false );
		$this->assertFalse( wp_next_scheduled( 'goodword_daily' ) );
	}

	public function test_what_was_kept_goes_with_it() {
		global $wpdb;
		update_option( 'goodword', array( 'server' => 'https://thanks.example' ) );
		update_option( 'goodword_secret', array( 'api_key' => '7' ) );
		set_transient( 'goodword_resting', 1, 60 );
		set_transient( 'others', 1, 60 );
		add_option( 'goodword_forget_1', array( 'whom' => 'mei@example.com' ), '', false );
		update_user_option( 1, 'goodword_code', array( 'code' => 'MEI' ) );
		update_option( 'goodword_words', array( 'of' => 'https://thanks.example|tea-house' ) );
		wp_schedule_single_event( time() + 60, 'goodword_learn_words' );
		define( 'WP_UNINSTALL_PLUGIN', 'goodword/goodword.php' );
		include WP_PLUGIN_DIR . '/goodword/uninstall.php';
		wp_cache_flush();
		$this->assertFalse( wp_next_scheduled( 'goodword_learn_words' ) );
		$left = $wpdb->get_col( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE '%goodword%'" );
		$this->assertSame( array( array(), false, '1' ), array( $left, get_user_option( 'goodword_code', 1 ), (string) get_transient( 'others' ) ) );
	}
}

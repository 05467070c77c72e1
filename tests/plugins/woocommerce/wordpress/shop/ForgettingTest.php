<?php

require_once dirname( __DIR__ ) . '/Shop.php';

/** A server that is down when somebody is erased is told when it is back. */
final class ForgettingTest extends Shop {

	const PATH = '/v1/people/forget';

	protected function setUp(): void {
		parent::setUp();
		wp_unschedule_hook( 'goodword_forget' );
	}

	private function erase( $email ) {
		return call_user_func( apply_filters( 'wp_privacy_personal_data_erasers', array() )['goodword']['callback'], $email, 1 );
	}

	private function down() {
		$this->answers[ self::PATH ] = new WP_Error( 'http_request_failed', 'down' );
	}

	/** The background works; returns whom it told. */
	private function later( $hook = 'goodword_forget' ) {
		$this->asked = array();
		wp_unschedule_hook( 'goodword_forget' );
		do_action( $hook );
		$found = array();
		foreach ( $this->asked as $one ) {
			if ( self::PATH === $one['path'] ) {
				$found[] = json_decode( $one['how']['body'], true )['id'];
			}
		}
		return $found;
	}

	public function test_wordpress_goes_on_and_it_is_told_when_the_server_is_back() {
		$this->down();
		$said = $this->erase( 'mei@example.com' );
		$this->assertSame( array( true, true ), array( $said['items_retained'], $said['done'] ) );
		$this->assertStringContainsString( 'as soon as it does', $said['messages'][0] );
		$this->assertNotFalse( wp_next_scheduled( 'goodword_forget' ) );
		$this->assertSame( array( 'mei@example.com' ), $this->later() );
		$this->assertNotFalse( wp_next_scheduled( 'goodword_forget' ) );
		$this->answers[ self::PATH ] = array( 204, '' );
		$this->assertSame( array( 'mei@example.com' ), $this->later() );
		$this->assertSame( array(), $this->later() );
		$this->assertFalse( wp_next_scheduled( 'goodword_forget' ) );
	}

	public function test_whatever_the_server_says_is_no_or_later_and_never_lost() {
		$later = array( array( 500, '' ), array( 429, '{}' ), array( 401, '{}' ), array( 403, '{}' ), array( 404, '<html>' ), array( 200, '<html>' ), array( 302, '' ) );
		foreach ( $later as $at => $answer ) {
			delete_transient( 'goodword_resting' );
			$this->answers[ self::PATH ] = $answer;
			$this->assertTrue( $this->erase( "$at@example.com" )['items_retained'] );
		}
		// While it rests after a failure it is not asked, and still not forgotten.
		$this->assertTrue( $this->erase( 'rested@example.com' )['items_retained'] );
		$this->answers[ self::PATH ] = array( 500, '' );
		// One that cannot be done does not stand before the others.
		$this->assertCount( count( $later ) + 1, $this->later() );
		$this->answers[ self::PATH ] = self::UNKNOWN;
		$this->assertCount( count( $later ) + 1, $this->later() );
		$this->assertSame( array(), $this->later() );
	}

	public function test_what_the_server_cannot_understand_is_left_to_a_person() {
		$this->answers[ self::PATH ] = array( 422, '{}' );
		$this->assertStringContainsString( 'on its own pages', $this->erase( 'mei@example.com' )['messages'][0] );
		$this->assertSame( array(), $this->later() );
	}

	public function test_nobody_waits_long_for_one_that_is_silent() {
		$this->down();
		$this->erase( 'mei@example.com' );
		$this->erase( 'fred@example.com' );
		$this->assertCount( 1, $this->later() );
	}

	public function test_asked_twice_it_is_one_wish() {
		$this->down();
		$this->erase( 'mei@example.com' );
		$this->erase( 'mei@example.com' );
		$this->assertSame( 1, Goodword\Forgetting::waiting() );
	}

	public function test_the_pauses_grow_and_end_at_a_day() {
		$this->down();
		$this->erase( 'mei@example.com' );
		$pauses = array();
		for ( $try = 0; $try < 12; $try++ ) {
			$this->later();
			$pause = wp_next_scheduled( 'goodword_forget' ) - time();
			// A second may pass between the two clocks.
			$this->assertGreaterThanOrEqual( max( array( 0, ...$pauses ) ) - 1, $pause );
			$pauses[] = $pause;
		}
		$this->assertGreaterThan( 100 * $pauses[0], end( $pauses ) );
		$this->assertLessThanOrEqual( DAY_IN_SECONDS, end( $pauses ) );
	}

	public function test_it_is_told_each_day_should_its_moment_be_lost() {
		$this->down();
		$this->erase( 'mei@example.com' );
		$this->answers[ self::PATH ] = array( 204, '' );
		$this->assertSame( array( 'mei@example.com' ), $this->later( 'goodword_daily' ) );
	}

	public function test_no_address_is_loaded_with_every_page_or_stands_in_a_list_of_events() {
		$this->down();
		$this->erase( 'mei@example.com' );
		$this->assertStringNotContainsString( 'mei@example.com', wp_json_encode( array( wp_load_alloptions( true ), _get_cron_array() ) ) );
	}

	public function test_the_owner_reads_how_many_were_not_heard() {
		$this->assertStringNotContainsString( 'forgotten', implode( Goodword\Status::lines() ) );
		$this->down();
		$this->erase( 'mei@example.com' );
		$this->assertStringContainsString( 'did not hear yet: 1.', implode( Goodword\Status::lines() ) );
	}

	public function test_a_server_that_was_left_is_not_told_and_no_other_is() {
		$this->down();
		$this->erase( 'mei@example.com' );
		Goodword\Settings::change( array( 'shop' => 'coffee-house' ) );
		$this->assertSame( array(), $this->later() );
		$this->connect();
		$this->erase( 'fred@example.com' );
		Goodword\Connection::leave();
		$this->connect();
		$this->assertSame( array(), $this->later() );
		$this->assertSame( 0, Goodword\Forgetting::waiting() );
	}

	public function test_a_database_that_fails_stops_no_erasing() {
		$this->down();
		$fail = static function () {
			throw new RuntimeException( 'broken' );
		};
		add_filter( 'pre_http_request', $fail, 1 );
		try {
			$said = $this->erase( 'mei@example.com' );
		} finally {
			remove_filter( 'pre_http_request', $fail, 1 );
		}
		$this->assertSame( array( true, true ), array( $said['items_retained'], $said['done'] ) );
		$this->assertStringContainsString( 'on its own pages', $said['messages'][0] );
	}
}

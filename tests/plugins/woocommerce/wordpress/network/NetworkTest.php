<?php

require_once dirname( __DIR__ ) . '/Shop.php';

/** A network of sites: each is a shop of its own. */
final class NetworkTest extends Shop {

	public function test_each_site_has_its_own_connection_and_codes() {
		$this->assertTrue( is_multisite() );
		$user   = $this->customer();
		$second = wp_insert_site( array( 'domain' => 'shop.example', 'path' => '/second' . wp_rand() . '/', 'title' => 'Second', 'user_id' => 1 ) );
		$this->assertIsInt( $second );
		update_user_option( $user, 'goodword_code', array( 'code' => 'MEI2026', 'of' => '' ) );
		$token = Goodword\Token::write( 'c', $user );
		switch_to_blog( $second );
		$this->assertFalse( Goodword\Settings::connected() );
		$this->assertFalse( get_user_option( 'goodword_code', $user ) );
		$this->assertNull( Goodword\Token::read( $token ) );
		$this->connect( array( 'shop' => 'second' ) );
		restore_current_blog();
		$this->assertSame( 'tea-house', Goodword\Settings::get( 'shop' ) );

		define( 'WP_UNINSTALL_PLUGIN', 'goodword/goodword.php' );
		include WP_PLUGIN_DIR . '/goodword/uninstall.php';
		wp_cache_flush();
		foreach ( array( get_current_blog_id(), $second ) as $site ) {
			switch_to_blog( $site );
			$this->assertSame( array( false, false ), array( get_option( 'goodword' ), get_option( 'goodword_secret' ) ) );
			restore_current_blog();
		}
	}
}

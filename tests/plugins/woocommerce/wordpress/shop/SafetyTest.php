<?php

require_once dirname( __DIR__ ) . '/Shop.php';

/** Rules that hold for every file and hook of the plugin. */
final class SafetyTest extends Shop {

	private static function facts() {
		return json_decode( file_get_contents( dirname( __DIR__ ) . '/facts.json' ), true );
	}

	private static function files() {
		$home = WP_PLUGIN_DIR . '/goodword/';
		return array_merge( glob( $home . '*.php' ), glob( $home . 'includes/*.php' ) );
	}

	/** Words and signs of a file, without spaces and comments. */
	private static function tokens( $file ) {
		$all = token_get_all( file_get_contents( $file ) );
		return array_values(
			array_filter(
				$all,
				static function ( $one ) {
					return ! is_array( $one ) || ! in_array( $one[0], array( T_WHITESPACE, T_COMMENT, T_DOC_COMMENT ), true );
				}
			)
		);
	}

	public function test_every_hook_of_woocommerce_that_is_used_was_observed() {
		global $wp_filter;
		$facts = self::facts()['hooks'];
		$used  = array();
		foreach ( $wp_filter as $hook => $callbacks ) {
			foreach ( array_merge( ...array_values( $callbacks->callbacks ) ) as $one ) {
				$whose = is_array( $one['function'] ) ? $one['function'][0] : '';
				if ( is_string( $whose ) && 0 === strpos( $whose, 'Goodword\\' ) && false !== strpos( $hook, 'woocommerce' ) ) {
					$used[ $hook ] = $one['accepted_args'];
				}
			}
		}
		$this->assertSame( array(), array_diff_key( $used, $facts ) );
		foreach ( $used as $hook => $arguments ) {
			$this->assertLessThanOrEqual( max( 1, $facts[ $hook ][0] ), $arguments, $hook );
		}
		$this->assertGreaterThan( 10, count( $used ) );
	}

	public function test_every_function_of_woocommerce_that_is_called_is_known() {
		// WordPress has all but the first in a network alone.
		$ours = array( 'goodword_uninstall_site', 'get_sites', 'switch_to_blog', 'restore_current_blog' );
		foreach ( self::files() as $file ) {
			foreach ( self::calls( $file ) as $name ) {
				$strange = ! function_exists( $name ) || false !== strpos( ( new ReflectionFunction( $name ) )->getFileName() ?: '', 'standin' );
				if ( $strange && ! in_array( $name, $ours, true ) ) {
					$this->assertContains( $name, self::facts()['functions'], basename( $file ) );
				}
			}
		}
	}

	/** Functions that a file calls. */
	private static function calls( $file ) {
		$tokens = self::tokens( $file );
		$found  = array();
		foreach ( $tokens as $at => $token ) {
			$before = $at ? $tokens[ $at - 1 ] : '';
			$kind   = is_array( $before ) ? $before[0] : $before;
			if ( T_NS_SEPARATOR === $kind ) {
				// Before PHP 8 a name with a backslash is two words.
				$kind = $tokens[ $at - 2 ][0];
			}
			$method = in_array( $kind, array( T_OBJECT_OPERATOR, T_DOUBLE_COLON, T_FUNCTION, T_NEW ), true );
			if ( is_array( $token ) && T_STRING === $token[0] && '(' === ( $tokens[ $at + 1 ] ?? '' ) && ! $method ) {
				$found[] = $token[1];
			}
		}
		return $found;
	}

	public function test_every_method_that_is_called_is_known() {
		$known = array_merge( ...array_values( self::facts()['methods'] ) );
		foreach ( array( 'wpdb', 'WP_REST_Response', 'Throwable', 'Goodword\Member' ) as $class ) {
			$known = array_merge( $known, array_column( ( new ReflectionClass( $class ) )->getMethods(), 'name' ) );
		}
		foreach ( self::files() as $file ) {
			$tokens = self::tokens( $file );
			foreach ( $tokens as $at => $token ) {
				if ( is_array( $token ) && T_OBJECT_OPERATOR === $token[0] && '(' === ( $tokens[ $at + 2 ] ?? '' ) ) {
					$this->assertContains( $tokens[ $at + 1 ][1], $known, basename( $file ) );
				}
			}
		}
	}

	public function test_the_stand_in_can_do_no_more_than_the_real_one() {
		foreach ( self::facts()['methods'] as $class => $methods ) {
			foreach ( $methods as $method ) {
				$this->assertTrue( method_exists( $class, $method ), "$class::$method" );
			}
		}
		preg_match_all( '/^function (\w+)\(/m', file_get_contents( WP_PLUGIN_DIR . '/woocommerce/functions.php' ), $found );
		$this->assertEqualsCanonicalizing( self::facts()['functions'], $found[1] );
	}

	public function test_this_php_understands_each_file() {
		foreach ( self::files() as $file ) {
			$this->assertNotSame( array(), token_get_all( file_get_contents( $file ), TOKEN_PARSE ) );
		}
	}

	public function test_each_file_ends_at_once_when_it_is_called_alone() {
		foreach ( self::files() as $file ) {
			$this->assertMatchesRegularExpression( "/defined\( '(ABSPATH|WP_UNINSTALL_PLUGIN)' \) \|\| exit;/", file_get_contents( $file ), $file );
		}
	}

	public function test_orders_are_never_touched_as_posts() {
		foreach ( self::files() as $file ) {
			$this->assertDoesNotMatchRegularExpression( '/(update|get|add|delete)_post_meta|->posts\b|->postmeta\b|eval\(|unserialize\(/', file_get_contents( $file ), $file );
		}
	}

	public function test_orders_in_their_own_tables_and_blocks_are_declared_fine() {
		$declared = Automattic\WooCommerce\Utilities\FeaturesUtil::$declared;
		ksort( $declared );
		$this->assertSame( array( 'cart_checkout_blocks' => true, 'custom_order_tables' => true ), $declared );
	}

	public function test_pages_carry_the_scripts_and_nothing_that_could_break_out() {
		$this->connect( array( 'shop' => 'tea"><script>alert(1)</script>$1\\1' ) );
		foreach ( array( 'goodword', 'goodword-keep' ) as $handle ) {
			wp_deregister_script( $handle );
		}
		wp_scripts()->done = array();
		do_action( 'wp_enqueue_scripts' );
		ob_start();
		wp_scripts()->do_items( array( 'goodword', 'goodword-keep' ) );
		$html = ob_get_clean();
		$this->assertStringNotContainsString( '<script>alert', $html );
		$dom = new DOMDocument();
		$dom->loadHTML( $html );
		$first = $dom->getElementsByTagName( 'script' )->item( 0 );
		$this->assertSame( 'tea"><script>alert(1)</script>$1\\1', $first->getAttribute( 'data-shop' ) );
		$this->assertSame( array( 'gw_pub_1', self::SERVER, 'required' ), array_map( array( $first, 'getAttribute' ), array( 'data-key', 'data-server', 'data-consent' ) ) );
		$this->assertTrue( $first->hasAttribute( 'async' ) );
		// Ours, from here: nothing of anybody else's runs in the shop's pages.
		$this->assertStringStartsWith( 'http://shop.example/', $first->getAttribute( 'src' ) );
		$this->assertStringNotContainsString( 'gw_secret', $html );
	}

	public function test_a_shop_that_is_not_connected_loads_nothing() {
		Goodword\Settings::disconnect();
		foreach ( array( 'goodword', 'goodword-keep', 'goodword-own' ) as $handle ) {
			wp_dequeue_script( $handle );
			wp_deregister_script( $handle );
		}
		do_action( 'wp_enqueue_scripts' );
		$this->assertFalse( wp_script_is( 'goodword', 'enqueued' ) );
	}

	public function test_names_with_markup_are_sent_as_words() {
		$token = Goodword\Token::write( 'c', $this->customer( '"><script>alert(1)</script>Mei' ) );
		$this->rest( 'mine', array( 'token' => $token, 'join' => true ) );
		$this->assertStringNotContainsString( 'script', json_decode( $this->asked[0]['how']['body'], true )['advocate']['name'] );
	}

	public function test_a_settings_option_that_was_spoilt_stops_nothing() {
		foreach ( array( 'nonsense', array( 'server' => array( 1 ), 'shop' => null ), 7, false ) as $spoilt ) {
			update_option( 'goodword', $spoilt );
			WC()->begin();
			WC()->cart->put_in( 20 );
			$this->assertNotNull( StandIn_Checkout::block() );
		}
	}
}

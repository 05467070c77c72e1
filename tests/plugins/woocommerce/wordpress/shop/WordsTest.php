<?php

require_once dirname( __DIR__ ) . '/Shop.php';

/** What shoppers read is what the owner wrote at the server, and ours until that is known. */
final class WordsTest extends Shop {

	const PATH   = '/v1/programs/*/messages/widget?language=';
	const MARKUP = '"><script>alert(1)</script>';

	private function learn( array $en, array $zh = array() ) {
		$this->answers[ self::PATH . 'en' ]      = array( 200, $en );
		$this->answers[ self::PATH . 'zh-Hant' ] = array( 200, $zh );
		Goodword\Words::learn();
		$this->asked = array();
	}

	private function in( $locale, callable $done ) {
		$speaks = static function () use ( $locale ) {
			return $locale;
		};
		add_filter( 'locale', $speaks );
		unload_textdomain( 'goodword', true );
		Goodword\Plugin::speak();
		try {
			return $done();
		} finally {
			remove_filter( 'locale', $speaks );
			unload_textdomain( 'goodword', true );
		}
	}

	private function title() {
		return Goodword\Account::title();
	}

	/** The words of the box, as own.js reads them. */
	private function box() {
		wp_set_current_user( $this->customer() );
		ob_start();
		do_action( 'woocommerce_account_goodword_endpoint', '' );
		$html = ob_get_clean();
		$this->assertStringNotContainsString( '<script', $html );
		$this->assertSame( 1, preg_match( '/data-words="([^"]+)"/', $html, $found ) );
		return json_decode( html_entity_decode( $found[1], ENT_QUOTES, 'UTF-8' ), true );
	}

	private function label() {
		$this->connect( array( 'ask' => 'yes' ) );
		return apply_filters( 'woocommerce_checkout_fields', array( 'billing' => array() ) )['billing'][ Goodword\Question::FIELD ]['label'];
	}

	private function planned() {
		return (bool) wp_next_scheduled( Goodword\Words::LEARN );
	}

	protected function setUp(): void {
		parent::setUp();
		wp_unschedule_hook( Goodword\Words::LEARN );
	}

	public function test_what_the_owner_wrote_is_shown_everywhere() {
		$this->learn(
			array(
				'own.title'          => 'Tell a friend',
				'own.join'           => 'My link, please',
				'own.reward.granted' => 'yours now',
				'own.reward.waiting' => 'from {when} on',
				'own.reward.gift'    => 'something nice',
				'checkout.ask'       => 'Who sent you?',
				'checkout.gift'      => 'It is in.',
				'kept.title'         => 'Good words',
			)
		);
		$this->assertSame( 'Tell a friend', $this->title() );
		$this->assertSame( array( 'My link, please', 'Use now' ), array( $this->box()['join'], $this->box()['use'] ) );
		$this->assertSame( 'Who sent you?', $this->label() );
		$granted = Goodword\Reward::shown( array( 'state' => 'granted' ) );
		$waiting = Goodword\Reward::shown( array( 'state' => 'waiting', 'release' => '2026-12-06T09:25:00+00:00' ) );
		$this->assertSame( array( 'something nice', 'yours now', 'from December 6, 2026 on' ), array( $granted['worth'], $granted['state'], $waiting['state'] ) );
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( array( 'success' => array( array( 'notice' => 'It is in.', 'data' => array() ) ) ), wc_get_notices() );
		$order = StandIn_Checkout::classic();
		$this->assertSame( array( 'Good words' ), array_unique( array_column( Goodword\Privacy::export( $order->get_billing_email() )['data'], 'group_label' ) ) );
	}

	public function test_each_shopper_reads_their_own_language() {
		$this->learn( array( 'own.title' => 'Tell a friend' ), array( 'own.title' => '告訴朋友' ) );
		$read = array();
		foreach ( array( 'en_US', 'en', 'en_GB', 'zh_TW', 'zh_HK', 'zh_CN', 'de_DE', 'english' ) as $locale ) {
			$read[ $locale ] = $this->in( $locale, array( $this, 'title_read' ) );
		}
		$ours = 'Recommend us';
		$this->assertSame(
			array( 'en_US' => 'Tell a friend', 'en' => 'Tell a friend', 'en_GB' => 'Tell a friend', 'zh_TW' => '告訴朋友', 'zh_HK' => '告訴朋友', 'zh_CN' => $ours, 'de_DE' => $ours, 'english' => $ours ),
			$read
		);
	}

	public function title_read() {
		return $this->title();
	}

	public function test_until_the_server_was_heard_the_plugin_says_its_own() {
		$this->answers = array( '*' => new WP_Error( 'http_request_failed', 'timed out' ) );
		Goodword\Words::learn();
		$this->assertSame( 'Recommend us', $this->title() );
		$this->assertSame( '推薦給朋友', $this->in( 'zh_TW', array( $this, 'title_read' ) ) );
		$this->assertSame( 'Give me my link', $this->box()['join'] );
	}

	public function test_what_was_heard_stays_while_the_server_is_silent() {
		$this->learn( array( 'own.title' => 'Tell a friend' ) );
		foreach ( array( new WP_Error( 'http_request_failed', 'timed out' ), array( 404, array() ), array( 200, '<html>' ), array( 200, array() ), array( 200, array( 7, null ) ) ) as $answer ) {
			$this->answers = array( '*' => $answer );
			delete_transient( Goodword\Backend::RESTING );
			Goodword\Words::learn();
			$this->assertSame( 'Tell a friend', $this->title() );
		}
	}

	public function test_what_is_no_sentence_is_not_said() {
		$long = str_repeat( 'x', 2001 );
		foreach ( array( null, 7, true, array( 'x' ), array( 'own.title' => 'x' ), '', "  \n", $long ) as $bad ) {
			$this->learn( array( 'own.title' => $bad, 'own.join' => 'My link' ) );
			$this->assertSame( array( 'Recommend us', 'My link' ), array( $this->title(), $this->box()['join'] ) );
		}
	}

	public function test_what_is_kept_may_be_garbled() {
		$of   = self::SERVER . '|tea-house';
		$said = array( 'own.title' => 'Tell a friend' );
		$now  = time();
		$good = array( 'of' => $of, 'asked' => $now, 'words' => array( 'en' => array( 'heard' => $now, 'said' => $said ) ) );
		update_option( 'goodword_words', $good );
		$this->assertSame( 'Tell a friend', $this->title() );
		$bad = array(
			'x',
			7,
			array( 'of' => $of ),
			array( 'asked' => 'now' ) + $good,
			array( 'words' => 'x' ) + $good,
			array( 'words' => array( 'en' => 'x' ) ) + $good,
			array( 'words' => array( 'en' => array( 'heard' => $now ) ) ) + $good,
			array( 'words' => array( 'en' => array( 'heard' => 'x', 'said' => $said ) ) ) + $good,
			array( 'words' => array( 'en' => array( 'heard' => $now, 'said' => 'x' ) ) ) + $good,
		);
		foreach ( array( "\xff\xfe", 7, array( 'x' ), str_repeat( 'x', 2001 ) ) as $text ) {
			$bad[] = array( 'words' => array( 'en' => array( 'heard' => $now, 'said' => array( 'own.title' => $text ) ) ) ) + $good;
		}
		foreach ( $bad as $kept ) {
			// A database may refuse what is no text.
			$garbled = static function () use ( $kept ) {
				return $kept;
			};
			add_filter( 'pre_option_goodword_words', $garbled );
			$said = $this->title();
			remove_filter( 'pre_option_goodword_words', $garbled );
			$this->assertSame( 'Recommend us', $said );
		}
	}

	public function test_markup_is_shown_as_words() {
		$this->learn(
			array_fill_keys( array( 'own.title', 'own.join', 'own.why', 'checkout.ask', 'checkout.gift' ), self::MARKUP )
		);
		$shown = esc_html( self::MARKUP );
		$this->assertSame( self::MARKUP, $this->box()['join'] );
		$this->assertSame( $shown, apply_filters( 'woocommerce_endpoint_goodword_title', '', 'goodword', '' ) );
		$this->assertSame( $shown, $this->label() );
		$this->arrive();
		WC()->cart->put_in( 20 );
		$this->assertSame( $shown, wc_get_notices()['success'][0]['notice'] );
	}

	public function test_they_are_asked_for_when_nobody_waits_and_once_an_hour() {
		$this->assertSame( 'Recommend us', $this->title() );
		$this->assertSame( array(), $this->asked );
		$this->assertTrue( $this->planned() );
		wp_unschedule_hook( Goodword\Words::LEARN );
		$this->answers[ self::PATH . 'en' ] = array( 200, array( 'own.title' => 'Tell a friend' ) );
		do_action( Goodword\Words::LEARN );
		$this->assertSame( array( self::PATH . 'en', self::PATH . 'zh-Hant' ), $this->paths() );
		$this->assertSame( 'Bearer gw_pub_1', $this->asked[0]['how']['headers']['Authorization'] );
		$this->assertSame( 'Tell a friend', $this->title() );
		$this->assertFalse( $this->planned() );
		$kept = get_option( 'goodword_words' );
		update_option( 'goodword_words', array( 'asked' => time() - HOUR_IN_SECONDS - 1 ) + $kept );
		$this->assertSame( 'Tell a friend', $this->title() );
		$this->assertTrue( $this->planned() );
	}

	public function test_a_server_that_is_slow_in_one_language_is_asked_in_the_other() {
		$slow = static function ( $answer ) {
			usleep( 1100000 );
			return $answer;
		};
		add_filter( 'pre_http_request', $slow, 11 );
		Goodword\Words::learn();
		remove_filter( 'pre_http_request', $slow, 11 );
		$this->assertSame( array( self::PATH . 'en', self::PATH . 'zh-Hant' ), $this->paths() );
	}

	public function test_a_server_that_rests_is_not_planned_to_be_asked() {
		set_transient( Goodword\Backend::RESTING, 1, 60 );
		$this->title();
		$this->assertFalse( $this->planned() );
	}

	public function test_a_filter_of_somebody_elses_that_throws_stops_no_page() {
		$throws = static function () {
			throw new RuntimeException( 'not ours' );
		};
		add_filter( 'pre_schedule_event', $throws );
		try {
			$this->assertSame( 'Recommend us', $this->title() );
		} finally {
			remove_filter( 'pre_schedule_event', $throws );
		}
	}

	public function test_words_that_were_heard_long_ago_are_forgotten() {
		$this->learn( array( 'own.title' => 'Tell a friend' ) );
		$kept = get_option( 'goodword_words' );
		$kept['words']['en']['heard'] = time() - MONTH_IN_SECONDS;
		update_option( 'goodword_words', $kept );
		$this->assertSame( 'Recommend us', $this->title() );
	}

	public function test_words_of_another_shop_are_not_said_and_go_with_the_connection() {
		$this->learn( array( 'own.title' => 'Tell a friend' ) );
		$this->connect( array( 'shop' => 'bean-house' ) );
		$this->assertSame( 'Recommend us', $this->title() );
		$this->connect();
		$this->assertSame( 'Tell a friend', $this->title() );
		Goodword\Connection::leave();
		$this->assertFalse( get_option( 'goodword_words' ) );
		$this->assertFalse( $this->planned() );
		$this->title();
		$this->assertFalse( $this->planned() );
	}

	public function test_whoever_connects_has_them_at_once() {
		$this->assertSame( 10, has_action( Goodword\Plugin::DAILY, array( 'Goodword\\Words', 'learn' ) ) );
		Goodword\Settings::disconnect();
		$this->answers['/connect/woocommerce/tea-house/pairing'] = array( 200, array( 'shop' => 'tea-house', 'server' => self::SERVER, 'key' => 'gw_pub_2', 'secret' => 'gw_secret_2' ) );
		$this->answers[ self::PATH . 'en' ] = array( 200, array( 'own.title' => 'Tell a friend' ) );
		$code = str_repeat( 'c', 20 ) . '.' . str_repeat( '0', 32 );
		$this->assertSame( '', Goodword\Connection::join( self::SERVER . "/connect/woocommerce/tea-house/pairing#$code" ) );
		$this->assertSame( 'Tell a friend', $this->title() );
	}
}

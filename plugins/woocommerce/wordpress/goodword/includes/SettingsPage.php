<?php
/**
 * The owner's page under WooCommerce: connect, see how it goes, choose, disconnect.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** One page with three forms; each brings its own nonce. */
final class SettingsPage {

	const PAGE    = 'goodword';
	const RIGHT   = 'manage_woocommerce';
	const ACTIONS = array( 'connect', 'disconnect', 'save' );

	/** Hangs up the hooks. */
	public static function init() {
		add_action( 'admin_menu', array( __CLASS__, 'menu' ), 60 );
		foreach ( self::ACTIONS as $action ) {
			add_action( 'admin_post_goodword_' . $action, array( __CLASS__, $action ) );
		}
		add_filter( 'plugin_action_links_' . plugin_basename( GOODWORD_FILE ), array( __CLASS__, 'links' ) );
	}

	/** Adds the page to WooCommerce's menu. */
	public static function menu() {
		add_submenu_page( 'woocommerce', 'goodword', 'goodword', self::RIGHT, self::PAGE, array( __CLASS__, 'show' ) );
	}

	/**
	 * Adds a way here to the list of plugins.
	 *
	 * @param array $links WordPress's.
	 * @return array
	 */
	public static function links( $links ) {
		$ours = sprintf( '<a href="%s">%s</a>', esc_url( self::url() ), esc_html__( 'Settings', 'goodword' ) );
		return array_merge( array( $ours ), $links );
	}

	/** Joins the shop. */
	public static function connect() {
		self::guard( 'connect' );
		// phpcs:ignore WordPress.Security -- guarded above, and read by a strict pattern.
		$code = isset( $_POST['code'] ) && is_string( $_POST['code'] ) ? wp_unslash( $_POST['code'] ) : '';
		$why  = Connection::join( $code );
		self::back( '' === $why ? __( 'Connected. Try a referral with your own phone now.', 'goodword' ) : $why, '' === $why ? 'success' : 'error' );
	}

	/** Leaves the server. */
	public static function disconnect() {
		self::guard( 'disconnect' );
		$unheard = Forgetting::waiting();
		Connection::leave();
		$said = __( 'Disconnected: the webhooks and the key of goodword are gone from this shop. Coupons are as they were; end them on the connect page of goodword, if you wish.', 'goodword' );
		/* translators: %s: how many wishes */
		$more = $unheard ? ' ' . sprintf( __( 'Wishes to be forgotten that goodword did not hear: %s. See to them on its own pages.', 'goodword' ), $unheard ) : '';
		self::back( $said . $more, $unheard ? 'warning' : 'success' );
	}

	/** Keeps what the owner chose. */
	public static function save() {
		self::guard( 'save' );
		$given = array( 'consent' => self::posted( 'consent' ) === 'given' ? 'given' : 'required' );
		foreach ( array( 'ask', 'thanks', 'account' ) as $name ) {
			$given[ $name ] = self::posted( $name ) === 'yes' ? 'yes' : '';
		}
		Settings::change( $given );
		update_option( 'woocommerce_queue_flush_rewrite_rules', 'yes' );
		self::back( __( 'Saved.', 'goodword' ), 'success' );
	}

	/** Shows the page. */
	public static function show() {
		if ( ! current_user_can( self::RIGHT ) ) {
			return;
		}
		echo '<div class="wrap"><h1>goodword</h1>';
		self::say();
		if ( Settings::connected() ) {
			self::show_status();
			self::show_choices();
			self::show_disconnect();
		} else {
			self::show_connect();
		}
		echo '</div>';
	}

	/** Says what became of the last deed. */
	private static function say() {
		$place = 'goodword_said_' . get_current_user_id();
		$said  = get_transient( $place );
		if ( is_array( $said ) && 2 === count( $said ) ) {
			delete_transient( $place );
			Notices::show( $said[0], $said[1] );
		}
	}

	/** The form that connects. */
	private static function show_connect() {
		echo '<h2>' . esc_html__( 'Connect this shop', 'goodword' ) . '</h2><ol>';
		echo '<li>' . esc_html__( 'Open the connect page of your shop at goodword.', 'goodword' ) . '</li>';
		echo '<li>' . esc_html__( 'Have it make a pairing code. It is good for a quarter of an hour, and once.', 'goodword' ) . '</li>';
		echo '<li>' . esc_html__( 'Paste it here and press connect.', 'goodword' ) . '</li></ol>';
		echo '<p>' . esc_html__( 'goodword then gets a key to this shop, with which it reads orders and makes coupons. Here you can end it at any time.', 'goodword' ) . '</p>';
		self::form( 'connect' );
		echo '<p><label for="goodword-code">' . esc_html__( 'Pairing code', 'goodword' ) . '</label><br>';
		echo '<input type="text" class="large-text code" id="goodword-code" name="code" required maxlength="1000" autocomplete="off" spellcheck="false"></p>';
		self::button( __( 'Connect', 'goodword' ), 'connect' );
		echo '</form>';
	}

	/** Says how it goes. */
	private static function show_status() {
		echo '<h2>' . esc_html__( 'How it goes', 'goodword' ) . '</h2><ul class="ul-disc">';
		foreach ( Status::lines() as $line ) {
			echo '<li>' . esc_html( $line ) . '</li>';
		}
		echo '</ul>';
	}

	/** The form of choices. */
	private static function show_choices() {
		echo '<h2>' . esc_html__( 'What shoppers see', 'goodword' ) . '</h2>';
		self::form( 'save' );
		self::box( 'thanks', __( 'After an order, offer the customer a link to pass on', 'goodword' ) );
		self::box( 'account', __( 'Under My Account, show customers their link and their thanks', 'goodword' ) );
		self::box( 'ask', __( 'At the checkout, ask who recommended the shop, where the program allows it', 'goodword' ) );
		$consent = Settings::get( 'consent' );
		echo '<fieldset><legend>' . esc_html__( 'Keeping a friend’s code in a cookie', 'goodword' ) . '</legend>';
		self::radio( 'required', $consent, __( 'only once they agreed in the consent banner (WP Consent API)', 'goodword' ) );
		self::radio( 'given', $consent, __( 'at once: visitors agreed already, or need not be asked here', 'goodword' ) );
		echo '</fieldset>';
		self::button( __( 'Save', 'goodword' ), 'save' );
		echo '</form>';
	}

	/** The form that disconnects. */
	private static function show_disconnect() {
		echo '<h2>' . esc_html__( 'Disconnect', 'goodword' ) . '</h2>';
		echo '<p>' . esc_html__( 'Webhooks and key of goodword are removed from this shop. Orders keep their marks, and coupons stay.', 'goodword' ) . '</p>';
		self::form( 'disconnect' );
		self::button( __( 'Disconnect', 'goodword' ), 'disconnect' );
		echo '</form>';
	}

	/**
	 * Begins a form.
	 *
	 * @param string $action One of ACTIONS.
	 */
	private static function form( $action ) {
		printf( '<form method="post" action="%s">', esc_url( admin_url( 'admin-post.php' ) ) );
		printf( '<input type="hidden" name="action" value="goodword_%s">', esc_attr( $action ) );
		// Not by wp_nonce_field: two forms would have a field of one id.
		printf( '<input type="hidden" name="_wpnonce" value="%s">', esc_attr( wp_create_nonce( 'goodword_' . $action ) ) );
	}

	/**
	 * Prints the button that sends a form.
	 *
	 * @param string $label  What it says.
	 * @param string $action One of ACTIONS.
	 */
	private static function button( $label, $action ) {
		submit_button( $label, 'disconnect' === $action ? 'delete' : 'primary', 'submit', true, array( 'id' => 'goodword-' . $action ) );
	}

	/**
	 * Prints a box to tick.
	 *
	 * @param string $name  The setting.
	 * @param string $label What it means.
	 */
	private static function box( $name, $label ) {
		printf(
			'<p><label><input type="checkbox" name="%1$s" value="yes"%2$s> %3$s</label></p>',
			esc_attr( $name ),
			checked( 'yes', Settings::get( $name ), false ),
			esc_html( $label )
		);
	}

	/**
	 * Prints one of two choices.
	 *
	 * @param string $value Its value.
	 * @param string $now   The one that holds.
	 * @param string $label What it means.
	 */
	private static function radio( $value, $now, $label ) {
		printf(
			'<p><label><input type="radio" name="consent" value="%1$s"%2$s> %3$s</label></p>',
			esc_attr( $value ),
			checked( $value, $now, false ),
			esc_html( $label )
		);
	}

	/**
	 * Lets in who may, and comes from our own form.
	 *
	 * @param string $action One of ACTIONS.
	 */
	private static function guard( $action ) {
		if ( ! current_user_can( self::RIGHT ) ) {
			wp_die( esc_html__( 'Only who manages the shop may do this.', 'goodword' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( 'goodword_' . $action );
	}

	/**
	 * Reads a word that was posted.
	 *
	 * @param string $name Its name.
	 * @return string
	 */
	private static function posted( $name ) {
		// phpcs:ignore WordPress.Security -- guarded by each who calls.
		return isset( $_POST[ $name ] ) && is_string( $_POST[ $name ] ) ? sanitize_key( wp_unslash( $_POST[ $name ] ) ) : '';
	}

	/**
	 * Leads back to the page.
	 *
	 * @param string $words What became of it.
	 * @param string $kind  success or error.
	 */
	private static function back( $words, $kind ) {
		set_transient( 'goodword_said_' . get_current_user_id(), array( $words, $kind ), MINUTE_IN_SECONDS );
		wp_safe_redirect( self::url() );
		self::done();
	}

	/** Ends the request; a test may go on. */
	private static function done() {
		if ( ! defined( 'GOODWORD_TESTING' ) ) {
			exit;
		}
	}

	/**
	 * Where the page is.
	 *
	 * @return string
	 */
	private static function url() {
		return admin_url( 'admin.php?page=' . self::PAGE );
	}
}

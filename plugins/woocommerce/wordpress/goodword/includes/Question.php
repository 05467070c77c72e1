<?php
/**
 * Asks at the checkout who sent the friend, by code or by name, where owner and program want it.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** One field that may stay empty, in both checkouts. */
final class Question {

	const FIELD = 'goodword_sender';
	const BLOCK = 'goodword/sender';

	/** Hangs up the hooks. */
	public static function init() {
		add_filter( 'woocommerce_checkout_fields', array( __CLASS__, 'classic' ) );
		add_action( 'woocommerce_init', array( __CLASS__, 'block' ) );
	}

	/**
	 * Whether it is asked.
	 *
	 * @return bool
	 */
	public static function asked() {
		return Settings::connected() && 'yes' === Settings::get( 'ask' ) && 'none' !== Settings::get( 'names' );
	}

	/**
	 * Adds the field to the classic checkout.
	 *
	 * @param array $fields The checkout's fields.
	 * @return array
	 */
	public static function classic( $fields ) {
		if ( self::asked() && is_array( $fields ) ) {
			$fields['billing'][ self::FIELD ] = array(
				'type'              => 'text',
				// Older WooCommerces print it as it is.
				'label'             => esc_html( self::label() ),
				'required'          => false,
				'class'             => array( 'form-row-wide' ),
				'autocomplete'      => 'off',
				'priority'          => 200,
				'custom_attributes' => array( 'maxlength' => '100' ),
			);
		}
		return $fields;
	}

	/** Adds the field to the block checkout, where WooCommerce can: since 8.9. */
	public static function block() {
		if ( ! self::asked() || ! function_exists( 'woocommerce_register_additional_checkout_field' ) ) {
			return;
		}
		try {
			woocommerce_register_additional_checkout_field(
				array(
					'id'                         => self::BLOCK,
					'label'                      => self::label(),
					'location'                   => 'order',
					'type'                       => 'text',
					'required'                   => false,
					// Somebody's name is for nobody who holds the link of the order.
					'show_in_order_confirmation' => false,
				)
			);
		} catch ( \Throwable $trouble ) {
			// The checkout goes on without it.
			wc_get_logger()->warning( $trouble->getMessage(), array( 'source' => 'goodword' ) );
		}
	}

	/**
	 * Returns the answer in what the classic checkout posted.
	 *
	 * @param mixed $data Its fields.
	 * @return string
	 */
	public static function in_posted( $data ) {
		return is_array( $data ) && isset( $data[ self::FIELD ] ) ? Word::typed( $data[ self::FIELD ] ) : '';
	}

	/**
	 * Returns the answer in what the block checkout sent.
	 *
	 * @param \WP_REST_Request $request The request.
	 * @return string
	 */
	public static function in_request( $request ) {
		$fields = $request['additional_fields'];
		return is_array( $fields ) && isset( $fields[ self::BLOCK ] ) ? Word::typed( $fields[ self::BLOCK ] ) : '';
	}

	/**
	 * Returns the code in an answer: a code is one word, and where names count too, it has a digit or a dash.
	 *
	 * What else may be a code there, the server finds in the name.
	 *
	 * @param string $answer What was typed.
	 * @return string Empty for a name.
	 */
	public static function code_in( $answer ) {
		if ( 'yes' !== Settings::get( 'names' ) ) {
			// One that was read out to somebody has a space.
			return Word::code( preg_replace( '/\s+/u', '', $answer ) );
		}
		$code = Word::code( $answer );
		return preg_match( '/[0-9_-]/', $code ) ? $code : '';
	}

	/**
	 * Returns what is asked, as plain text.
	 *
	 * @return string
	 */
	private static function label() {
		return 'yes' === Settings::get( 'names' )
			? Words::say( 'checkout.ask', __( 'Who recommended us? Code or name', 'goodword' ) )
			: Words::say( 'checkout.ask.code', __( 'Who recommended us? Their code', 'goodword' ) );
	}
}

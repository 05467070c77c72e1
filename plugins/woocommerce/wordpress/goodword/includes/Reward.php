<?php
/**
 * A reward in words: what it is worth, how it stands, and the way to use it.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** What a customer reads of one reward. */
final class Reward {

	/** How many digits stand behind the point, where it is not two. */
	const DIGITS = array(
		0 => 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
		3 => 'BHD IQD JOD KWD LYD OMR TND',
		4 => 'CLF UYW',
	);

	/**
	 * Returns what is shown of a reward.
	 *
	 * @param array $told As the server tells it.
	 * @return array{worth: string, state: string, coupon: string, coming: bool, use: string}
	 */
	public static function shown( array $told ) {
		$state  = isset( $told['state'] ) && is_string( $told['state'] ) ? $told['state'] : '';
		$coupon = 'granted' === $state && isset( $told['text'] ) ? Word::coupon( $told['text'] ) : '';
		return array(
			'worth'  => self::worth( isset( $told['worth'] ) && is_array( $told['worth'] ) ? $told['worth'] : array() ),
			'state'  => self::state( $state, isset( $told['release'] ) ? $told['release'] : null ),
			'coupon' => $coupon,
			'coming' => in_array( $state, array( 'waiting', 'due', 'granting', 'unknown' ), true ),
			'use'    => '' === $coupon ? '' : add_query_arg( Coupons::CHOSEN, rawurlencode( $coupon ), wc_get_cart_url() ),
		);
	}

	/**
	 * Says how it stands.
	 *
	 * @param string $state   The server's word.
	 * @param mixed  $release When its hold ends.
	 * @return string
	 */
	private static function state( $state, $release ) {
		$at = is_string( $release ) ? strtotime( $release ) : false;
		switch ( $state ) {
			case 'waiting':
				return $at
					? strtr( Words::say( 'own.reward.waiting', __( 'yours from {when}, when your friend\'s time to return things is over', 'goodword' ) ), array( '{when}' => wp_date( get_option( 'date_format' ), $at ) ) )
					: Words::say( 'own.reward.waiting.open', __( 'yours when your friend\'s time to return things is over', 'goodword' ) );
			case 'granted':
				return Words::say( 'own.reward.granted', __( 'ready for you', 'goodword' ) );
			case 'redeemed':
				return Words::say( 'own.reward.redeemed', __( 'used', 'goodword' ) );
			case 'paid':
				return Words::say( 'own.reward.paid', __( 'paid out', 'goodword' ) );
			case 'expired':
				return Words::say( 'own.reward.expired', __( 'expired', 'goodword' ) );
			case 'reversed':
			case 'offset':
				return Words::say( 'own.reward.reversed', __( 'taken back, as the order was', 'goodword' ) );
			case 'refused':
				return Words::say( 'own.reward.refused', __( 'not given; ask us why', 'goodword' ) );
			default:
				return Words::say( 'own.reward.coming', __( 'on its way', 'goodword' ) );
		}
	}

	/**
	 * Says what it is worth.
	 *
	 * @param array $money Minor units and currency.
	 * @return string
	 */
	private static function worth( array $money ) {
		$unit  = isset( $money['unit'] ) && is_string( $money['unit'] ) ? $money['unit'] : '';
		$minor = isset( $money['minor'] ) && is_int( $money['minor'] ) ? $money['minor'] : 0;
		if ( ! preg_match( '/\A[A-Z]{3}\z/', $unit ) ) {
			return Words::say( 'own.reward.gift', __( 'a gift', 'goodword' ) );
		}
		$digits = self::digits( $unit );
		// NT$100 has no cents that anybody would write.
		$shown = 'TWD' === $unit && 0 === $minor % 100 ? 0 : $digits;
		$price = wc_price( $minor / pow( 10, $digits ), array( 'currency' => $unit, 'decimals' => $shown ) );
		return html_entity_decode( wp_strip_all_tags( $price ), ENT_QUOTES, 'UTF-8' );
	}

	/**
	 * Returns how many digits a currency has.
	 *
	 * @param string $unit Its code.
	 * @return int
	 */
	private static function digits( $unit ) {
		foreach ( self::DIGITS as $digits => $units ) {
			if ( in_array( $unit, explode( ' ', $units ), true ) ) {
				return $digits;
			}
		}
		return 2;
	}
}

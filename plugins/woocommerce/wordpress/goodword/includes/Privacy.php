<?php
/**
 * Tells people what is kept of them, and forgets it when they ask.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Exporter, eraser, and words for the privacy policy. */
final class Privacy {

	const PAGE = 20;
	/** What a shopper wrote onto an order.  The other marks say who recommended the shop, and nothing of the shopper. */
	const WRITTEN = array( Orders::NAME, '_goodword_name_hint', '_wc_other/' . Question::BLOCK );

	/** Hangs up the hooks. */
	public static function init() {
		add_filter( 'wp_privacy_personal_data_exporters', array( __CLASS__, 'exporter' ) );
		add_filter( 'wp_privacy_personal_data_erasers', array( __CLASS__, 'eraser' ) );
		add_action( 'admin_init', array( __CLASS__, 'policy' ) );
		// WooCommerce itself takes the address off orders, on request or after a time: none is found by it any more.
		add_action( 'woocommerce_privacy_before_remove_order_personal_data', array( __CLASS__, 'clean' ) );
	}

	/** Offers words for the shop's policy. */
	public static function policy() {
		if ( function_exists( 'wp_add_privacy_policy_content' ) ) {
			$words  = '<p>' . esc_html__( 'When a friend’s link brings you here, we remember the code in that link, if you agree: in a cookie for as long as the gift can be taken, and on your order. It says who recommended us, and nothing about you.', 'goodword' ) . '</p>';
			$words .= '<p>' . esc_html__( 'When you ask for a link of your own, your first name and e-mail address go to our referral service, so that we can thank you; so does a new address, once you change it. That service also reads our orders with their e-mail address: to see which of them a friend recommended, and that nobody recommends themself.', 'goodword' ) . '</p>';
			wp_add_privacy_policy_content( 'goodword', wp_kses_post( $words ) );
		}
	}

	/**
	 * Adds our exporter.
	 *
	 * @param array $exporters WordPress's.
	 * @return array
	 */
	public static function exporter( $exporters ) {
		$exporters['goodword'] = array(
			'exporter_friendly_name' => __( 'Recommendations (goodword)', 'goodword' ),
			'callback'               => array( __CLASS__, 'export' ),
		);
		return $exporters;
	}

	/**
	 * Adds our eraser.
	 *
	 * @param array $erasers WordPress's.
	 * @return array
	 */
	public static function eraser( $erasers ) {
		$erasers['goodword'] = array(
			'eraser_friendly_name' => __( 'Recommendations (goodword)', 'goodword' ),
			'callback'             => array( __CLASS__, 'erase' ),
		);
		return $erasers;
	}

	/**
	 * Returns what is kept of somebody, a page at a time.
	 *
	 * @param string $email Their address.
	 * @param int    $page  From 1.
	 * @return array
	 */
	public static function export( $email, $page = 1 ) {
		$orders = self::orders( $email, $page );
		$found  = array_values( array_filter( array_map( array( __CLASS__, 'of_order' ), $orders ) ) );
		if ( 1 === (int) $page ) {
			$found = array_merge( self::of_member( $email ), self::of_server( $email ), $found );
		}
		return array( 'data' => $found, 'done' => count( $orders ) < self::PAGE );
	}

	/**
	 * Forgets somebody, a page at a time.
	 *
	 * @param string $email Their address.
	 * @param int    $page  From 1.
	 * @return array
	 */
	public static function erase( $email, $page = 1 ) {
		$orders = self::orders( $email, $page );
		$gone   = array_sum( array_map( array( __CLASS__, 'clean' ), $orders ) );
		$marked = array_filter( array_map( array( __CLASS__, 'of_order' ), $orders ) );
		$said   = $marked ? array( __( 'Orders keep the code by which they came: it says who recommended the shop, and nothing of this person.', 'goodword' ) ) : array();
		if ( 1 === (int) $page ) {
			$user  = get_user_by( 'email', $email );
			$whom  = array_filter( array( $email, $user ? Member::known_as( $user->ID ) : '' ), 'strlen' );
			$gone += self::forget_member( $email );
			$said  = array_merge( $said, self::forget_at_server( $whom ) );
		}
		return array(
			'items_removed'  => $gone > 0,
			'items_retained' => array() !== $said,
			'messages'       => $said,
			'done'           => count( $orders ) < self::PAGE,
		);
	}

	/**
	 * Returns somebody's orders, as WooCommerce finds them.  In the sequence of their ids: erasing must not shift the pages.
	 *
	 * @param string $email The address.
	 * @param int    $page  From 1.
	 * @return \WC_Order[]
	 */
	private static function orders( $email, $page ) {
		if ( ! function_exists( 'wc_get_orders' ) ) {
			return array();
		}
		$user   = get_user_by( 'email', $email );
		$whose  = $user ? array( $email, (int) $user->ID ) : array( $email );
		$wanted = array( 'customer' => $whose, 'limit' => self::PAGE, 'page' => max( 1, (int) $page ), 'orderby' => 'ID', 'order' => 'ASC' );
		return (array) wc_get_orders( $wanted );
	}

	/**
	 * Returns what an order has of ours.
	 *
	 * @param \WC_Order $order The order.
	 * @return array|null
	 */
	private static function of_order( $order ) {
		$data = array();
		foreach ( Orders::ALL as $name ) {
			$value = (string) $order->get_meta( $name );
			if ( '' !== $value ) {
				$data[] = array( 'name' => $name, 'value' => $value );
			}
		}
		return $data ? self::item( 'order-' . $order->get_id(), $data ) : null;
	}

	/**
	 * Returns a customer's own code.
	 *
	 * @param string $email Their address.
	 * @return array
	 */
	private static function of_member( $email ) {
		$user = get_user_by( 'email', $email );
		$kept = $user ? get_user_option( Member::CODE, $user->ID ) : null;
		return is_array( $kept ) && isset( $kept['code'] )
			? array( self::item( 'code', array( array( 'name' => Words::say( 'kept.code', __( 'Code', 'goodword' ) ), 'value' => (string) $kept['code'] ) ) ) )
			: array();
	}

	/**
	 * Returns what the server keeps.
	 *
	 * @param string $email Their address.
	 * @return array
	 */
	private static function of_server( $email ) {
		if ( ! Settings::connected() ) {
			return array();
		}
		list( $status, $told ) = self::ask_server( '/v1/people/export', $email );
		if ( 404 === $status && isset( $told['reason'] ) && 'unknown_person' === $told['reason'] ) {
			return array();
		}
		$said = 200 === $status
			? wp_json_encode( $told )
			// Better than a list that looks whole.
			: Words::say( 'kept.silent', __( 'It did not answer. Ask us again for what it keeps of you.', 'goodword' ) );
		return array( self::item( 'server', array( array( 'name' => Words::say( 'kept.server', __( 'At our referral service', 'goodword' ) ), 'value' => $said ) ) ) );
	}

	/**
	 * Takes off an order what its shopper wrote for us.
	 *
	 * @param \WC_Order $order The order.
	 * @return int How much there was.
	 */
	public static function clean( $order ) {
		$gone = 0;
		foreach ( self::WRITTEN as $name ) {
			if ( '' !== (string) $order->get_meta( $name ) ) {
				$order->delete_meta_data( $name );
				++$gone;
			}
		}
		if ( $gone ) {
			$order->save();
		}
		return $gone;
	}

	/**
	 * Forgets a customer's own code.
	 *
	 * @param string $email Their address.
	 * @return int
	 */
	private static function forget_member( $email ) {
		$user  = get_user_by( 'email', $email );
		$guest = Member::guest( $email );
		delete_transient( 'goodword_' . $guest );
		delete_transient( Member::place_of_rewards( $user ? (string) $user->ID : $guest ) );
		return $user && delete_user_option( $user->ID, Member::CODE ) ? 1 : 0;
	}

	/**
	 * Has the server forget somebody, now or later; returns what there is to say about it.
	 *
	 * @param string[] $whom Address and id.
	 * @return string[]
	 */
	private static function forget_at_server( array $whom ) {
		try {
			$came = Forgetting::tell( $whom );
		} catch ( \Throwable $trouble ) {
			// WordPress erases the rest, whatever becomes of ours.
			$came = Forgetting::NEVER;
		}
		switch ( $came ) {
			case Forgetting::DONE:
				return array();
			case Forgetting::LATER:
				return array( __( 'goodword does not answer just now. It is told to forget this person as soon as it does; you need not do anything.', 'goodword' ) );
			default:
				return array( __( 'goodword could not be told to forget this person. Do it on its own pages, or try again.', 'goodword' ) );
		}
	}

	/**
	 * Asks the server about somebody.
	 *
	 * @param string $path  Which route.
	 * @param string $email Their address.
	 * @return array{0: int, 1: array}
	 */
	private static function ask_server( $path, $email ) {
		if ( '' === Settings::secret( 'key' ) ) {
			return array( 0, array() );
		}
		Backend::again();
		return Backend::ask( 'POST', $path, Settings::secret( 'key' ), array( 'id' => $email ) );
	}

	/**
	 * Returns an item as WordPress wants it.
	 *
	 * @param string $id   Its id.
	 * @param array  $data Names and values.
	 * @return array
	 */
	private static function item( $id, array $data ) {
		return array(
			'group_id'    => 'goodword',
			'group_label' => Words::say( 'kept.title', __( 'Recommendations', 'goodword' ) ),
			'item_id'     => 'goodword-' . $id,
			'data'        => $data,
		);
	}
}

<?php
/**
 * Puts the scripts onto the shop's pages.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** goodword.js keeps a friend's code; the others tell the shop, and show a customer their own. */
final class Pages {

	const WIDGET = 'goodword';
	const KEEP   = 'goodword-keep';
	const OWN    = 'goodword-own';

	/** Hangs up the hooks. */
	public static function init() {
		add_action( 'wp_enqueue_scripts', array( __CLASS__, 'scripts' ) );
		add_filter( 'script_loader_tag', array( __CLASS__, 'tag' ), 10, 2 );
	}

	/** Adds what keeps a friend's code: any page may be the one that a link leads to. */
	public static function scripts() {
		if ( ! Settings::connected() ) {
			return;
		}
		$later = array( 'strategy' => 'async', 'in_footer' => false );
		wp_register_script( self::WIDGET, self::url( 'goodword.js' ), array(), GOODWORD_VERSION, $later );
		wp_enqueue_script( self::WIDGET );
		wp_enqueue_script( self::KEEP, self::url( 'keep.js' ), array(), GOODWORD_VERSION, $later );
	}

	/** Adds what shows a customer their own code; only where that is shown. */
	public static function own() {
		$defer = array( 'strategy' => 'defer', 'in_footer' => true );
		wp_register_script( 'goodword-qr', self::url( 'vendored/qrcode.js' ), array(), GOODWORD_VERSION, $defer );
		wp_enqueue_script( self::OWN, self::url( 'own.js' ), array( 'goodword-qr' ), GOODWORD_VERSION, $defer );
		wp_enqueue_style( self::OWN, self::url( 'own.css' ), array(), GOODWORD_VERSION );
	}

	/**
	 * Gives our scripts what they must know, in attributes: no policy on scripts stands against those.
	 *
	 * @param string $tag    The script's tag.
	 * @param string $handle Its name.
	 * @return string
	 */
	public static function tag( $tag, $handle ) {
		$told = array();
		if ( self::WIDGET === $handle ) {
			$told = array(
				'shop'    => Settings::get( 'shop' ),
				'key'     => Settings::get( 'key' ),
				'server'  => Settings::get( 'server' ),
				'consent' => Settings::get( 'consent' ),
			);
		} elseif ( self::KEEP === $handle ) {
			$told = array( 'rest' => rest_url( Rest::NAME ) );
		}
		$attributes = '';
		foreach ( $told as $name => $value ) {
			$attributes .= sprintf( ' data-%s="%s"', $name, esc_attr( $value ) );
		}
		return '' === $attributes ? $tag : preg_replace( '/<script /', '<script' . str_replace( array( '\\', '$' ), array( '\\\\', '\$' ), $attributes ) . ' ', $tag, 1 );
	}

	/**
	 * Returns where a file of ours is.
	 *
	 * @param string $name Its name.
	 * @return string
	 */
	private static function url( $name ) {
		return plugins_url( 'assets/' . $name, GOODWORD_FILE );
	}
}

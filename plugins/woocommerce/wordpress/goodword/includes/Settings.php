<?php
/**
 * What the owner chose, and what the server gave this shop when it was connected.
 *
 * @package Goodword
 */

namespace Goodword;

defined( 'ABSPATH' ) || exit;

/** Two options: one that pages need, and one with secrets that is read only where it is used. */
final class Settings {

	const OPEN   = 'goodword';
	const SECRET = 'goodword_secret';

	/** What holds before anybody chose. */
	const DEFAULTS = array(
		'server'  => '',
		'shop'    => '',
		'key'     => '',
		'consent' => 'required',
		'ask'     => '',
		'thanks'  => 'yes',
		'account' => 'yes',
		'program' => '',
		'names'   => '',
		'home'    => '',
	);

	/**
	 * Returns one setting.
	 *
	 * @param string $name Its name.
	 * @return string
	 */
	public static function get( $name ) {
		$all = get_option( self::OPEN );
		$all = is_array( $all ) ? $all : array();
		$one = isset( $all[ $name ] ) ? $all[ $name ] : self::DEFAULTS[ $name ];
		return is_string( $one ) ? $one : '';
	}

	/**
	 * Changes some settings and keeps the others.
	 *
	 * @param array $changed Name to value.
	 */
	public static function change( array $changed ) {
		$all = get_option( self::OPEN );
		$all = array_merge( self::DEFAULTS, is_array( $all ) ? $all : array(), $changed );
		update_option( self::OPEN, array_intersect_key( $all, self::DEFAULTS ) );
	}

	/**
	 * Returns a secret: the server's key, or the id of the key that it was given.
	 *
	 * @param string $name `key` or `api_key`.
	 * @return string
	 */
	public static function secret( $name ) {
		$all = get_option( self::SECRET );
		return is_array( $all ) && isset( $all[ $name ] ) ? (string) $all[ $name ] : '';
	}

	/**
	 * Keeps secrets, out of what WordPress loads with every page.
	 *
	 * @param array $secrets Name to value.
	 */
	public static function keep_secrets( array $secrets ) {
		delete_option( self::SECRET );
		add_option( self::SECRET, $secrets, '', false );
	}

	/**
	 * Whether this shop is connected.
	 *
	 * @return bool
	 */
	public static function connected() {
		return '' !== self::get( 'server' ) && '' !== self::get( 'shop' ) && '' !== self::get( 'key' );
	}

	/**
	 * Whether this site is at another address than the one that was connected: it moved, or is a copy.
	 *
	 * @return bool
	 */
	public static function elsewhere() {
		$before = self::get( 'home' );
		return '' !== $before && self::site( $before ) !== self::site( (string) get_option( 'home' ) );
	}

	/**
	 * Returns what tells one site from another: by http or https, with or without www, it is the same.
	 *
	 * @param string $url An address.
	 * @return string
	 */
	private static function site( $url ) {
		return preg_replace( '~\Ahttps?://(www\.)?|/+\z~', '', strtolower( $url ) );
	}

	/** Forgets the connection, and what was heard through it; keeps what the owner chose. */
	public static function disconnect() {
		global $wpdb;
		$none = array( 'server' => '', 'shop' => '', 'key' => '', 'program' => '', 'names' => '', 'home' => '' );
		self::change( $none );
		delete_option( self::SECRET );
		$like = $wpdb->esc_like( '_transient_goodword_' ) . '%';
		// phpcs:ignore WordPress.DB -- WordPress lists transients in no other way.
		foreach ( $wpdb->get_col( $wpdb->prepare( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE %s", $like ) ) as $name ) {
			delete_transient( substr( $name, strlen( '_transient_' ) ) );
		}
	}

	/**
	 * Names what is heard of this connection: no other one reads it, even where a cache keeps it that cannot be listed.
	 *
	 * @param string $kind What it is.
	 * @param string $of   Of whom or what.
	 * @return string
	 */
	public static function place( $kind, $of ) {
		return 'goodword_' . $kind . '_' . md5( self::get( 'server' ) . '|' . self::get( 'shop' ) . '|' . $of );
	}
}

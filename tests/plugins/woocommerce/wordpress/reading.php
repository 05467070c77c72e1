<?php
/** Has this PHP read each file of a folder, without running any; what it cannot read ends it. */

$files = new RecursiveIteratorIterator( new RecursiveDirectoryIterator( $argv[1], FilesystemIterator::SKIP_DOTS ) );
$read  = 0;
foreach ( $files as $file ) {
	if ( 'php' === $file->getExtension() ) {
		token_get_all( file_get_contents( $file->getPathname() ), TOKEN_PARSE );
		++$read;
	}
}
echo 'PHP ', PHP_MAJOR_VERSION, '.', PHP_MINOR_VERSION, ' read ', $read, "\n";

<?php
/** A page of one paragraph, with what plugins add to any page. */
?>
<!doctype html>
<html <?php language_attributes(); ?>>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<?php wp_head(); ?>
</head>
<body>
<p>Oolong of this spring.</p>
<?php wp_footer(); ?>
</body>
</html>

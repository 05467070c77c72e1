"""The widget: what a shop's own pages take from us, a script and one sheet of JSON."""

"""Moving in from another tool, and out again, by files."""

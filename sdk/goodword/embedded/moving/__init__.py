"""Moving in from another tool, all or nothing, and out again."""

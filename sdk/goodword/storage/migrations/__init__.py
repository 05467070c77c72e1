"""The migrations of the library's tables, shipped in the wheel."""

"""What each duty asks for and books: one module a duty, all with the same two steps."""

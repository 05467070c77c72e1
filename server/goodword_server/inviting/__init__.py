"""Inviting advocates whom a shop vouches for: from a list, and by one first mail."""

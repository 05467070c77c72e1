"""Joining a shop to its platform with its owner's consent, and leaving it again."""

"""Joining a shop to its platform with its owner's agreement, and leaving it again."""

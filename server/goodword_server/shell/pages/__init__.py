"""The pages of one shop."""

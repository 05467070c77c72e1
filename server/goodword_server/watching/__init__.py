"""Rounds: what a worker looks at regularly in each connected shop."""

"""Measures the hot paths, each beside its own limit in the same run: ``python run.py bench``."""

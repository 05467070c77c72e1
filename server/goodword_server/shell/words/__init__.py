"""Sentences of the shell, in English and Traditional Chinese."""

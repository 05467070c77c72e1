"""The demo: one referral's whole story, on recorded traffic of a real shop."""

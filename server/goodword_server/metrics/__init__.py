"""What an operator's Prometheus reads: what was done, and how things stand."""

"""The HTTP API: each route is a verb of `Referrals`.  The key says whose shop it is."""

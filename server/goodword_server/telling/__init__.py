"""Webhooks out: endpoints of a shop are told what happened there."""

"""Andon: alerting."""

"""Andon: registry."""

"""Andon: query."""

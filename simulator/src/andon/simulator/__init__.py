"""Andon: simulator."""

"""Andon: cli."""

"""Andon: ingest."""

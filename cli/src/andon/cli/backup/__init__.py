"""Backup and restore of everything an Andon keeps."""

"""Alembic's migrations, run at start by storage.database."""

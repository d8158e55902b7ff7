"""Alembic's entry: the migrations run on the connection that `database.py` hands over."""

from alembic import context

from andon.alerting.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()

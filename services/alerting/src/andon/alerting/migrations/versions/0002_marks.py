"""Marks: what was done once in the life of a database.

Revision ID: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table("marks", sa.Column("name", sa.String(40), primary_key=True))


def downgrade() -> None:
    """Go back."""
    op.drop_table("marks")

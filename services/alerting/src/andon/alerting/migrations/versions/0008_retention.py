"""Notifications are found by their age, for old ones are removed.

Revision ID: 0008
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])


def downgrade() -> None:
    """Go back."""
    op.drop_index("ix_outbox_created_at", "outbox")

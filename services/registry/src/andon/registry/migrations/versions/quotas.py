"""A quota of its own for a device, in messages per second; none: that of all others."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column."""
    op.add_column("devices", sa.Column("quota", sa.Integer))

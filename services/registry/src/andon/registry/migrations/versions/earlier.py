"""Where values of a machine were stored while it had another type."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column: of changes before this one nothing is known."""
    op.add_column("assets", sa.Column("earlier", sa.JSON, nullable=False, server_default="[]"))

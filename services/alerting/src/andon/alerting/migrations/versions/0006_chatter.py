"""Phases count how often they were raised within a minute.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEVER = str(-(2**63))


def upgrade() -> None:
    """Go forward."""
    with op.batch_alter_table("phases") as table:
        table.add_column(sa.Column("raises", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("counted", sa.BigInteger(), nullable=False, server_default=_NEVER))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("phases") as table:
        table.drop_column("counted")
        table.drop_column("raises")

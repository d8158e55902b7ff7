"""Lines of the journal know whether InfluxDB has them; those that are there already are still to be recorded.

Revision ID: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NOT_YET = sa.text("NOT recorded")


def upgrade() -> None:
    """Go forward."""
    op.add_column("transitions", sa.Column("recorded", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("transitions_to_record", "transitions", ["at"], sqlite_where=NOT_YET, postgresql_where=NOT_YET)


def downgrade() -> None:
    """Go back."""
    op.drop_index("transitions_to_record", "transitions")
    op.drop_column("transitions", "recorded")

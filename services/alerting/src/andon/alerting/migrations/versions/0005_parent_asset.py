"""Of an alarm that another one explains: the machine of that one, for not everybody may see it.

Revision ID: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("alarms", sa.Column("parent_asset", sa.String(300)))
    alarms = sa.table("alarms", *map(sa.column, ("id", "asset", "parent", "parent_asset")))
    parents = alarms.alias()
    machine = sa.select(parents.c.asset).where(parents.c.id == alarms.c.parent).scalar_subquery()
    op.execute(sa.update(alarms).where(alarms.c.parent.is_not(None)).values(parent_asset=machine))


def downgrade() -> None:
    """Go back."""
    op.drop_column("alarms", "parent_asset")

"""Silences know their rule and their part of the plant by id, and so keep them when these are renamed.

What they say of the plant is by path until now, and stays so: ids of the plant are the registry's to know.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.add_column("silences", sa.Column("under_id", sa.String(130), nullable=False, server_default=""))
    op.add_column("silences", sa.Column("rule_id", sa.String(16)))
    silences = sa.table("silences", *map(sa.column, ("rule", "rule_id")))
    rules = sa.table("rules", *map(sa.column, ("id", "name")))
    known = sa.select(rules.c.id).where(rules.c.name == silences.c.rule).scalar_subquery()
    op.execute(sa.update(silences).where(silences.c.rule.is_not(None)).values(rule_id=known))


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("silences") as table:
        table.drop_column("rule_id")
        table.drop_column("under_id")

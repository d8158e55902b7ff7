"""What the pages need kept: documents, the pages of machine types, preferences, saved views; and when devices spoke."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the columns, empty, and the table of views."""
    for table in ("machine_types", "assets"):
        op.add_column(table, sa.Column("documents", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("machine_types", sa.Column("page", sa.JSON, nullable=False, server_default="[]"))
    op.add_column("people", sa.Column("preferences", sa.JSON, nullable=False, server_default="{}"))
    op.add_column("devices", sa.Column("last_seen", sa.BigInteger))
    op.create_table(
        "views",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("owner", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("address", sa.String(2000), nullable=False),
        sa.Column("shared", sa.Boolean, nullable=False),
        sa.Column("scope", sa.String(255), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_views"),
        sa.ForeignKeyConstraint(["owner"], ["people.id"], name="fk_views_owner"),
    )
    op.create_index("ix_views_owner", "views", ["owner"])

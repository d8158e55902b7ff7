"""The datatype of each field: as the types have it, then as the machines have it, in order of path."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_types = sa.table("machine_types", sa.column("slug", sa.String), sa.column("sensors", sa.JSON))
_assets = sa.table("assets", sa.column("path", sa.String), sa.column("type", sa.String), sa.column("sensors", sa.JSON))


def upgrade() -> None:
    """Create the table and fill it from what is there."""
    table = op.create_table(
        "fields",
        sa.Column("measurement", sa.String(63), nullable=False),
        sa.Column("key", sa.String(63), nullable=False),
        sa.Column("datatype", sa.String(8), nullable=False),
        sa.PrimaryKeyConstraint("measurement", "key", name="pk_fields"),
    )
    if found := _found():
        op.bulk_insert(table, [{"measurement": m, "key": k, "datatype": d} for (m, k), d in found.items()])


def _found() -> dict[tuple[str, str], str]:
    database = op.get_bind()
    sources: list[Any] = [
        *database.execute(sa.select(_types.c.slug, _types.c.sensors)),
        *database.execute(sa.select(_assets.c.type, _assets.c.sensors).order_by(_assets.c.path)),
    ]
    found: dict[tuple[str, str], str] = {}
    for type_, sensors in sources:
        for sensor in sensors:
            found.setdefault((type_ or "machine", sensor["key"]), sensor.get("datatype", "float"))
    return found

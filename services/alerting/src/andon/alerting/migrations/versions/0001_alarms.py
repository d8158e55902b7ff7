"""Rules, channels, alarms, transitions, phases, outbox.

Revision ID: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _create_rules()
    _create_alarms()
    _create_phases()
    _create_outbox()


def downgrade() -> None:
    """Go back."""
    for table in ("outbox", "phases", "transitions", "alarms", "rules", "channels"):
        op.drop_table(table)


def _create_rules() -> None:
    op.create_table(
        "channels",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("target", sa.String(2000), nullable=False),
    )
    op.create_table(
        "rules",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("condition", sa.JSON(), nullable=False),
        sa.Column("deadband", sa.Double(), nullable=False),
        sa.Column("on_delay", sa.String(40), nullable=False),
        sa.Column("off_delay", sa.String(40), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
    )


def _create_alarms() -> None:
    op.create_table("alarms", *_alarm_columns())
    op.create_index("ix_alarms_asset", "alarms", ["asset"])
    op.create_index("ix_alarms_state", "alarms", ["state"])
    op.create_index("alarms_in_order", "alarms", ["rank", "since"])
    op.create_index("alarms_by_time", "alarms", ["since"])
    is_open = sa.text("state != 'normal'")
    op.create_index(
        "one_open_alarm",
        "alarms",
        ["rule_id", "asset_id", "key"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "transitions",
        sa.Column("alarm_id", sa.String(16), sa.ForeignKey("alarms.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("from_state", sa.String(20), nullable=False),
        sa.Column("to_state", sa.String(20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double()),
        sa.Column("by", sa.String(200)),
        sa.Column("comment", sa.String(2000)),
    )


def _alarm_columns() -> list[sa.Column[object]]:
    def text(name: str, size: int) -> sa.Column[object]:
        return sa.Column(name, sa.String(size), nullable=False)

    return [
        sa.Column("id", sa.String(16), primary_key=True),
        text("rule_id", 16),
        text("rule_name", 100),
        text("asset_id", 64),
        text("key", 64),
        text("asset", 300),
        text("asset_name", 200),
        text("sensor", 400),
        text("unit", 40),
        text("state", 20),
        sa.Column("active", sa.Boolean(), nullable=False),
        text("severity", 20),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("limit", sa.Double(), nullable=False),
        text("message", 500),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("acknowledged_by", sa.String(200)),
        sa.Column("acknowledged_at", sa.BigInteger()),
        sa.Column("comment", sa.String(2000)),
        sa.Column("cleared_at", sa.BigInteger()),
    ]


def _create_phases() -> None:
    op.create_table(
        "phases",
        sa.Column("rule_id", sa.String(16), primary_key=True),
        sa.Column("asset_id", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("state", sa.Integer(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
    )


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("alarm_id", sa.String(16), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(100), nullable=False),
        sa.Column("asset", sa.String(300), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger()),
        sa.Column("error", sa.String(500)),
        sa.UniqueConstraint("alarm_id", "number", "channel"),
    )
    op.create_index("outbox_due", "outbox", ["state", "next_at"])

"""Policies, schedules, silences, escalations; messages that are claimed, merged, muted, or taken over.

Revision ID: 0004
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    _create_plans()
    _create_silences()
    _create_ways()
    _rebuild_outbox()


def downgrade() -> None:
    """Messages have states now that nothing before this can say.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("There is no way back behind 0004; restore a copy of the database")


def _text(name: str, size: int, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.String(size), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger(), nullable=null)


def _counted() -> sa.Column[object]:
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True)


def _create_plans() -> None:
    for table in ("policies", "schedules"):
        op.create_table(
            table,
            sa.Column("id", sa.String(16), primary_key=True),
            sa.Column("name", sa.String(100), nullable=False, unique=True),
            sa.Column("draft", sa.JSON(), nullable=False),
        )
    op.create_table(
        "overrides",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("schedule_id", sa.String(16), sa.ForeignKey("schedules.id", ondelete="CASCADE"), nullable=False),
        _text("member", 100),
        *(_number(name) for name in ("start", "end", "created_at")),
        _text("by", 200),
    )
    op.create_index("ix_overrides_schedule_id", "overrides", ["schedule_id"])


def _create_silences() -> None:
    op.create_table(
        "silences",
        sa.Column("id", sa.String(16), primary_key=True),
        *(
            _text(name, size)
            for name, size in (("kind", 20), ("under", 400), ("zone", 64), ("reason", 2000), ("by", 200))
        ),
        *(_text(name, size, null=True) for name, size in (("rule", 100), ("below", 20), ("ended_by", 200))),
        *(_number(name) for name in ("start", "end", "created_at")),
        *(_number(name, null=True) for name in ("until", "ended_at")),
        sa.Column("weekly", sa.Boolean(), nullable=False),
    )
    op.create_index("ix_silences_ended_at", "silences", ["ended_at"])


def _create_ways() -> None:
    op.create_table(
        "intents",
        _counted(),
        _text("alarm_id", 16),
        sa.Column("number", sa.Integer(), nullable=False),
        _text("event", 20),
        _number("at"),
        sa.Column("channels", sa.JSON(), nullable=False),
        _text("policy", 100, null=True),
        sa.Column("payload", sa.JSON(), nullable=False),
        _number("created_at"),
    )
    op.create_table(
        "escalations",
        sa.Column("alarm_id", sa.String(16), primary_key=True),
        _text("policy", 100),
        _text("event", 20),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("number", "step", "repeat")),
        *(_number(name) for name in ("began", "due", "at")),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
    )
    op.create_index("ix_escalations_due", "escalations", ["due"])
    op.create_table(
        "budgets",
        sa.Column("channel", sa.String(100), primary_key=True),
        sa.Column("tokens", sa.Double(), nullable=False),
        _number("at"),
    )


def _rebuild_outbox() -> None:
    """A new table, for SQLite cannot drop the constraint without a name that the old one has."""
    bind = op.get_bind()
    op.drop_index("outbox_due", "outbox")
    op.rename_table("outbox", "outbox_before")
    op.create_table("outbox", *_outbox_columns())
    kept = "id, alarm_id, number, channel, asset, payload, state, attempts, created_at, next_at, sent_at, error"
    bind.execute(
        sa.text(
            f"INSERT INTO outbox ({kept}, step, repeat, place, event, at, rank, bundle, held)"  # noqa: S608 - ours
            f" SELECT {kept}, 0, 0, '', '', created_at, 0, '', false FROM outbox_before"
        )
    )
    op.drop_table("outbox_before")
    if bind.dialect.name == "postgresql":
        bind.execute(sa.text("SELECT setval(pg_get_serial_sequence('outbox', 'id'), max(id)) FROM outbox"))
    bind.execute(
        sa.text(
            "UPDATE outbox SET event = CASE WHEN EXISTS (SELECT 1 FROM transitions WHERE to_state = 'unacknowledged'"
            " AND transitions.alarm_id = outbox.alarm_id AND transitions.number = outbox.number)"
            " THEN 'called' ELSE 'over' END"
        )
    )
    op.create_index("outbox_due", "outbox", ["state", "channel", "next_at"])
    op.create_index("outbox_of_alarm", "outbox", ["alarm_id", "channel"])
    op.create_index("outbox_merged", "outbox", ["merged_in"])
    op.create_index("ix_outbox_until", "outbox", ["until"])


def _outbox_columns() -> list[Any]:
    return [
        _counted(),
        _text("alarm_id", 16),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("number", "step", "repeat", "rank", "attempts")),
        *(
            _text(name, size)
            for name, size in (
                ("channel", 100),
                ("asset", 300),
                ("place", 300),
                ("event", 20),
                ("bundle", 400),
                ("state", 20),
            )
        ),
        *(
            _text(name, size, null=True)
            for name, size in (("reason", 200), ("stands_in", 100), ("owner", 40), ("error", 500))
        ),
        *(_number(name) for name in ("at", "created_at", "next_at")),
        *(_number(name, null=True) for name in ("until", "merged_in", "claimed_until", "sent_at")),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.UniqueConstraint("channel", "alarm_id", "number", "step", "repeat", name="told_once"),
    ]

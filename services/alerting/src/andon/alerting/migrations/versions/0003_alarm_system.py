"""Rules of any form, calendars, all states of an alarm, shared work, late samples, keys and browsers.

Revision ID: 0003
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_RULE = ("scope", "condition", "deadband", "on_delay", "off_delay", "severity", "channels")
_READ_AS_JSON = ("scope", "condition", "channels")


def upgrade() -> None:
    """Go forward."""
    _write_rules_as_drafts()
    _add_to_channels()
    _add_to_alarms()
    _add_to_transitions()
    _add_phases_of_levels()
    _create_new()


def downgrade() -> None:
    """Rules have forms now that nothing before this can say.

    Raises:
        NotImplementedError: always.
    """
    raise NotImplementedError("There is no way back behind 0003; restore a copy of the database")


def _write_rules_as_drafts() -> None:
    bind = op.get_bind()
    rows = bind.execute(sa.text(f"SELECT id, name, {', '.join(_RULE)} FROM rules")).mappings().all()  # noqa: S608 - ours
    op.drop_table("rules")
    rules = op.create_table(
        "rules",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("draft", sa.JSON(), nullable=False),
    )
    drafts = [{"id": row["id"], "name": row["name"], "draft": _draft(dict(row))} for row in rows]
    if drafts:
        op.bulk_insert(rules, drafts)


def _draft(row: dict[str, object]) -> dict[str, object]:
    """The fields of a rule; JSON comes as text from SQLite, and as itself from PostgreSQL."""
    return {"name": row["name"]} | {
        name: json.loads(value) if name in _READ_AS_JSON and isinstance(value, str) else value
        for name in _RULE
        for value in [row[name]]
    }


def _add_to_channels() -> None:
    op.add_column("channels", sa.Column("secret", sa.String(100)))
    op.add_column("channels", sa.Column("fallback", sa.String(100)))


def _add_to_alarms() -> None:
    no, nothing = sa.text("false"), sa.text("''")
    with _journals_kept(), op.batch_alter_table("alarms") as table:
        for number in ("value", "limit"):
            table.alter_column(number, existing_type=sa.Double(), nullable=True)
        for flag in ("acknowledged", "latched", "suppressed", "gated", "out_of_service", "late", "first_out"):
            table.add_column(sa.Column(flag, sa.Boolean(), nullable=False, server_default=no))
        for name, size in (("level", 20), ("group", 400)):
            table.add_column(sa.Column(name, sa.String(size), nullable=False, server_default=nothing))
        for name, default in (("levels", "[]"), ("advice", "{}")):
            table.add_column(sa.Column(name, sa.JSON(), nullable=False, server_default=default))
        for name, size in (
            ("suppressed_by", 200),
            ("parent", 16),
            ("shelved_by", 200),
            ("shelved_reason", 2000),
            ("service_reason", 2000),
            ("assigned_to", 200),
        ):
            table.add_column(sa.Column(name, sa.String(size)))
        for name in ("shelved_until", "realarm_at"):
            table.add_column(sa.Column(name, sa.BigInteger()))
        for name in ("group", "shelved_until", "realarm_at", "parent"):
            table.create_index(f"ix_alarms_{name}", [name])
    _order_alarms_anew()
    op.execute("UPDATE alarms SET acknowledged = (acknowledged_by IS NOT NULL)")
    op.execute("UPDATE alarms SET levels = '[\"\"]' WHERE active")


@contextmanager
def _journals_kept() -> Iterator[None]:
    """SQLite gets a new table of alarms; what hangs on the alarms of the old one is deleted with that."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    op.execute("CREATE TEMPORARY TABLE journals AS SELECT * FROM transitions")
    yield
    op.execute("INSERT OR IGNORE INTO transitions SELECT * FROM journals")
    op.execute("DROP TABLE journals")


def _order_alarms_anew() -> None:
    """Indexes of lists: what is open in the operators' order, all by time, and those of a rule."""
    is_open = sa.text("state != 'normal'")
    op.drop_index("alarms_in_order", "alarms")
    op.drop_index("alarms_by_time", "alarms")
    op.drop_index("ix_alarms_state", "alarms")
    op.create_index(
        "open_alarms_in_order", "alarms", ["rank", "since", "id"], sqlite_where=is_open, postgresql_where=is_open
    )
    op.create_index("alarms_of_state", "alarms", ["state", "rank", "since", "id"])
    op.create_index("alarms_by_time", "alarms", ["since", "id"])
    op.create_index("alarms_of_rule", "alarms", ["rule_id", "since"])


def _add_to_transitions() -> None:
    with op.batch_alter_table("transitions") as table:
        for name in ("event", "severity"):
            table.add_column(sa.Column(name, sa.String(20), nullable=False, server_default=sa.text("''")))
        table.add_column(sa.Column("late", sa.Boolean(), nullable=False, server_default=sa.text("false")))
        table.create_index("ix_transitions_at", ["at"])
    op.execute(
        "UPDATE transitions SET severity = (SELECT severity FROM alarms WHERE alarms.id = transitions.alarm_id),"
        " event = CASE WHEN to_state = 'unacknowledged' THEN 'raised' WHEN by IS NOT NULL THEN 'acknowledged'"
        " WHEN comment IS NOT NULL THEN 'closed' ELSE 'cleared' END"
    )


def _add_phases_of_levels() -> None:
    bind = op.get_bind()
    old = bind.execute(sa.text("SELECT * FROM phases")).mappings().all()
    op.drop_table("phases")
    numbers = ("since", "due", "least", "last", "heard")
    phases = op.create_table(
        "phases",
        sa.Column("rule_id", sa.String(16), primary_key=True),
        sa.Column("asset_id", sa.String(64), primary_key=True),
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("level", sa.String(20), primary_key=True),
        sa.Column("state", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in numbers),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
    )
    # A delay that runs is over by now; how long it was is in the rule, and a first sample sets it anew.
    new = {"level": "", "least": -(2**63), "count": 1, "late": False}
    if old:
        op.bulk_insert(phases, [dict(row) | new | {"due": row["last"], "heard": row["last"]} for row in old])


def _create_new() -> None:
    op.create_table(
        "calendars",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("name", sa.String(100), nullable=False, unique=True),
        sa.Column("draft", sa.JSON(), nullable=False),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("owner", sa.String(40), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
    )
    op.create_table(
        "late",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True),
        sa.Column("asset_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("start", "end", "noted_at")),
    )
    op.create_index("late_of_sensor", "late", ["asset_id", "key"])
    op.create_table(
        "kept",
        sa.Column("name", sa.String(40), primary_key=True),
        sa.Column("value", sa.String(4000), nullable=False),
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("id", sa.String(16), primary_key=True),
        sa.Column("person", sa.String(200), nullable=False),
        sa.Column("scope", sa.String(300), nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False, unique=True),
        sa.Column("p256dh", sa.String(200), nullable=False),
        sa.Column("auth", sa.String(100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("failed_at", sa.BigInteger()),
    )
    op.create_index("ix_push_subscriptions_person", "push_subscriptions", ["person"])

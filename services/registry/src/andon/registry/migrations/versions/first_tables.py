"""Machine types, assets, devices, people and tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create the first tables."""
    _plant()
    _credentials()


def _plant() -> None:
    op.create_table(
        "machine_types",
        sa.Column("slug", sa.String(63), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("sensors", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("slug", name="pk_machine_types"),
    )
    op.create_table(
        "assets",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("parent", sa.String(8)),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("slug", sa.String(63), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("path", sa.String(255), nullable=False),
        sa.Column("type", sa.String(63)),
        sa.Column("labels", sa.JSON, nullable=False),
        sa.Column("sensors", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_assets"),
        sa.UniqueConstraint("path", name="uq_assets_path"),
        sa.ForeignKeyConstraint(["parent"], ["assets.id"], name="fk_assets_parent"),
        sa.ForeignKeyConstraint(["type"], ["machine_types.slug"], name="fk_assets_type"),
    )
    op.create_index("ix_assets_parent", "assets", ["parent"])
    op.create_index("ix_assets_type", "assets", ["type"])


def _credentials() -> None:
    op.create_table(
        "devices",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("scope", sa.String(255), nullable=False),
        sa.Column("username", sa.String(63), nullable=False),
        sa.Column("secret", sa.String(200), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_devices"),
        sa.UniqueConstraint("username", name="uq_devices_username"),
    )
    op.create_index("ix_devices_name", "devices", ["name"])
    op.create_index("ix_devices_revoked", "devices", ["revoked"])
    op.create_table(
        "people",
        sa.Column("id", sa.String(8), nullable=False),
        sa.Column("username", sa.String(63), nullable=False),
        sa.Column("password", sa.String(200), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("scope", sa.String(255), nullable=False),
        sa.Column("created", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.UniqueConstraint("username", name="uq_people_username"),
    )
    op.create_table(
        "tokens",
        sa.Column("jti", sa.String(32), nullable=False),
        sa.Column("person", sa.String(8), nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False),
        sa.Column("revoked", sa.BigInteger),
        sa.PrimaryKeyConstraint("jti", name="pk_tokens"),
    )
    op.create_index("ix_tokens_person", "tokens", ["person"])
    op.create_index("ix_tokens_expires", "tokens", ["expires"])

"""What all tables of alerting have in common. Times are UTC nanoseconds."""

from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import DeclarativeBase


class Table(DeclarativeBase):
    """All of alerting's tables."""

    type_annotation_map = {dict[str, Any]: JSON, list[str]: JSON}  # noqa: RUF012 - SQLAlchemy's own form

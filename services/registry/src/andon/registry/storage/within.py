"""The part of a table that lies within a part of the plant."""

from sqlalchemy import ColumnElement, or_, true
from sqlalchemy.orm import InstrumentedAttribute


def within(path: InstrumentedAttribute[str], scope: str) -> ColumnElement[bool]:
    """Rows whose `path` is `scope` or lies below it; '' is the whole plant."""
    return or_(path == scope, path.startswith(f"{scope}/", autoescape=True)) if scope else true()

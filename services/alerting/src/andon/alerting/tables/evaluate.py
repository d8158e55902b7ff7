"""Tables of the evaluation: where each rule stands with each sensor, who sees to what, and what came late."""

from sqlalchemy import BigInteger, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from andon.alerting.tables.table import Table


class PhaseRow(Table):
    """Where one level of one rule stands with one sensor (`evaluate.phase.Phase`)."""

    __tablename__ = "phases"

    rule_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    asset_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    level: Mapped[str] = mapped_column(String(20), primary_key=True)
    state: Mapped[int]
    since: Mapped[int] = mapped_column(BigInteger)
    due: Mapped[int] = mapped_column(BigInteger)
    least: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    value: Mapped[float]
    late: Mapped[bool]
    raises: Mapped[int]
    counted: Mapped[int] = mapped_column(BigInteger)
    last: Mapped[int] = mapped_column(BigInteger)
    heard: Mapped[int] = mapped_column(BigInteger)


class LeaseRow(Table):
    """Who sees to one part of the work, until when by the wall clock, and how often it has changed hands."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(40))
    until: Mapped[int] = mapped_column(BigInteger)
    epoch: Mapped[int]


class LateRow(Table):
    """A range of a sensor's event time in which samples came late: its rules are to be judged anew over it."""

    __tablename__ = "late"
    __table_args__ = (Index("late_of_sensor", "asset_id", "key"),)

    id: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    asset_id: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(64))
    start: Mapped[int] = mapped_column(BigInteger)
    end: Mapped[int] = mapped_column(BigInteger)
    noted_at: Mapped[int] = mapped_column(BigInteger)

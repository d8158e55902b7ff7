"""An import as people see it."""

from time import time_ns

from pydantic import BaseModel

from andon.common.answer import Answer
from andon.common.reading import NS_PER_S
from andon.common.times import ns_to_iso
from andon.ingest.imports.job import Job, State
from andon.ingest.imports.order import Report


class ProblemView(BaseModel):
    """Something in the file that cannot be used. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    column: str
    reason: str
    detail: str


class SensorView(BaseModel):
    """Samples of one sensor, from first to last. duplicates: times that came again; of these the last counts."""

    sensor: str
    samples: int
    first: str
    last: str
    duplicates: int


class ReportView(BaseModel):
    """What stood in the file.

    problems: the first 20. unknown: columns or sensors that are none of the plant. in_order: the times of each sensor
    only grow; where not, there may be more duplicates. notes: what was assumed. refused_cut: the file of what was
    refused does not hold all of it.
    """

    format: str
    layout: str
    sensors: list[SensorView]
    problems: list[ProblemView]
    unknown: list[str]
    duplicates: int
    in_order: bool
    notes: list[str]
    refused_cut: bool


class ImportView(Answer):
    """An import, and how far it is: every cell is a sample, empty, or refused for a reason.

    detail: why it failed, or what it waits for. eta_seconds: until it is done, as far as can be told.
    """

    id: str
    name: str
    by: str
    state: State
    dry_run: bool
    made: str
    ended: str | None
    detail: str
    size: int
    bytes: int
    rows: int
    samples: int
    empty: int
    refused: dict[str, int]
    eta_seconds: float | None
    report: ReportView | None = None


def view(job: Job, *, brief: bool = False) -> ImportView:
    """An import as it is now; `brief` leaves the report out."""
    trouble = "" if job.pace is None or job.state.ended else job.pace.trouble
    return ImportView(
        id=job.id,
        name=job.name,
        by=job.by.name,
        state=job.state,
        dry_run=job.dry_run,
        made=ns_to_iso(job.made),
        ended=ns_to_iso(job.ended) if job.ended else None,
        detail=job.failure or trouble,
        size=job.size,
        bytes=job.counts.at,
        rows=job.counts.rows,
        samples=job.counts.samples,
        empty=job.counts.empty,
        refused=job.counts.refused,
        eta_seconds=_eta(job),
        report=None if brief or job.report is None else _report(job.report),
    )


def _eta(job: Job) -> float | None:
    if job.state is not State.RUNNING or not job.counts.at:
        return None
    taken = (time_ns() - job.begun) / NS_PER_S
    return round(taken * (job.size - job.counts.at) / job.counts.at, 1)


def _report(report: Report) -> ReportView:
    return ReportView(
        format=report.format,
        layout=report.layout,
        sensors=[
            SensorView(
                sensor=one.sensor,
                samples=one.samples,
                first=ns_to_iso(one.first),
                last=ns_to_iso(one.last),
                duplicates=one.duplicates,
            )
            for one in report.sensors
        ],
        problems=[ProblemView(row=p.row, column=p.column, reason=p.reason, detail=p.detail) for p in report.problems],
        unknown=report.unknown,
        duplicates=sum(one.duplicates for one in report.sensors),
        in_order=report.in_order,
        notes=report.notes,
        refused_cut=report.refused_cut,
    )

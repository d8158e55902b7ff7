"""GET /series: the history of one sensor, or of several, in at most as many points as a chart can show."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel

from andon.common.api import Caller
from andon.common.errors import InvalidError
from andon.common.influx import quote_identifier
from andon.common.plant import Asset, Sensor
from andon.common.reading import NS_PER_MS, Value
from andon.query.branches import KnownBranches, find_sensor
from andon.query.history import buckets
from andon.query.history.history import AskedSpan, History, KnownHistory, Span, select

router = APIRouter()

Agg: TypeAlias = Literal["auto", "raw", "mean", "min", "max", "last", "first", "count", "sum"]
WITHOUT_ARITHMETIC = ("auto", "raw", "last")
"""What can be asked of a state or a switch."""

MAX_POINTS = 10_000
MAX_SENSORS = 20
MAX_RAW = 100_000
"""Rows of one answer with agg=raw, all its sensors together."""


class SeriesAnswer(BaseModel):
    """`points` are [epoch ms, value]; `envelope` [epoch ms, min, max] of the same buckets, with agg=auto."""

    sensor: str
    unit: str
    resolution: str
    agg: Agg
    points: list[tuple[int, Value]]
    envelope: list[tuple[int, float, float]] | None = None


class SeveralSeries(BaseModel):
    """One answer for each sensor, in the order asked for."""

    items: list[SeriesAnswer]


@router.get("/series", response_model=SeriesAnswer | SeveralSeries, response_model_exclude_none=True)
async def series(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    span: AskedSpan,
    sensor: Annotated[list[str], Query(min_length=1, max_length=MAX_SENSORS)],
    points: Annotated[int, Query(ge=buckets.MIN_POINTS, le=MAX_POINTS)] = 1000,
    agg: Agg = "auto",
) -> Response:
    """Values from `from` to before `to`. Without `agg`: every value if they fit into `points`, else bucket means."""
    found = [find_sensor(branches.plant, name, caller.scope) for name in sensor]
    most = MAX_RAW // len(found) if agg == "raw" else points
    questions = [Question(asset, one, span, most, agg) for asset, one in found]
    for question in questions:
        question.require_meaning()
    answers = await asyncio.gather(*(_answer(history, question) for question in questions))
    body = answers[0] if len(answers) == 1 else {"items": answers}
    return Response(orjson.dumps(body), media_type="application/json")


@dataclass(frozen=True)
class Question:
    """One sensor in one range, in at most `points` points."""

    asset: Asset
    sensor: Sensor
    span: Span
    points: int
    agg: Agg

    def require_meaning(self) -> None:
        """Raise InvalidError when arithmetic is asked of a state or a switch."""
        if self.sensor.datatype != "float" and self.agg not in WITHOUT_ARITHMETIC:
            raise InvalidError(
                f"'{self.sensor.path}' is a {self.sensor.datatype}; "
                f"ask for agg={', '.join(WITHOUT_ARITHMETIC)}, not {self.agg}"
            )

    @property
    def field(self) -> str:
        """The sensor's field, quoted."""
        return quote_identifier(self.sensor.key)


async def _answer(history: History, question: Question) -> dict[str, Any]:
    head = {"sensor": question.sensor.path, "unit": question.sensor.unit}
    if question.agg in ("auto", "raw"):
        rows = await _raw(history, question)
        if len(rows) <= question.points:
            return {**head, "resolution": "raw", "agg": "raw", "points": rows}
        if question.agg == "raw":
            raise InvalidError(
                f"'{question.sensor.path}' has more than {question.points:,} values there; "
                "shorten the range, or leave out agg=raw"
            )
    return head | await _bucketed(history, question)


async def _raw(history: History, question: Question) -> list[list[Any]]:
    """One row more than fits, to tell 'fits' from 'too many' without counting a whole year."""
    tail = f"LIMIT {question.points + 1}"
    return await history.rows(select(question.field, question.asset, question.span, tail))


async def _bucketed(history: History, question: Question) -> dict[str, Any]:
    width = buckets.width_for(question.span.start, question.span.end, question.points)
    number, field = question.sensor.datatype == "float", question.field
    envelope = number and question.agg == "auto"
    used = question.agg if question.agg != "auto" else "mean" if number else "last"
    what = f"mean({field}), min({field}), max({field})" if envelope else f"{used}({field})"
    tail = f"GROUP BY time({width // NS_PER_MS}ms) fill(none)"
    rows = await history.rows(select(what, question.asset, question.span, tail))
    answer = {"resolution": buckets.name(width), "agg": used, "points": [row[:2] for row in rows]}
    if envelope:
        answer["envelope"] = [[at, low, high] for at, _, low, high in rows]
    return answer

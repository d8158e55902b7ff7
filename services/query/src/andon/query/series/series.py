"""GET /series: the history of one sensor, or of several, in at most as many points as a chart can show."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Query, Response
from pydantic import BaseModel
from pydantic.json_schema import SkipJsonSchema

from andon.common.api import Caller
from andon.common.errors import InvalidError, UnavailableError
from andon.common.history.api import KnownHistory
from andon.common.history.history import ASK_SECONDS
from andon.common.jobs import together
from andon.common.reading import Value
from andon.common.sight import find_sensor
from andon.query.branches import KnownBranches
from andon.query.series import number_chart, state_chart
from andon.query.series.chart import Chart, aligned, alone
from andon.query.series.question import AskedQuestion, Question
from andon.query.series.source import Source
from andon.query.tiers.coverage import KnownCoverage

router = APIRouter()

MAX_SENSORS = 20
MAX_RAW = 100_000
"""Values of one answer with agg=raw, all its sensors together."""
MAX_SAMPLES = 900_000
"""Samples read for one answer to draw, rank or join them, all its sensors together."""
MAX_READ = 4_000_000
"""Samples read for one answer to make buckets of, all its sensors together."""
MAX_VALUES = 400_000
"""Of one answer: points times sensors times aggregates."""


class SeriesAnswer(BaseModel):
    """`points` are [epoch ms, value], with a value for each of several aggregates.

    `envelope` is [epoch ms, min, max] of the same buckets, with agg=auto; `states` [start ms, end ms, value], with
    agg=states. `resolution` is the width of the buckets, or raw; `tier` what they are made of: raw, 1m, 1h.
    """

    sensor: str
    unit: str
    resolution: str
    tier: str
    agg: str
    points: list[tuple[int, Value | None] | list[Any]]
    envelope: list[tuple[int, float, float]] | SkipJsonSchema[None] = None
    states: list[tuple[int, int, Value]] | SkipJsonSchema[None] = None


class SeveralSeries(BaseModel):
    """One answer for each sensor, in the order asked for."""

    items: list[SeriesAnswer]


class AlignedValues(BaseModel):
    """One sensor's values by one aggregate, at `times` of the answer; null where there is none."""

    sensor: str
    unit: str
    resolution: str
    tier: str
    agg: str
    values: list[Value | None]


class AlignedSeries(BaseModel):
    """Several sensors on one clock: `times` are where the buckets begin, epoch ms."""

    resolution: str
    times: list[int]
    items: list[AlignedValues]


@router.get("/series", response_model=SeriesAnswer | SeveralSeries | AlignedSeries, response_model_exclude_none=True)
async def series(
    *,
    caller: Caller,
    branches: KnownBranches,
    history: KnownHistory,
    coverage: KnownCoverage,
    question: AskedQuestion,
    sensor: Annotated[list[str], Query(min_length=1, max_length=MAX_SENSORS)],
) -> Response:
    """Values from `from` to before `to`. Without `agg`: every value if they fit into `points`, else bucket means."""
    found = [find_sensor(branches.plant, name, caller.scope) for name in sensor]
    most = (MAX_RAW if question.aggs == ("raw",) else MAX_SAMPLES) // len(found)
    sources = [Source(history, coverage, asset, one, most, MAX_READ // len(found)) for asset, one in found]
    _require_few(question, len(sources))
    try:
        async with asyncio.timeout(ASK_SECONDS):
            body = await _answer(sources, question)
    except TimeoutError:
        raise UnavailableError(
            f"The answer was not there within {ASK_SECONDS:g} s; ask for a shorter range or fewer sensors"
        ) from None
    return Response(await asyncio.to_thread(orjson.dumps, body), media_type="application/json")


def _require_few(question: Question, sensors: int) -> None:
    """Raise InvalidError when the answer would be too large."""
    values = min(question.points, len(question.grids[0])) * sensors * len(question.aggs)
    if values > MAX_VALUES:
        raise InvalidError(
            f"That makes {values:,} values; at most {MAX_VALUES:,}: ask for fewer points, sensors or aggregates"
        )


async def _answer(sources: list[Source], question: Question) -> dict[str, Any]:
    if question.align:
        return aligned(await _on_one_clock(sources, question), question.fill)
    answers = [alone(chart, question.fill) for chart in await _drawn(sources, question)]
    return answers[0] if len(answers) == 1 else {"items": answers}


async def _on_one_clock(sources: list[Source], question: Question) -> list[Chart]:
    """With the narrowest buckets that suit all."""
    for grid in question.grids[:-1]:
        try:
            return await _drawn(sources, replace(question, grids=(grid,)))
        except InvalidError:
            continue
    return await _drawn(sources, replace(question, grids=question.grids[-1:]))


async def _drawn(sources: Sequence[Source], question: Question) -> list[Chart]:
    """All charts, or the first error; the others are not waited for then."""
    return await together(_draw(source, question) for source in sources)


async def _draw(source: Source, question: Question) -> Chart:
    if question.aggs == ("states",):
        return await state_chart.held(source, question)
    if source.sensor.datatype == "float":
        return await number_chart.draw(source, question)
    return await state_chart.draw(source, question)

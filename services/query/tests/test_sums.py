"""What InfluxDB adds up itself is what is added up here of every row and sample."""

import numpy as np
import pytest

from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.history.tier import Tier
from andon.common.influx import Influx, join_lines, line_prefix
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.query.series import grid
from andon.query.tiers import tiers, windows
from andon.query.tiers.coverage import Coverage, Progress
from andon.query.tiers.gather import gather
from andon.query.tiers.sums import read_sums, width_between
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import PRESS, S

T = 1_763_899_200 * S
HOUR = 3600 * S
END = T + 60 * HOUR


async def written(influx: Influx) -> Coverage:
    """A value each seven seconds, rolled up but for the last two hours."""
    times = np.arange(T, END, 7 * S)
    values = np.round(np.sin(times / 1e13) * 50, 2)
    pairs = zip(times.tolist(), values.tolist(), strict=True)
    await store(influx, PRESS, *(Reading("p1", at, {"temperature": value}) for at, value in pairs))
    for tier in (MINUTES, HOURS):
        await roll_up(influx, tier, times, values)
    coverage = Coverage()
    coverage.progress = Progress(minutes=END - 2 * HOUR + 60 * S, hours=END - 3 * HOUR)
    return coverage


async def roll_up(influx: Influx, tier: Tier, times: np.ndarray, values: np.ndarray) -> None:
    bounds = windows.edges(int(times[0]), int(times[-1]) + 1, tier.width)
    found = windows.from_samples(times, values, np.ones(len(times), np.bool_), bounds)
    database = tier.database(influx.settings.database)
    await influx.ensure_database(database=database)
    rows = join_lines(tiers.lines(line_prefix(PRESS), "temperature", found, tier.width))
    assert (await influx.write(rows, database=database)).stored


WHOLE = Span(T, END)
CUT = Span(T + 1234 * S, END - 77 * S)
GRIDS = [
    *(grid.of_width(span, width * S) for span in (WHOLE, CUT) for width in (45, 60, 300, 3600, 7200, 86_400)),
    *(grid.of_period(span, "day", tz, "06:00") for span in (WHOLE, CUT) for tz in ("Europe/Berlin", "Asia/Kathmandu")),
    grid.of_period(CUT, "month", "UTC", "06:00"),
]


async def test_both_ways_say_the_same(influx: Influx) -> None:
    coverage, history = await written(influx), History(influx)
    for one in GRIDS:
        every, sums = [
            await gather(history, coverage, PRESS, PRESS.sensors[0], one.bounds, sums=sums) for sums in (False, True)
        ]
        assert every.tier == sums.tier
        for name in ("start", "count", "min", "max"):
            assert getattr(sums.windows, name).tolist() == getattr(every.windows, name).tolist(), (one.name, name)
        assert sums.windows.sum.tolist() == pytest.approx(every.windows.sum.tolist(), rel=1e-9), one.name
        assert sums.windows.count.sum() == len(np.arange(T, END, 7 * S)) or one.bounds[0] != T


async def test_ten_years_of_quarters_of_an_hour_are_not_too_many_for_influxdb(influx: Influx) -> None:
    await roll_up(influx, MINUTES, np.array([T]), np.array([20.0]))
    span = Span(T - 3650 * 24 * HOUR, T + HOUR)
    found = await read_sums(History(influx), MINUTES, PRESS, "temperature", span, width=15 * 60 * S)
    assert (found.start.tolist(), found.count.tolist(), found.max.tolist()) == ([T], [1], [20.0])


async def test_what_is_asked_for_piece_by_piece_is_the_same(influx: Influx, monkeypatch: pytest.MonkeyPatch) -> None:
    await written(influx)
    span = Span(T + 1200 * S, END - 4 * HOUR)
    whole = await read_sums(History(influx), MINUTES, PRESS, "temperature", span, width=15 * 60 * S)
    monkeypatch.setattr("andon.query.tiers.sums.MOST_ADDED", 7)
    pieces = await read_sums(History(influx), MINUTES, PRESS, "temperature", span, width=15 * 60 * S)
    assert len(whole) > 200
    for name in ("start", "count", "sum", "min", "max"):
        assert getattr(pieces, name).tolist() == getattr(whole, name).tolist(), name


def test_windows_between_bounds_are_as_wide_as_none_of_them_is_crossed() -> None:
    bounds = grid.of_period(WHOLE, "day", "Asia/Kathmandu", "06:00").bounds[1:-1]
    assert width_between(bounds, MINUTES) == 15 * 60 * S
    assert width_between(bounds[:1], MINUTES) == MINUTES.width
    assert width_between(grid.of_width(WHOLE, 2 * HOUR).bounds[1:-1], HOURS) == 2 * HOUR

"""Windows, read from a real InfluxDB as they were written to it."""

import numpy as np
import pytest

from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx, join_lines, line_prefix
from andon.query.tiers import tiers, windows
from andon.query.tiers.read import read_windows
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import OVEN, PRESS, S

T = 1_763_899_200 * S
DAY = Span(T, T + 86_400 * S)


async def test_windows_that_were_never_stored_are_none(influx: Influx) -> None:
    assert len(await read_windows(History(influx), HOURS, OVEN, "temperature", DAY)) == 0


async def test_windows_come_back_as_they_were_written(influx: Influx) -> None:
    times = T + np.arange(7200, dtype=np.int64) * S + 123_456_789
    values = np.round(np.sin(times / 1e12) * 1000, 3)
    found = windows.from_samples(times, values, times % 3 > 0, windows.edges(*span_of(DAY), MINUTES.width))
    database = MINUTES.database(influx.settings.database)
    await influx.ensure_database(database=database)
    rows = join_lines(tiers.lines(line_prefix(PRESS), "temperature", found, MINUTES.width))
    assert (await influx.write(rows, database=database)).stored
    back = await read_windows(History(influx), MINUTES, PRESS, "temperature", DAY)
    for name in ("start", "count", "good", "min", "max", "sum", "first", "last", "first_at", "last_at"):
        assert getattr(back, name).tolist() == getattr(found, name).tolist(), name
    assert back.area == pytest.approx(found.area, rel=1e-9, abs=1e-6)
    assert back.squares == pytest.approx(found.squares, rel=1e-9, abs=1e-6)


def span_of(span: Span) -> tuple[int, int]:
    return span.start, span.end


async def test_huge_values_leave_out_what_is_not_finite(influx: Influx) -> None:
    times, values = np.array([T, T + S], np.int64), np.array([1.7e308, 1.7e308])
    found = windows.from_samples(times, values, times > 0, windows.edges(*span_of(DAY), MINUTES.width))
    (row,) = tiers.lines(line_prefix(PRESS), "temperature", found, MINUTES.width)
    assert b"inf" not in row
    assert b"nan" not in row
    assert b"temperature__max=1.7e+308" in row

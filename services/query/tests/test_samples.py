"""Samples and rolled up rows, read from a real InfluxDB."""

import numpy as np
import pytest

from andon.common.errors import UnavailableError
from andon.common.influx import Answer, Influx, join_lines, line_prefix
from andon.common.reading import Reading
from andon.query.history import samples
from andon.query.history.columns import decode
from andon.query.history.history import History, Span
from andon.query.tiers import tiers, windows
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import OVEN, PRESS, S, a_machine, store

T = 1_763_899_200 * S
DAY = Span(T, T + 86_400 * S)


async def test_numbers_states_and_switches_with_their_quality(influx: Influx) -> None:
    await store(
        influx,
        PRESS,
        Reading("p1", T, {"temperature": 20.5, "state": "RUN", "running": True}),
        Reading("p1", T + S, {"temperature": 21.0}, {"temperature": "bad"}),
        Reading("p1", T + 2 * S, {"state": 'it\'s "odd"; DROP \\ SERIES'}),
        Reading("p1", T + 86_400 * S, {"temperature": 99.0}),
    )
    history = History(influx)
    numbers = await samples.read(history, PRESS, "temperature", DAY)
    assert (numbers.times.tolist(), numbers.numbers.tolist()) == ([T, T + S], [20.5, 21.0])
    assert numbers.good.tolist() == [True, False]
    states = await samples.read(history, PRESS, "state", DAY)
    assert (states.times.tolist(), states.values.tolist()) == ([T, T + 2 * S], ["RUN", 'it\'s "odd"; DROP \\ SERIES'])
    assert (await samples.read(history, PRESS, "running", DAY)).values.tolist() == [True]
    assert len(await samples.read(history, PRESS, "temperature", DAY, most=1)) == 1


async def test_what_was_never_stored_is_empty(influx: Influx) -> None:
    history = History(influx)
    assert len(await samples.read(history, OVEN, "temperature", DAY)) == 0
    await store(influx, OVEN, Reading("o1", T, {"temperature": 1.0}))
    assert len(await samples.read(history, OVEN, "nothing", DAY)) == 0
    assert len(await samples.read(history, PRESS, "temperature", DAY)) == 0
    assert len(await samples.read_windows(history, HOURS, OVEN, "temperature", DAY)) == 0


async def test_many_machines_at_once_each_with_its_own(influx: Influx) -> None:
    presses = [a_machine(f"berlin/body/line-1/press-{n}", id=f"p{n}") for n in range(1, 4)]
    for n, press in enumerate(presses):
        await store(influx, press, *(Reading(press.id, T + i * S, {"temperature": n + i / 10}) for i in range(20)))
    found = await samples.read_many(History(influx), [*presses, OVEN], "temperature", DAY)
    assert {asset: len(one) for asset, one in found.items()} == {"p1": 20, "p2": 20, "p3": 20}
    assert found["p3"].numbers.tolist() == [2 + i / 10 for i in range(20)]
    odd = a_machine("berlin/body/line-1/odd", id="'; DROP")
    some = await samples.read_many(History(influx), [*presses[:2], odd], "temperature", DAY)
    assert set(some) == {"p1", "p2"}


async def test_windows_come_back_as_they_were_written(influx: Influx) -> None:
    times = T + np.arange(7200, dtype=np.int64) * S + 123_456_789
    values = np.round(np.sin(times / 1e12) * 1000, 3)
    found = windows.from_samples(times, values, times % 3 > 0, windows.edges(*span_of(DAY), MINUTES.width))
    database = MINUTES.database(influx.settings.database)
    await influx.ensure_database(database=database)
    rows = join_lines(tiers.lines(line_prefix(PRESS), "temperature", found, MINUTES.width))
    assert (await influx.write(rows, database=database)).stored
    back = await samples.read_windows(History(influx), MINUTES, PRESS, "temperature", DAY)
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


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"\x81\xa7", "cannot be read"),
        (b"\x80", "no InfluxDB"),
        (b"\x81\xa7results\x91\x81\xa5error\xa4oops", "refused a query: oops"),
    ],
)
def test_an_answer_that_is_none_is_said(body: bytes, says: str) -> None:
    with pytest.raises(UnavailableError, match=says):
        decode(Answer(body, "application/x-msgpack"))


async def test_json_and_msgpack_say_the_same(influx: Influx) -> None:
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": i / 7}) for i in range(100)))
    statement = 'SELECT "temperature" FROM "press"'
    packed = await influx.fetch(statement)
    assert packed.packed
    (one,) = decode(packed)
    (other,) = decode(Answer(await as_json(influx, statement), "application/json"))
    assert one.times.tolist() == other.times.tolist()
    assert one.fields["temperature"].tolist() == other.fields["temperature"].tolist()


async def as_json(influx: Influx, statement: str) -> bytes:
    asked = {"db": influx.settings.database, "epoch": "ns", "q": statement}
    return (await influx._http.post("/query", data=asked)).content

"""The contract of asking: the InfluxQL that Andon uses means the same to every InfluxDB."""

from typing import Any

import msgspec
import numpy as np
import pytest

from andon.common.errors import UnavailableError
from andon.common.influx import Influx, is_missing, join_lines, line, line_prefix
from andon.common.plant import Asset
from andon.common.reading import NS_PER_S, Reading

S = NS_PER_S
T = 1_763_900_040 * S
"""A full minute."""


def a_press(number: int) -> Asset:
    slug = f"press-{number}"
    return Asset(id=f"a{number}", path=f"berlin/body/line-1/{slug}", kind="machine", slug=slug, name=slug, type="press")


async def store(influx: Influx, *readings: Reading, number: int = 1) -> None:
    prefix = line_prefix(a_press(number))
    assert (await influx.write(join_lines(line(prefix, one) for one in readings))).stored


def numbers(*values: float) -> list[Reading]:
    """One reading a second."""
    return [Reading("a1", T + n * S, {"t": value}) for n, value in enumerate(values)]


async def one(influx: Influx, statement: str) -> list[list[Any]]:
    ((*found,),) = await influx.query(statement)
    return found[0].rows if found else []


async def decoded(influx: Influx, statement: str) -> Any:
    """An answer of `fetch` as the one who asked sees it."""
    answer = await influx.fetch(statement)
    return (msgspec.msgpack if answer.packed else msgspec.json).decode(answer.body)["results"][0]


async def test_without_a_database_there_is_nothing_in_it(influx: Influx) -> None:
    three = [f"SELECT {name} FROM press" for name in "xyz"]
    assert await influx.query(*three) == [[], [], []]
    assert is_missing((await decoded(influx, three[0]))["error"])
    await influx.ensure_database()
    assert await influx.query(*three) == [[], [], []]
    assert not (await decoded(influx, three[0])).get("series")


async def test_every_question_has_an_answer_of_its_own(influx: Influx, database: str) -> None:
    await store(influx, *numbers(1, 2), Reading("a1", T, {"p": 5.0}))
    (t,), nothing, (p,) = await influx.query("SELECT t FROM press", "SELECT q FROM press", "SELECT p FROM press")
    assert (t.rows, nothing, p.rows) == ([[T, 1], [T + S, 2]], [], [[T, 5]])


async def test_a_range_includes_its_beginning_and_not_its_end(influx: Influx, database: str) -> None:
    await store(influx, *numbers(1, 2, 3, 4))
    assert await one(influx, f"SELECT t FROM press WHERE time >= {T + S} AND time < {T + 3 * S}") == [
        [T + S, 2],
        [T + 2 * S, 3],
    ]


async def test_statistics_are_those_of_numpy(influx: Influx, database: str) -> None:
    values = [4.0, -1.5, 9.25, 9.25, 0.125]
    await store(influx, *numbers(*values))
    functions = ("count", "mean", "min", "max", "sum", "stddev", "first", "last", "median", "spread")
    ((_, *found),) = await one(influx, f"SELECT {', '.join(f'{f}(t)' for f in functions)} FROM press")
    known = (5, np.mean(values), -1.5, 9.25, np.sum(values), np.std(values, ddof=1), 4.0, 0.125, 4.0, 10.75)
    assert found == pytest.approx(list(known), rel=1e-12)


async def test_buckets_begin_where_they_are_told_and_empty_ones_are_left_out(influx: Influx, database: str) -> None:
    await store(influx, *numbers(1, 2, 3), Reading("a1", T + 65 * S, {"t": 7.0}))
    span = f"WHERE time >= {T} AND time < {T + 120 * S}"
    assert await one(influx, f"SELECT max(t), count(t) FROM press {span} GROUP BY time(20s) fill(none)") == [
        [T, 3, 3],
        [T + 60 * S, 7, 1],
    ]
    assert await one(influx, f"SELECT min(t) FROM press {span} GROUP BY time(60s, 1s) fill(none)") == [
        [T - 59 * S, 1],
        [T + S, 2],
        [T + 61 * S, 7],
    ]


async def test_many_series_come_apart_by_their_tag(influx: Influx, database: str) -> None:
    said = [line(line_prefix(a_press(n)), Reading(f"a{n}", T, {"t": float(n)})) for n in range(500)]
    assert (await influx.write(join_lines(said))).stored
    (found,) = await influx.query('SELECT last(t) FROM press GROUP BY "asset"')
    assert {s.tags["asset"]: s.rows for s in found} == {f"a{n}": [[T, n]] for n in range(500)}


async def test_the_newest_value_comes_with_the_quality_it_had(influx: Influx, database: str) -> None:
    """The question with which `recall` fills the table of newest values."""
    await store(influx, Reading("a1", T, {"t": 1.0}, {"t": "bad"}), Reading("a1", T + S, {"t": 2.0}))
    await store(influx, Reading("a2", T, {"t": 3.0}, {"t": "bad"}), number=2)
    (found,) = await influx.query(f'SELECT last("t"), "t__quality" FROM press WHERE time > {T - S} GROUP BY "asset"')
    assert {s.tags["asset"]: s.rows for s in found} == {"a1": [[T + S, 2, None]], "a2": [[T, 3, "bad"]]}


async def test_the_fields_of_each_measurement_are_known_by_name(influx: Influx, database: str) -> None:
    """The question by which a store finds out, before its first write, what was ever of doubtful quality."""
    assert await influx.query("SHOW FIELD KEYS") == [[]]
    oven = msgspec.structs.replace(a_press(2), type="oven")
    said = [
        line(line_prefix(a_press(1)), Reading("a1", T, {"t": 1.0, "state": "RUN"}, {"t": "bad"})),
        line(line_prefix(oven), Reading("a2", T, {"t": 1.0})),
    ]
    assert (await influx.write(join_lines(said))).stored
    (found,) = await influx.query("SHOW FIELD KEYS")
    names = {series.name: sorted(row[0] for row in series.rows) for series in found}
    assert names == {"oven": ["t"], "press": ["state", "t", "t__quality"]}


async def test_the_first_and_the_last_points_are_found_without_the_others(influx: Influx, database: str) -> None:
    await store(influx, *numbers(1, 2, 3))
    assert await one(influx, "SELECT t FROM press ORDER BY time LIMIT 1") == [[T, 1]]
    assert await one(influx, "SELECT t FROM press ORDER BY time DESC LIMIT 1") == [[T + 2 * S, 3]]


async def test_packed_or_not_an_answer_holds_the_same(influx: Influx, database: str) -> None:
    await store(influx, *numbers(1, 2.5, -1e300), Reading("a1", T + 9 * S, {"on": True, "state": "RÜN"}))
    statement = 'SELECT t, "on", state FROM press'
    ((series,),) = await influx.query(statement)
    (fetched,) = (await decoded(influx, statement))["series"]
    assert (fetched["columns"], fetched["values"]) == (series.columns, series.rows)


@pytest.mark.parametrize("statement", ["SELECT", "SELECT t FROM", "nonsense", 'SELECT t FROM "press'])
async def test_a_statement_that_is_none_is_an_error(influx: Influx, database: str, statement: str) -> None:
    with pytest.raises(UnavailableError, match="refused a query"):
        await influx.query(statement)
    with pytest.raises(UnavailableError, match="refused a query"):
        await influx.fetch(statement)

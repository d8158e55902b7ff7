"""Line protocol and InfluxQL, on a real InfluxDB."""

import os
import signal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from andon.common.errors import UnavailableError
from andon.common.influx import (
    EARLY,
    LATE,
    Influx,
    is_reserved,
    join_lines,
    line,
    line_prefix,
    quote_identifier,
    quote_string,
)
from andon.common.plant import Asset
from andon.common.reading import Reading, Value
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.influx_sink import InfluxSink
from andon.common.testing.waiting import eventually

PRESS = Asset(id="a1", path="berlin/body/line-1/press-1", kind="machine", slug="press-1", name="Press", type="press")
T = 1_763_900_000_000_000_000


def test_lines_look_as_the_store_wants_them() -> None:
    prefix = line_prefix(PRESS)
    assert prefix == b"press,area=body,asset=a1,line=line-1,machine=press-1,site=berlin "
    assert line(prefix, Reading("a1", T, {"t": 71.0})) == prefix + b"t=71.0 %d" % T
    assert line(prefix, Reading("a1", T, {"t": 71.5, "on": True})) == prefix + b"t=71.5,on=true %d" % T
    assert line(prefix, Reading("a1", T, {"state": "RUN"})) == prefix + b'state="RUN" %d' % T
    bad = Reading("a1", T, {"t": 1.0}, {"t": "bad"})
    assert line(prefix, bad) == prefix + b't=1.0,t__quality="bad" %d' % T


def test_only_what_came_far_from_its_time_tells_when_it_came() -> None:
    hour, near = Reading("a1", T, {"t": 1.0, "state": "a b"}), (T, T - EARLY, T + LATE)
    assert {line(b"p ", hour, arrived) for arrived in near} == {line(b"p ", hour)}
    ms = (T + 3600 * 10**9) // 10**6
    told = b'p t=1.0,state="a b",t__arrived=%di,state__arrived=%di %d' % (ms, ms, T)
    assert line(b"p ", hour, T + 3600 * 10**9) == told
    assert b"t__arrived" in line(b"p ", hour, T - EARLY - 1)
    assert is_reserved("t__arrived"), "no sensor can be taken for it"


async def test_what_is_written_is_read(influx: Influx) -> None:
    prefix = line_prefix(PRESS)
    hostile = 'a"b\\c,d=e\'; DROP SERIES FROM "press" --\nf'
    rows = [
        Reading("a1", T, {"t": 71.0, "p": -1e-9, "on": False}),
        Reading("a1", T + 1, {"state": hostile}, {"state": "uncertain"}),
        Reading("a1", T + 2, {"t": 1e21}),
    ]
    answer = await influx.write(join_lines(line(prefix, r) for r in rows))
    assert answer.stored, answer
    ((series,),) = await influx.query('SELECT t, p, "on", state, state__quality FROM press')
    assert series.rows == [
        [T, 71.0, -1e-9, False, None, None],
        [T + 1, None, None, None, hostile.replace("\n", " "), "uncertain"],
        [T + 2, 1e21, None, None, None, None],
    ]


async def test_every_question_has_an_answer_of_its_own_also_without_a_database(influxdb: InfluxForTest) -> None:
    client = Influx(influxdb.settings)
    assert await client.query("SELECT x FROM press", "SELECT y FROM press", "SELECT z FROM press") == [[], [], []]
    await client.ensure_database()
    assert await client.query("SELECT x FROM press", "SELECT y FROM press") == [[], []]
    await client.aclose()


async def test_an_answer_that_is_cut_short_is_none() -> None:
    async with InfluxSink() as sink:
        client = Influx(sink.settings)
        with pytest.raises(UnavailableError, match="0 of 2"):
            await client.query("SELECT x FROM press", "SELECT y FROM press")
        await client.aclose()


async def test_an_answer_comes_packed_or_as_json_and_says_which(influx: Influx) -> None:
    await influx.write(line(line_prefix(PRESS), Reading("a1", T, {"t": 1.5, "on": True, "state": "RÜN"})))
    packed = await influx.fetch('SELECT t, "on", state FROM press')
    assert packed.packed
    influx._plain = True
    plain = await influx.fetch('SELECT t, "on", state FROM press')
    assert not plain.packed
    assert msgspec.msgpack.decode(packed.body) == msgspec.json.decode(plain.body)
    ((series,),) = (result["series"] for result in msgspec.json.decode(plain.body)["results"])
    assert series["values"] == [[T, 1.5, True, "RÜN"]]


async def test_databases_lie_side_by_side(influx: Influx) -> None:
    prefix, other = line_prefix(PRESS), f"{influx.settings.database}_1m"
    assert (await influx.write(line(prefix, Reading("a1", T, {"t": 1.0})), database=other)).status == 404
    await influx.ensure_database(other)
    assert (await influx.write(line(prefix, Reading("a1", T, {"t": 1.0})), database=other)).stored
    assert await influx.query("SELECT t FROM press") == [[]]
    ((series,),) = await influx.query("SELECT t FROM press", database=other)
    assert series.rows == [[T, 1.0]]
    fetched = msgspec.msgpack.decode((await influx.fetch("SELECT t FROM press", database=other)).body)
    assert fetched["results"][0]["series"][0]["values"] == [[T, 1.0]]


async def test_quoting_keeps_statements_from_being_smuggled_in(influx: Influx) -> None:
    await influx.write(line(line_prefix(PRESS), Reading("a1", T, {"t": 1.0})))
    name = 'x" FROM press; DROP MEASUREMENT press; SELECT "y'
    assert await influx.query(f"SELECT {quote_identifier(name)} FROM press") == [[]]
    text = "a1' OR 'a'='a"
    assert await influx.query(f"SELECT t FROM press WHERE asset = {quote_string(text)}") == [[]]
    ((series,),) = await influx.query("SELECT t FROM press")
    assert len(series.rows) == 1


async def test_a_type_conflict_is_a_refusal_and_a_dead_server_no_answer(
    influxdb: InfluxForTest, influx: Influx
) -> None:
    prefix = line_prefix(PRESS)
    assert (await influx.write(line(prefix, Reading("a1", T, {"t": 1.0})))).stored
    answer = await influx.write(line(prefix, Reading("a1", T + 1, {"t": "text"})))
    assert answer.refused
    assert "conflict" in answer.detail
    influxdb.process.kill()
    assert not await influx.ping()


async def test_a_server_that_stands_still_is_said_to_have_let_us_wait(influxdb: InfluxForTest, influx: Influx) -> None:
    os.kill(influxdb.process.pid, signal.SIGSTOP)
    try:
        await eventually(lambda: influxdb.process.frozen)
        assert await influx.trouble() == "InfluxDB does not answer: nothing came in time (ReadTimeout)"
    finally:
        os.kill(influxdb.process.pid, signal.SIGCONT)


text_values = st.text(max_size=40)


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,9}", fullmatch=True),
        st.floats(allow_nan=False, allow_infinity=False) | st.booleans() | text_values,
        min_size=1,
        max_size=6,
    )
)
def test_a_reading_is_always_one_line(values: dict[str, Value]) -> None:
    made = line(line_prefix(PRESS), Reading("a1", T, values))
    assert b"\n" not in made
    assert made.endswith(b" %d" % T)

"""What a person asks of history is answered alike by each InfluxDB: the real 1.x, stand-ins for 2.x and 3."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import pytest

from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.settings import InfluxSettings
from andon.common.testing.fixtures import InfluxForTest
from andon.common.testing.influx2_stand_in import Influx2StandIn
from andon.common.testing.influx3_stand_in import Influx3StandIn
from andon.common.testing.influx_stand_in import InfluxStandIn
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually
from andon.query.derive import begin
from andon.query.derive.rollup import Rollup
from andon.query.tiers.read import read_windows
from andon.query.tiers.tiers import HOURS, MINUTES

from .conftest import MS, NOW, PRESS, ROBOT, QueryForTest, S, is_ready, running

STAND_INS: dict[str, Callable[[InfluxSettings], InfluxStandIn]] = {"2.7": Influx2StandIn, "3 Core": Influx3StandIn}


@pytest.fixture(params=["1.x", *STAND_INS])
async def query(
    request: pytest.FixtureRequest,
    neighbours: None,
    influxdb: InfluxForTest,
    plant: None,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[QueryForTest]:
    """The service on each InfluxDB in turn, in which an hour of values lies."""
    async with AsyncExitStack() as stack:
        settings = influxdb.settings
        if make := STAND_INS.get(request.param):
            settings = (await stack.enter_async_context(make(settings))).settings
            settings = settings.model_copy(update={"database": influxdb.database})
        for name in ("url", "token", "org"):
            value = getattr(settings, name)
            monkeypatch.setenv(
                f"ANDON_INFLUX_{name.upper()}", value if isinstance(value, str) else value.get_secret_value()
            )
        influx = Influx(settings)
        stack.push_async_callback(influx.aclose)
        await influx.ensure_database()
        temperatures = (Reading("p1", NOW + n * S, {"temperature": float(n % 10), "running": True}) for n in range(60))
        await store(influx, PRESS, *temperatures, Reading("p1", NOW + 60 * S, {"state": "RUN"}, {"state": "uncertain"}))
        await store(influx, ROBOT, Reading("r3", NOW, {"temperature": -1.0}))
        service = await stack.enter_async_context(running())
        await eventually(lambda: is_ready(service), what="the plant is known")
        yield service


def span() -> dict[str, int]:
    return {"from": NOW // MS, "to": NOW // MS + 60_000}


async def test_a_chart_statistics_and_newest_values_are_the_same(query: QueryForTest) -> None:
    name = f"{PRESS.path}/temperature"
    found = await query.get("/series", sensor=name, points=100, **span())
    assert [[at, value] for at, value, *_ in found["points"]] == [[NOW // MS + n * 1000, n % 10] for n in range(60)]
    numbers = await query.get("/stats", sensor=name, **span())
    assert (numbers["count"], numbers["mean"], numbers["min"], numbers["max"]) == (60, 4.5, 0, 9)
    newest = {one["sensor"]: one for one in (await query.get("/latest"))["items"]}
    assert newest[name]["value"] == 9
    assert newest[f"{ROBOT.path}/temperature"]["value"] == -1
    state = newest[f"{PRESS.path}/state"]
    assert (state["value"], state["quality"], state["ts"]) == ("RUN", "uncertain", NOW // MS + 60_000)


async def test_a_switch_and_its_time_are_the_same(query: QueryForTest) -> None:
    name = f"{PRESS.path}/running"
    found = await query.get("/series", sensor=name, points=100, **span())
    assert found["points"] == [[NOW // MS + n * 1000, True] for n in range(60)]
    (held,) = (await query.get("/durations", sensor=name, **span()))["items"]
    assert (held["value"], held["seconds"]) == (True, 60)


async def test_rollups_are_made_and_read_on_each(query: QueryForTest) -> None:
    """By the parts of the derive process, of what is stored there."""
    influx: Influx = query.state.keeper.influx
    history, rollup = History(influx), Rollup(History(influx), influx, lambda _: 0)
    hour = Span(NOW // HOURS.width * HOURS.width, NOW // HOURS.width * HOURS.width + 2 * HOURS.width)
    found = await begin.stored(history, query.state.follower.plant, hour.end)
    assert found == {asset: [(hour.start, hour.end)] for asset in ("p1", "r3")}
    for _ in range(2):
        await rollup.minutes([PRESS, ROBOT], hour)
        await rollup.hours([PRESS, ROBOT], hour)
    for tier in (MINUTES, HOURS):
        made = await read_windows(history, tier, PRESS, "temperature", hour)
        assert (made.count.sum(), made.sum.sum(), made.min.min(), made.max.max()) == (60, 270, 0, 9)
        assert (made.start % tier.width == 0).all()


async def test_retention_is_told_of_each(query: QueryForTest) -> None:
    raw, minutes, _ = (await query.get("/retention"))["items"]
    assert (raw["has"], raw["oldest"], raw["newest"]) == ("for ever", NOW // MS, NOW // MS + 60_000)
    assert (minutes["has"], minutes["oldest"]) == (None, None)

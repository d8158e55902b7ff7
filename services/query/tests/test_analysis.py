"""Analysis, asked by who may not, by hostile hands, and about sensors that were something else once."""

import asyncio

import httpx

from andon.common.bus import Bus
from andon.common.history.history import History
from andon.common.history.span import Span
from andon.common.influx import Influx, line_prefix
from andon.common.plant import Asset, Sensor
from andon.common.reading import Reading
from andon.common.testing.machines import store
from andon.common.testing.waiting import eventually
from andon.query.derive.rollup import Rollup
from andon.query.tiers.coverage import Progress
from andon.query.tiers.tiers import HOURS

from .conftest import MS, PRESS, ROBOT, QueryForTest, S, put_assets
from .test_names import NAMES
from .test_stats import T, between

ROUTES: dict[str, dict[str, object]] = {
    "/stats": {"sensor": "p1/temperature"},
    "/histogram": {"sensor": "p1/temperature"},
    "/percentiles": {"sensor": "p1/temperature"},
    "/durations": {"sensor": "p1/state"},
    "/correlation": {"sensor": ["p1/temperature", "r3/temperature"]},
    "/compare": {"sensor": ["p1/temperature", "r3/temperature"]},
    "/events": {"sensor": "p1/state", "equals": "RUN"},
}
NUMBERS = ("", "x", "-1", "0", "1e400", "-1e308", "1e308", "NaN", "9" * 40, "1_0", "0x10", "²", "\x00", "1;DROP")
TEXTS = (*NAMES, "", "RUN", "'; DROP DATABASE andon --", "a" * 1001, "\ud800".encode(errors="replace").decode())
PARAMETERS = {
    "/histogram": {"bins": NUMBERS, "low": NUMBERS, "high": NUMBERS},
    "/percentiles": {"p": (*NUMBERS, ",,,", "1," * 60)},
    "/durations": {"above": NUMBERS, "below": NUMBERS},
    "/correlation": {"points": NUMBERS, "method": TEXTS},
    "/compare": {"points": NUMBERS, "under": TEXTS, "key": TEXTS, "against": NUMBERS, "against_from": NUMBERS},
    "/events": {"equals": TEXTS, "for": NUMBERS, "limit": NUMBERS, "cursor": NUMBERS, "with": TEXTS, "above": NUMBERS},
}


async def test_without_a_token_nobody_learns_anything(query: QueryForTest) -> None:
    for path, asked in ROUTES.items():
        assert (await query.http.get(f"/api/query/v1{path}", params=asked)).status_code == 401, path
        status, detail = await query.refusal(path, scope="lyon", **asked)
        assert (status, "There is no sensor, machine or node" in detail) == (404, True), path


async def test_every_answer_of_nothing_is_an_answer(query: QueryForTest) -> None:
    for path, asked in ROUTES.items():
        for span in (between(T, T + S), between(0, S), {"from": "2200-01-01", "to": "2200-01-02"}):
            await query.get(path, **asked, **span)


async def test_times_without_an_offset_are_on_the_clock_of_tz(query: QueryForTest, influx: Influx) -> None:
    """The early shift of Berlin began at six, which is five in UTC."""
    six = T - 7 * HOURS.width
    for machine in (PRESS, ROBOT):
        said = [{"temperature": float(i % 7), "state": "RUN" if i % 3 else "IDLE"} for i in range(60)]
        await store(influx, machine, *(Reading(machine.id, six + i * S, one) for i, one in enumerate(said)))
    berlin = {"from": "2025-11-23T06:00", "to": "2025-11-23T06:01:00", "tz": "Europe/Berlin"}
    for path, asked in ROUTES.items():
        found = await query.get(path, **asked, **berlin)
        assert found == await query.get(path, **asked, **between(six, six + 60 * S)), path
        assert found != await query.get(path, **asked, **(berlin | {"tz": "UTC"})), path
        status, detail = await query.refusal(path, **asked, **(berlin | {"tz": "Mars"}))
        assert (status, "tz='Mars' is no time zone" in detail) == (422, True), path
    earlier = {"sensor": "p1/temperature", "against_from": "2025-11-22T06:00"}
    day_before = (await query.get("/compare", **earlier, **berlin))["items"][1]
    assert day_before["start"] == (six - 24 * HOURS.width) // MS


async def test_hostile_words_change_nothing_and_crash_nothing(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": 1.0, "state": "RUN"}) for i in range(3)))
    span = between(T, T + 10 * S)

    async def send(path: str, asked: dict[str, object]) -> None:
        answer: httpx.Response = await query.http.get(
            f"/api/query/v1{path}", params={**ROUTES[path], **span, **asked}, headers=query.bearer()
        )
        assert answer.status_code < 500, (path, asked, answer.text)
        assert len(answer.text) < 20_000, (path, asked)

    for path, wrong in PARAMETERS.items():
        await asyncio.gather(*(send(path, {name: value}) for name, values in wrong.items() for value in values))
    for path in ROUTES:
        await asyncio.gather(*(send(path, {"sensor": [name, name]}) for name in NAMES))
    found = await query.get("/stats", sensor="p1/temperature", **span)
    assert (found["count"], found["mean"]) == (3, 1)


async def test_a_sensor_that_was_something_else_once(query: QueryForTest, bus: Bus, influx: Influx) -> None:
    changed = Asset(
        id="c1", path="berlin/body/line-1/cell-1", kind="machine", slug="cell-1", name="Cell", type="cell",
        sensors=(
            Sensor("was_text", "berlin/body/line-1/cell-1/was_text"),
            Sensor("was_number", "berlin/body/line-1/cell-1/was_number", datatype="string"),
        ),
    )  # fmt: skip
    prefix = line_prefix(changed)
    assert (await influx.write(b'%bwas_text="A",was_number=1 %d' % (prefix, T))).stored
    await put_assets(bus, changed)
    await eventually(lambda: query.hall.plant.find("c1"), what="the plant is known")
    for path, asked in ROUTES.items():
        number = {"sensor": ["c1/was_text", "p1/temperature"] if isinstance(asked["sensor"], list) else "c1/was_text"}
        if path in ("/durations", "/events"):
            number |= {"above": 1} if path == "/durations" else {"equals": "1", "with": "c1/was_text"}
            await query.get(path, **{**asked, "sensor": "c1/was_number"}, **between(T - S, T + S))
        await query.get(path, **{**asked, **number}, **between(T - S, T + S))


async def test_a_year_of_a_fast_sensor_is_refused_before_it_is_read(query: QueryForTest, influx: Influx) -> None:
    database, name = HOURS.database(influx.settings.database), f"{PRESS.path}/temperature"
    await influx.ensure_database(database=database)
    row = b"%btemperature__count=3000000,temperature__sum=1,temperature__min=1,temperature__max=1 %d"
    assert (await influx.write(row % (line_prefix(PRESS), T), database=database)).stored
    query.coverage.progress = Progress(hours=T + HOURS.width)
    status, detail = await query.refusal("/percentiles", sensor=name, **between(T, T + HOURS.width))
    assert (status, f"'{name}' has more than 2,000,000 samples there" in detail) == (422, True)


async def test_samples_that_are_kept_no_longer_are_missed_and_not_left_out(query: QueryForTest, influx: Influx) -> None:
    end, name = T + HOURS.width, f"{PRESS.path}/temperature"
    await store(influx, PRESS, *(Reading("p1", T + i * S, {"temperature": i % 10.0}) for i in range(3600)))
    rollup = Rollup(History(influx), influx, lambda _: 0)
    await rollup.minutes([PRESS], Span(T, end))
    await rollup.hours([PRESS], Span(T, end))
    query.coverage.progress = Progress(minutes=end, hours=end)
    whole = await query.get("/histogram", sensor=name, bins=10, **between(T, end))
    assert (whole["tier"], whole["counts"]) == ("raw", [360] * 10)
    await influx.query(f'DELETE FROM "press" WHERE time < {T + 1800 * S}')
    assert (await query.get("/percentiles", sensor=name, p="50", **between(T + 1800 * S, end)))["count"] == 1800
    for path, asked in (
        ("/percentiles", {"sensor": name}),
        ("/durations", {"sensor": name, "above": 5}),
        ("/events", {"sensor": name, "above": 5}),
    ):
        status, detail = await query.refusal(path, **asked, **between(T, end))
        assert (status, f"Of 3,600 samples of '{name}' there only 1,800 are still kept" in detail) == (422, True), path
    found = await query.get("/stats", sensor=name, **between(T, end))
    assert (found["count"], found["mean"], found["median"]) == (3600, 4.5, None)
    means = await query.get("/histogram", sensor=name, bins=1, low=0, high=9, **between(T, end))
    assert (means["tier"], means["counts"]) == ("1m", [3600])

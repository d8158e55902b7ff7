"""Hostile names: what a person writes is looked up in the plant, never pasted into a statement."""

import httpx

from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.reading import Reading
from andon.common.testing.machines import a_machine, store
from andon.common.testing.waiting import eventually

from .conftest import MS, NOW, PRESS, QueryForTest, S, put_assets

TEMPERATURE = f"{PRESS.path}/temperature"
SPAN = {"from": NOW // MS, "to": NOW // MS + 10_000}
NAMES = (
    'p1/temperature"; DROP DATABASE andon --',
    "p1/temperature' OR 'a'='a",
    "p1/temperature; DROP MEASUREMENT press",
    "p1/temper\nature",
    "p1/\x00temperature",
    "p1/../r3/temperature",
    "P1/temperature",
    "p1/temperature/",
    "//",
    "\u202ep1/temperature",
    "x" * 5_000,
    "💥/💥",
)


async def test_names_that_are_statements_find_nothing_and_change_nothing(query: QueryForTest, influx: Influx) -> None:
    await store(influx, PRESS, Reading("p1", NOW, {"temperature": 1.0}))
    for name in NAMES:
        for path, parameter in (("/series", "sensor"), ("/stats", "sensor"), ("/latest", "under")):
            status, detail = await query.refusal(path, **{parameter: name}, **({} if path == "/latest" else SPAN))
            assert status in (404, 422), (path, name)
            assert len(detail) < 600
    assert (await query.get("/series", sensor=TEMPERATURE, **SPAN))["points"] == [[NOW // MS, 1]]


KINDS = ('pre"ss', "pre'ss", "press; DROP MEASUREMENT press", "Prüfstand µ", "%s{}")


async def test_a_machine_type_of_any_letters_keeps_its_history(query: QueryForTest, bus: Bus, influx: Influx) -> None:
    await store(influx, PRESS, Reading("p1", NOW, {"temperature": 1.0}))
    odd = [a_machine(f"berlin/body/line-1/odd-{i}", id=f"odd{i}", type=kind) for i, kind in enumerate(KINDS)]
    for machine in odd:
        readings = (Reading(machine.id, NOW + i * S, {"temperature": value}) for i, value in enumerate((2.0, 4.0)))
        await store(influx, machine, *readings)
    await put_assets(bus, *odd)
    await eventually(lambda: query.hall.plant.find(odd[-1].id), what="the plant is known")
    for machine in odd:
        name = f"{machine.path}/temperature"
        points = [[NOW // MS, 2], [NOW // MS + 1000, 4]]
        assert (await query.get("/series", sensor=name, **SPAN))["points"] == points, machine.type
        assert (await query.get("/series", sensor=name, agg="sum", **SPAN))["points"] == points
        assert (await query.get("/stats", sensor=name, **SPAN))["mean"] == 3

    async def recalled() -> bool:
        return len((await query.get("/latest", under="berlin.body.line-1"))["items"]) == 1 + len(odd)

    await eventually(recalled, what="all are recalled from their measurements")
    assert (await query.get("/series", sensor=TEMPERATURE, **SPAN))["points"] == [[NOW // MS, 1]]


WRONG = (
    "from=%C2%B2",
    "frm=-30d",
    "from=1732380000",
    "from=--5",
    "from=-",
    "from=" + "9" * 64,
    "from=-" + "9" * 60 + "w",
    "to=0001-01-01T00:00:00%2B23:59",
    "to=9999-12-31T23:59:59-23:59",
    "from=-1h%3BDROP%20DATABASE%20andon",
    "from=%FF%FE",
    "to=" + "1" * 65,
    "points=1e9",
    "points=-1",
    "agg=mean(x)",
    "sensor=",
)


async def test_numbers_and_times_that_are_none(query: QueryForTest) -> None:
    for wrong in WRONG:
        answer: httpx.Response = await query.http.get(
            f"/api/query/v1/series?sensor=p1/temperature&{wrong}", headers=query.bearer()
        )
        assert answer.status_code in (404, 422), (wrong, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"

"""What the platform tells of itself: found by who names it, and in nobody's picture of the plant."""

from andon.common.bus import Bus
from andon.common.influx import Influx
from andon.common.plant import Asset
from andon.common.platform import PROBER
from andon.common.reading import Reading
from andon.common.testing.machines import a_machine, store
from andon.common.testing.waiting import eventually

from .conftest import MS, NOW, PRESS, QueryForTest, S, hear_until, nodes_above, publish, put_assets

LIVE = f"{PROBER}/temperature"
"""A machine like all others but for its path."""


async def put_prober(query: QueryForTest, bus: Bus) -> Asset:
    prober = a_machine(PROBER, id="probe", type="")
    await put_assets(bus, prober, *nodes_above(prober))
    await eventually(lambda: query.hall.plant.find("probe"), what="the prober is known")
    return prober


async def test_newest_values_of_the_platform_come_to_who_names_it(query: QueryForTest, bus: Bus) -> None:
    await put_prober(query, bus)
    await publish(bus, Reading("p1", NOW, {"temperature": 1.0}), Reading("probe", NOW, {"temperature": 0.1}))

    async def sensors(under: str, scope: str = "") -> list[str]:
        return [item["sensor"] for item in (await query.get("/latest", under=under, scope=scope))["items"]]

    await eventually(lambda: sensors("andon"), what="the value is there")
    for under in ("andon", "andon/platform", PROBER, LIVE, "probe"):
        assert await sensors(under) == [LIVE]
    assert await sensors("") == [f"{PRESS.path}/temperature"]
    assert await sensors("", scope="andon") == [LIVE]
    assert (await query.refusal("/latest", under="andon", scope="berlin"))[0] == 404


async def test_live_values_of_the_platform_come_to_who_names_it(query: QueryForTest, bus: Bus) -> None:
    await put_prober(query, bus)
    async with query.live("") as everybody, query.live("andon") as watcher:
        await eventually(lambda: len(query.hall.audience.by_machine) > 1, what="both listen")
        await publish(bus, Reading("probe", NOW, {"temperature": 0.1}), Reading("p1", NOW + S, {"temperature": 2.0}))
        plant = await hear_until(everybody, [f"{PRESS.path}/temperature", (NOW + S) // MS, 2.0, "good"])
        assert not [sample for sample in plant if sample[0] == LIVE]
        await hear_until(watcher, [LIVE, NOW // MS, 0.1, "good"])


async def test_history_of_the_platform_has_a_measurement_of_its_own(
    query: QueryForTest, bus: Bus, influx: Influx
) -> None:
    prober = await put_prober(query, bus)
    await store(influx, prober, Reading("probe", NOW, {"temperature": 0.1}))
    span = {"from": NOW // MS, "to": NOW // MS + 1000}
    assert (await query.get("/series", sensor=LIVE, **span))["points"] == [[NOW // MS, 0.1]]
    ((series,),) = await influx.query("SHOW MEASUREMENTS")
    assert ["andon_platform"] in series.rows

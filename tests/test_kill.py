"""kill -9 of each process in turn, under load: nothing acknowledged is lost, every alarm comes once."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from time import monotonic

from andon.common import jobs
from andon.common.influx import Influx
from andon.common.settings import InfluxSettings
from andon.common.testing.factory import Factory
from andon.common.testing.sinks import Sink
from andon.common.testing.waiting import eventually

from .conftest import PLANT
from .oracle import COOL, HOT, Press, Verdict, judge, stored

PRESSES = [f"berlin/pressing/line-1/press-{n}" for n in (1, 2, 3)]
ALERTING = "/api/alerting/v1"
VICTIMS = ("ingest", "api", "nats", "influxdb")
EXCURSIONS = 2 * len(VICTIMS)
"""Of each press: one while each victim is down, one after."""


@asynccontextmanager
async def load(factory: Factory) -> AsyncIterator[list[Press]]:
    """Presses that speak until the block ends."""
    credentials = [await factory.add_device(path.rsplit("/", 1)[1], path) for path in PRESSES]
    presses = [
        Press(path, lambda known=known: factory.device(known)) for path, known in zip(PRESSES, credentials, strict=True)
    ]
    tasks = [asyncio.create_task(press.run(), name=press.path) for press in presses]
    try:
        yield presses
    finally:
        await jobs.end(*tasks)


async def excursion(press: Press) -> None:
    """The oil gets hot, and cool again."""
    await press.says(HOT)
    await press.says(COOL)


async def told_once(factory: Factory, path: str) -> bool:
    """Nobody acknowledges, so a press has one alarm, which calls and returns with each excursion (ISA-18.2)."""
    [alarm] = (await factory.call("GET", f"{ALERTING}/alarms", params={"state": "all", "under": path}))["items"]
    found = [turn["to"] for turn in (await factory.call("GET", f"{ALERTING}/alarms/{alarm['id']}"))["transitions"]]
    assert found == ["unacknowledged", "returned"] * EXCURSIONS
    return True


async def set_up_rule(factory: Factory, hook: Sink) -> None:
    channel = {"name": "board", "kind": "webhook", "target": hook.url}
    await factory.call("POST", f"{ALERTING}/channels", json=channel)
    rule = {
        "name": "Oil hot",
        "scope": {"type": "press", "sensor": "oil_temperature"},
        "condition": {"above": 65},
        "severity": "high",
        "channels": ["board"],
    }
    await factory.call("POST", f"{ALERTING}/rules", json=rule)


async def kill_and_heal(factory: Factory, victim: str) -> float:
    """Seconds from the kill until everything is ready again, with another process in the victim's place."""
    killed, begun = factory.pid(victim), monotonic()
    factory.kill(victim)

    def another() -> bool:
        with suppress(AssertionError):
            return factory.pid(victim) != killed
        return False

    await eventually(another, timeout=60, what=f"{victim} is started anew")
    await factory.is_ready(timeout=60)
    return monotonic() - begun


async def test_each_process_is_killed_under_load(tmp_path: Path, hook: Sink) -> None:
    settings = {"ANDON_ALERTING_WEBHOOK_ALLOW": "127.0.0.0/8"}
    async with Factory(tmp_path / "andon", environment=settings) as factory:
        await factory.apply_plant(PLANT)
        await set_up_rule(factory, hook)
        influx = Influx(InfluxSettings(url=f"http://127.0.0.1:{factory.influx_port}"))
        async with load(factory) as presses:
            for victim in VICTIMS:
                hot = asyncio.gather(*(excursion(press) for press in presses))
                took = await kill_and_heal(factory, victim)
                await hot
                await asyncio.gather(*(excursion(press) for press in presses))
                sys.stdout.write(f"{victim}: ready again after {took:.1f} s\n")
            await eventually(lambda: all(len(p.safe) > 1000 for p in presses), timeout=60, what="there was load")

        async def verdicts() -> list[Verdict]:
            return [judge(press, await stored(influx, press.path)) for press in presses]

        async def nothing_lost() -> bool:
            assert [v.lost for v in await verdicts()] == [0, 0, 0]
            return True

        await eventually(nothing_lost, timeout=60, what="everything acknowledged is stored")
        assert await verdicts() == [Verdict(0, 0, 0)] * 3

        for press in presses:
            await eventually(lambda path=press.path: told_once(factory, path), what="each excursion called once")
        transitions = 2 * len(presses) * EXCURSIONS
        await eventually(lambda: len(keys(hook)) == transitions, timeout=60, what="all are told of")
        assert len(hook.requests) <= transitions + 1, "only what was on its way when api was killed may come again"
        await influx.aclose()


def keys(hook: Sink) -> set[str]:
    return {json.loads(body)["key"] for _, body in hook.requests}

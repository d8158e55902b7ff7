"""Corrected data in a whole Andon: good or bad is wherever it is asked for what was last said; so is what follows."""

import csv
from collections.abc import AsyncIterator
from pathlib import Path
from time import time_ns
from typing import Any

import pytest

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually

from .conftest import PLANT, PRESS

pytestmark = pytest.mark.timeout(240)

MINUTE = 60_000
START = (time_ns() // 1_000_000 // (60 * MINUTE) - 3) * 60 * MINUTE
"""An hour that has long ended. All times in epoch milliseconds."""
SPAN = {"from": START, "to": START + 60 * MINUTE}
OIL, STATE, NUMBER, RATIO = (f"{PRESS}/{key}" for key in ("oil_temperature", "state", "number", "ratio"))
CALCULATING = PLANT.replace(
    "{key: number}", "{key: number}\n      - {key: ratio, expression: oil_temperature / number}"
)
VALUES = {START + n * MINUTE: 50.0 + n for n in range(60)}
TIMES = list(VALUES)


@pytest.fixture
async def factory(tmp_path: Path) -> AsyncIterator[Factory]:
    async with Factory(tmp_path / "andon") as started:
        await started.apply_plant(CALCULATING)
        await eventually(lambda: bring(started, TIMES[:1], "good", dry_run="true"), what="ingest knows the plant")
        yield started


async def bring(factory: Factory, times: list[int], quality: str, **params: str) -> bool:
    """Import what the press said at these times, and wait until all of it is stored."""
    rows = [f"{at},{OIL},{VALUES[at]},{quality}" for at in times] + [f"{at},{STATE},RUN,{quality}" for at in times]
    return await imported(factory, rows, **params)


async def imported(factory: Factory, rows: list[str], **params: str) -> bool:
    """Import rows, and wait until all of them are stored."""
    content = "\n".join(["time,sensor,value,quality", *rows]).encode()
    job = await factory.call("POST", "/api/ingest/v1/imports", content=content, params=params)

    async def ended() -> Any:
        found = await factory.call("GET", f"/api/ingest/v1/imports/{job['id']}")
        return found if found["state"] == "done" else None

    found = await eventually(ended, timeout=30, what="the import is done")
    return bool(found["samples"] == len(rows))


async def exported(factory: Factory, sensor: str, **params: Any) -> list[dict[str, str]]:
    """Rows of an export, each with its quality."""
    asked = {"sensor": sensor, "layout": "long", **SPAN, **params}
    answer = await factory.http.get("/api/query/v1/export", params=asked)
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(answer.text.splitlines()))


async def newest(factory: Factory) -> dict[str, str]:
    """Quality of the newest samples."""
    items = (await factory.call("GET", "/api/query/v1/latest", params={"under": PRESS}))["items"]
    return {one["sensor"]: one["quality"] for one in items}


async def agree(factory: Factory, doubted: list[int], latest: str) -> bool:
    """Samples, statistics, rollups and newest values say alike which are in doubt, and nothing is lost."""
    for sensor in (OIL, STATE):
        rows = await exported(factory, sensor)
        assert [n for n, row in enumerate(rows) if row["quality"] != "good"] == [TIMES.index(at) for at in doubted]
        assert len(rows) == len(VALUES)
    (hour,) = await exported(factory, OIL, bucket="1h", agg="count")
    assert hour["quality"] == ("uncertain" if doubted else "good"), "the rollup"
    stats = await factory.call("GET", "/api/query/v1/stats", params={"sensor": OIL, **SPAN})
    assert (stats["count"], stats["good"]) == (60, pytest.approx(100 - 100 * len(doubted) / 60))
    found = await factory.call("GET", "/api/query/v1/series", params={"sensor": OIL, "agg": "raw", **SPAN})
    assert dict(found["points"]) == VALUES
    assert await newest(factory) == {OIL: latest, STATE: latest}
    return True


async def rolled_up(factory: Factory) -> bool:
    asked = {"sensor": OIL, "bucket": "1h", "agg": "count", **SPAN}
    found = await factory.call("GET", "/api/query/v1/series", params=asked)
    assert (found["tier"], found["points"]) == ("1h", [[START, 60]])
    return True


async def test_what_is_corrected_to_good_is_good_everywhere(factory: Factory) -> None:
    last, some = TIMES[-1:], TIMES[10:20]
    assert await bring(factory, [at for at in TIMES if at not in some + last], "good")
    assert await bring(factory, some + last, "bad")
    await eventually(lambda: rolled_up(factory), timeout=90, what="the hour is rolled up")
    await eventually(lambda: agree(factory, some + last, "bad"), timeout=60, what="eleven are bad")

    assert await bring(factory, TIMES[10:15], "good")
    await eventually(lambda: agree(factory, TIMES[15:20] + last, "bad"), timeout=60, what="six are bad")

    factory.kill("ingest")
    await factory.is_ready()
    assert await bring(factory, TIMES[15:18], "good")
    said: list[dict[str, Any]] = [  # a gateway that says nothing of quality
        {"asset": PRESS, "ts": at, "values": {"oil_temperature": VALUES[at], "state": "RUN"}}
        for at in TIMES[18:20] + last
    ]
    await factory.call("POST", "/api/ingest/v1/readings", json=said)
    await eventually(lambda: agree(factory, [], "good"), timeout=60, what="all are good")

    factory.kill("api")
    await factory.is_ready()
    await factory.sign_in()
    await eventually(lambda: agree(factory, [], "good"), timeout=60, what="all are still good after a restart")


async def test_what_follows_no_longer_is_taken_back_and_what_follows_again_is_good(factory: Factory) -> None:
    at = TIMES[:5]

    async def ratio(*qualities: str, **params: Any) -> bool:
        rows = await exported(factory, RATIO, **params)
        assert [row["quality"] for row in rows] == list(qualities)
        assert (await newest(factory))[RATIO] == qualities[-1]
        return True

    await imported(
        factory, [f"{ts},{sensor},{value}.0,good" for ts in at for sensor, value in ((OIL, 60), (NUMBER, 2))]
    )
    await eventually(lambda: ratio(*["good"] * 5), timeout=60, what="five ratios")
    await imported(factory, [f"{ts},{NUMBER},2.0,bad" for ts in (at[2], at[4])])
    await eventually(lambda: ratio("good", "good", "bad", "good", "bad"), timeout=60, what="two are taken back")
    await imported(factory, [f"{ts},{NUMBER},2.0,good" for ts in (at[2], at[4])])
    await eventually(lambda: ratio(*["good"] * 5), timeout=60, what="five follow again")

    now = time_ns() // 1_000_000
    live = {"from": now, "to": now + 1}

    async def say(**values: float) -> None:
        body = {"asset": PRESS, "ts": now, "values": values}
        await factory.call("POST", "/api/ingest/v1/readings", json=body)

    await say(oil_temperature=60, number=2)
    await eventually(lambda: ratio("good", **live), what="a ratio, live")
    await say(number=0)
    await eventually(lambda: ratio("bad", **live), what="nothing is divided by zero")
    await say(number=3)
    await eventually(lambda: ratio("good", **live), what="a ratio again")
    (row,) = await exported(factory, RATIO, **live)
    assert row["value"] == "20"

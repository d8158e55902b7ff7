"""What the prober found, over HTTP: for whoever may see the whole plant; and nobody else speaks for the platform."""

import httpx
import pytest

from andon.common import subjects
from andon.common.auth import Role
from andon.common.bus import Bus
from andon.common.plant import Asset, Sensor, encode_asset
from andon.common.platform import LEDGER
from andon.common.testing.waiting import eventually
from andon.ingest.prober.probe import HopTimes, Probe, tell

from .test_http import client, token

__all__ = ["client"]
PROBE = "/api/ingest/v1/probe"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        (token(Role.VIEWER, "munich"), 403),
        (token(Role.VIEWER), 200),
        (token(Role.VIEWER, "andon"), 200),
    ],
)
async def test_who_may_ask(client: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    assert (await client.get(PROBE, headers=headers)).status_code == status


async def test_any_process_tells_what_the_prober_found(client: httpx.AsyncClient, bus: Bus) -> None:
    async def asked() -> dict:
        await tell(bus, Probe(1, "it is late", {"live": HopTimes(0.2, 0.1, 0.5, 3)}))
        found = (await client.get(PROBE, headers=token(Role.VIEWER))).json()
        assert found["at"]
        return found

    assert (await client.get(PROBE, headers=token(Role.VIEWER))).json()["trouble"].startswith("nobody probes")
    found = await eventually(asked)
    assert (found["at"], found["trouble"]) == ("1970-01-01T00:00:00.000Z", "it is late")
    assert found["hops"] == {"live": {"last": 0.2, "p50": 0.1, "p99": 0.5, "lost": 3}}


async def test_nobody_posts_readings_of_the_platform(client: httpx.AsyncClient, bus: Bus) -> None:
    ledger = Asset("led", LEDGER, "machine", "ledger", "Ledger", sensors=(Sensor("lost", f"{LEDGER}/lost"),))
    await (await bus.bucket(subjects.PLANT_BUCKET)).put(subjects.asset_key("led"), encode_asset(ledger))

    async def refused() -> bool:
        body = {"asset": "led", "values": {"lost": 1}}
        answer = await client.post("/api/ingest/v1/readings", json=body, headers=token(Role.ADMIN))
        assert answer.status_code == 422
        return f"nobody but Andon itself speaks for '{LEDGER}'" in answer.text

    await eventually(refused)

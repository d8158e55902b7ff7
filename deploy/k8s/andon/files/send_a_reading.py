"""`helm test`: one reading by HTTP and one by MQTT, both read back from InfluxDB; then all traces of it are removed."""

import asyncio
import os
import ssl
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import aiomqtt
import httpx

from andon.common.auth import Principal, Role, Tokens

SITE = "helm-test"
MACHINE = f"{SITE}/area/line/machine"
PLANT = {
    "sites": [
        {
            "slug": SITE,
            "areas": [
                {
                    "slug": "area",
                    "lines": [
                        {
                            "slug": "line",
                            "machines": [{"slug": "machine", "sensors": [{"key": "by_http"}, {"key": "by_mqtt"}]}],
                        }
                    ],
                }
            ],
        }
    ]
}
PATIENCE = 120.0
"""Seconds until a reading must be there."""


async def main() -> None:
    """Send, look, remove.

    Raises:
        SystemExit: a reading did not come through; says which.
    """
    tester = Principal(id="helm-test", name="helm test", role=Role.ADMIN, scope="")
    token = Tokens(secret=os.environ["ANDON_TOKEN_SECRET"]).sign(tester, token_id=SITE, lifetime=600)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=30, trust_env=False) as http, plant(http):
        value = float(int(time.time()))
        await by_http(http, value)
        expected = {"by_http": value}
        if os.environ.get("MQTT_URL"):
            await by_mqtt(http, value)
            expected["by_mqtt"] = value
        await read_back(http, expected)


def say(what: str) -> None:
    """Tell whoever reads the pod's log."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


@asynccontextmanager
async def plant(http: httpx.AsyncClient) -> AsyncIterator[None]:
    """A site with one machine, for as long as this block lasts."""
    registry = os.environ["REGISTRY_URL"] + "/api/registry/v1"
    (await http.post(f"{registry}/plant", json=PLANT)).raise_for_status()
    say("registry: took a plant with one machine")
    try:
        yield
    finally:
        for path in (MACHINE, f"{SITE}/area/line", f"{SITE}/area", SITE):
            (await http.delete(f"{registry}/assets/{path}")).raise_for_status()


async def by_http(http: httpx.AsyncClient, value: float) -> None:
    """Send a reading by HTTP, again as long as ingest does not know the new machine."""
    reading = {"asset": MACHINE, "values": {"by_http": value}}
    deadline = time.monotonic() + PATIENCE
    while True:
        answer = await http.post(os.environ["INGEST_URL"] + "/api/ingest/v1/readings", json=reading)
        if answer.is_success:
            say("ingest: took a reading by HTTP")
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"ingest: refuses a reading by HTTP: {answer.status_code} {answer.text}")
        await asyncio.sleep(1)


async def by_mqtt(http: httpx.AsyncClient, value: float) -> None:
    """Send a reading as a new device, and wait until the broker has it on disk."""
    registry = os.environ["REGISTRY_URL"] + "/api/registry/v1"
    answer = await http.post(f"{registry}/devices", json={"name": "helm test", "scope": SITE})
    answer.raise_for_status()
    device = answer.json()
    url = urlsplit(os.environ["MQTT_URL"])
    tls = ssl.create_default_context(cafile=os.environ.get("MQTT_CA")) if url.scheme == "mqtts" else None
    login = {"username": device["username"], "password": device["password"]}
    try:
        async with aiomqtt.Client(url.hostname or "", url.port or 1883, tls_context=tls, **login) as client:
            await client.publish(f"factory/{MACHINE}", f'{{"values": {{"by_mqtt": {value}}}}}', qos=1, timeout=30)
        say("broker: took a reading by MQTT")
    finally:
        (await http.delete(f"{registry}/devices/{device['id']}")).raise_for_status()


async def read_back(http: httpx.AsyncClient, expected: dict[str, float]) -> None:
    """Ask the history until it has what was sent."""
    deadline = time.monotonic() + PATIENCE
    missing = dict(expected)
    while missing and time.monotonic() < deadline:
        for key, value in list(missing.items()):
            asked = {"sensor": f"{MACHINE}/{key}", "from": "-10m", "to": "now", "agg": "raw"}
            answer = await http.get(os.environ["QUERY_URL"] + "/api/query/v1/series", params=asked)
            if answer.is_success and any(found == value for _, found in answer.json()["points"]):
                say(f"query: found {key}")
                del missing[key]
        await asyncio.sleep(1)
    if missing:
        raise SystemExit(f"query: did not find {', '.join(missing)} within {PATIENCE:g} s; ask /readyz who is sick")


if __name__ == "__main__":
    asyncio.run(main())

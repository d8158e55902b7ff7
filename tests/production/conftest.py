"""One house for all stories, with a press shop in it and somebody who is told of alarms."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from andon.common.testing.sinks import Sink

from .house import House, running_house

PRESSES = [f"berlin/pressing/line-1/press-{number}" for number in range(1, 7)]
PLANT = f"""
types:
  press:
    sensors: [{{key: number}}, {{key: oil_temperature, unit: Cel}}]
sites:
  - slug: berlin
    areas:
      - slug: pressing
        lines:
          - slug: line-1
            machines: [{", ".join(f"{{slug: {path.rsplit('/', 1)[1]}, type: press}}" for path in PRESSES)}]
"""
HOT = {
    "name": "Oil hot",
    "scope": {"type": "press", "sensor": "oil_temperature"},
    "condition": {"above": 65},
    "severity": "high",
    "channels": ["board"],
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory, hook: Sink) -> AsyncIterator[House]:
    """All of Andon, with the plant and its one rule."""
    folder = tmp_path_factory.mktemp("production")
    async with running_house(folder, ANDON_ALERTING_WEBHOOK_ALLOW="127.0.0.0/8") as made:
        await made.apply_plant(PLANT)
        channel = {"name": "board", "kind": "webhook", "target": hook.url}
        await made.call("POST", "/api/alerting/v1/channels", json=channel)
        await made.call("POST", "/api/alerting/v1/rules", json=HOT)
        yield made

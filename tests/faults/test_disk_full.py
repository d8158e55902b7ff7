"""A full disk below each server: devices wait, /readyz says who is sick, and all is well again without hands."""

import pytest

from soak.faults import disk_full
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("server", ["nats", "influxdb"])
async def test_a_full_disk(scene: Scene, server: str) -> None:
    outcome = await scene.suffer(disk_full(server))
    assert outcome.verdict.clean, outcome.verdict

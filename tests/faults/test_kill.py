"""kill -9 and a stop in good order of each process, under load: nothing is lost, every alarm comes once."""

import pytest

from soak.faults import PROCESSES, kill, stop
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("victim", PROCESSES)
async def test_killed(scene: Scene, victim: str) -> None:
    outcome = await scene.suffer(kill(victim))
    assert outcome.verdict.clean, outcome.verdict


@pytest.mark.parametrize("victim", PROCESSES)
async def test_stopped_in_good_order(scene: Scene, victim: str) -> None:
    outcome = await scene.suffer(stop(victim))
    assert outcome.verdict.clean, outcome.verdict

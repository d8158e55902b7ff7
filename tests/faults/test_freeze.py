"""A process that hangs: shown while it lasts, and what it held when it wakes does no harm.

Longer ones, in which others take over what the frozen one held, are in the soak.
"""

import pytest

from soak.faults import PROCESSES, freeze
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("victim", PROCESSES)
async def test_frozen_for_five_seconds(scene: Scene, victim: str) -> None:
    outcome = await scene.suffer(freeze(victim, 5))
    assert outcome.verdict.clean, outcome.verdict

"""The network between devices, broker and ingest: cut, slow, deaf, broken. Whoever has no PUBACK sends again."""

import pytest

from soak.faults import DEAF, RESET, SHORT, SLOW, Fault, cut_devices, cut_intake
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize(
    "fault", [cut_devices(4), cut_intake(4), RESET, SLOW, DEAF, SHORT], ids=lambda fault: fault.name.replace(" ", "-")
)
async def test_a_bad_network(scene: Scene, fault: Fault) -> None:
    outcome = await scene.suffer(fault)
    assert outcome.verdict.clean, outcome.verdict

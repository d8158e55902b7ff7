"""A bad network before each door: cut, reset, slow, deaf, cut short. Whoever has no acknowledgement sends again.

Deaf is the meanest: the server took it, and its answer is lost; what is sent again must not be stored twice.
"""

import pytest

from soak.faults import Fault, network
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("fault", network(), ids=lambda fault: fault.name.replace(" ", "-"))
async def test_a_bad_network(scene: Scene, fault: Fault) -> None:
    outcome = await scene.suffer(fault)
    assert outcome.verdict.clean, outcome.verdict

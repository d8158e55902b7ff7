"""Where notifications go refuses them: they are told once it takes them, each once.

Mail servers and webhooks that hang, crawl or answer nonsense have their stories in services/alerting/tests.
"""

import pytest

from soak.faults import REFUSING_HOOK
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


async def test_a_webhook_that_refuses(scene: Scene) -> None:
    refused = len(scene.hook.requests) - len(scene.hook.accepted)
    outcome = await scene.suffer(REFUSING_HOOK)
    assert outcome.verdict.clean, outcome.verdict
    assert len(scene.hook.requests) - len(scene.hook.accepted) > refused

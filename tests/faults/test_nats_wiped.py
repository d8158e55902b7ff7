"""Somebody deletes NATS's data: streams are made anew, the plant is told again, devices come in again."""

import pytest

from soak.faults import NATS_WIPED
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


async def test_what_was_stored_stays_and_what_comes_is_stored(scene: Scene) -> None:
    before = scene.journal.acknowledged
    outcome = await scene.suffer(NATS_WIPED)
    assert outcome.verdict.clean, outcome.verdict
    assert outcome.verdict.safe > before, "devices came in again"

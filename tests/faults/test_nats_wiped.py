"""Somebody deletes NATS's data: streams are made anew, the plant is told again, devices come in again.

What had come to rest in InfluxDB stays, and so do alarms: that the plant is nowhere for a moment is not its end. That
something may be missing is told by health and by the ledger.
"""

import pytest

from andon.common.testing.waiting import eventually
from soak.faults import NATS_WIPED
from soak.press import HOT
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


async def test_what_was_stored_stays_what_comes_is_stored_and_the_loss_is_told(scene: Scene) -> None:
    await eventually(lambda: all(press.temperature == HOT for press in scene.presses), what="all presses are hot")
    before = scene.journal.acknowledged
    outcome = await scene.suffer(NATS_WIPED)
    assert outcome.verdict.clean, outcome.verdict
    assert outcome.verdict.safe > before, "devices came in again"

    async def told() -> list[str]:
        ledger = await scene.factory.call("GET", "/api/ingest/v1/ledger")
        return [problem for problem in ledger["problems"] if "forgot" in problem]

    await eventually(told, what="the ledger tells that the broker forgot its session")

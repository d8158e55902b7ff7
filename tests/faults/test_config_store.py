"""The databases of registry and alerting locked by somebody else, and rules changed while readings flow."""

import pytest

from soak.faults import locked
from soak.plant import RULE
from soak.scene import Scene

pytestmark = [pytest.mark.timeout(180), pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize("name", ["registry", "alerting"])
async def test_a_locked_database(scene: Scene, name: str) -> None:
    outcome = await scene.suffer(locked(name))
    assert outcome.verdict.clean, outcome.verdict


async def test_a_rule_edited_over_and_over_neither_loses_nor_repeats_an_alarm(scene: Scene) -> None:
    rules = "/api/alerting/v1/rules"
    [rule] = (await scene.factory.call("GET", rules))["items"]
    for limit in [*range(50, 80, 3), 65]:
        edited = {**RULE, "condition": {"above": limit}}
        await scene.factory.call("PATCH", f"{rules}/{rule['id']}", json=edited)
    verdict = await scene.verdict()
    assert verdict.clean, verdict

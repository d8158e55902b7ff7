"""Silence is a sensor's only where nothing that it said waits to be heard."""

from time import monotonic
from types import SimpleNamespace
from typing import Any

import pytest

from andon.alerting.evaluate.evaluation import HELD_UP_SECONDS, Evaluation


class Ticking:
    """In a judge's place: notes what the clock is used for."""

    def __init__(self) -> None:
        self.late: dict[Any, Any] = {}
        self.asked: list[str] = []

    def tick(self, _now: float) -> list[Any]:
        self.asked.append("tick")
        return []

    def deafen(self, _now: float) -> None:
        self.asked.append("deafen")


@pytest.mark.parametrize(
    ("connected", "behind", "held_up", "asked"),
    [
        (True, 0, 0.0, ["tick"]),
        (True, 3, 0.0, []),  # the sample that ends a delay, or a silence, may be among those that wait
        (False, 0, 0.0, ["deafen"]),
        (True, 0, 2 * HELD_UP_SECONDS, ["deafen"]),
    ],
)
async def test_time_passes_by_the_clock_once_all_that_came_is_judged(
    *, connected: bool, behind: int, held_up: float, asked: list[str]
) -> None:
    bus: Any = SimpleNamespace(connected=connected, settings=SimpleNamespace(partitions=1))
    nothing: Any = None
    evaluation = Evaluation(bus, nothing, nothing, nothing, nothing, nothing, 0, nothing)
    judge: Any = Ticking()
    evaluation._judge, evaluation._behind = judge, behind
    await evaluation._tick(monotonic() - held_up)
    assert judge.asked == asked

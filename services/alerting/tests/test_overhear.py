"""Rules look at machines of other partitions: what is heard of these, and by whom."""

from types import SimpleNamespace
from typing import Any

import pytest

from andon.alerting.evaluate import work
from andon.alerting.evaluate.evaluation import Evaluation
from andon.alerting.evaluate.leases import LostError
from andon.alerting.evaluate.work import Work
from andon.common import subjects
from andon.common.reading import NS_PER_S, Reading
from andon.common.wire import Batch, encode_batch

nothing: Any = None


class Judging:
    """In a judge's place: something turns with whatever is heard."""

    heard_of = ("a", "b", "c", "d")

    def __init__(self) -> None:
        self.late: dict[Any, Any] = {}

    def judge(self, *_: Any, **__: Any) -> list[Any]:
        return [nothing]


class Writing:
    """In a writer's place: notes whose turns are written; whoever has `lost` the lease can write nothing."""

    holds = True

    def __init__(self, partition: int, lost: set[int], written: list[int]) -> None:
        self.partition, self.lost, self.written = partition, lost, written

    async def write(self, _what: Any) -> list[Any]:
        if self.partition in self.lost:
            raise LostError("Another instance sees to it now")
        self.written.append(self.partition)
        return []


@pytest.mark.parametrize(("lost", "heard"), [(set[int](), [1, 2]), ({1}, [2])])
async def test_who_has_lost_its_lease_keeps_no_other_from_hearing(
    monkeypatch: pytest.MonkeyPatch, lost: set[int], heard: list[int]
) -> None:
    written = list[int]()

    def ready(*about: Any) -> Evaluation:
        made, judging, writing = Evaluation(*about), Judging(), Writing(about[-2], lost, written)
        made._judge, made._writer = judging, writing  # type: ignore[assignment]
        made._started.set()
        return made

    monkeypatch.setattr(work, "Evaluation", ready)
    bus: Any = SimpleNamespace(settings=SimpleNamespace(partitions=3))
    leases: Any = {work.lease_name(number): None for number in range(3)}
    made = Work(bus, nothing, nothing, nothing, nothing, leases, nothing)
    data = encode_batch(Batch(NS_PER_S, [Reading("a", NS_PER_S, {"t": 1.0})]))
    message: Any = SimpleNamespace(data=data, subject=subjects.telemetry(0))
    await made._overhear(message)
    assert written == heard

"""Work: the evaluations of all partitions, of which this instance does those whose leases it holds."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from nats.aio.msg import Msg

from andon.alerting.alarm.journal import News
from andon.alerting.database import Database
from andon.alerting.evaluate.change import Look
from andon.alerting.evaluate.evaluation import Evaluation
from andon.alerting.evaluate.leases import Leases
from andon.alerting.evaluate.renewal import pieces
from andon.alerting.rules.calendar import Calendar
from andon.alerting.rules.draft import Rule
from andon.alerting.rules.rulebook import Rulebook
from andon.common import subjects
from andon.common.bus import Bus
from andon.common.following import PlantFollower
from andon.common.history.history import History
from andon.common.plant import Asset

Jobs = list[tuple[str, Coroutine[Any, Any, None]]]


class Work:
    """All partitions."""

    def __init__(  # noqa: PLR0917 - what evaluations work with
        self,
        bus: Bus,
        database: Database,
        follower: PlantFollower,
        rulebook: Rulebook,
        history: History,
        leases: Leases,
        tell: Callable[[list[News]], Awaitable[None]],
    ) -> None:
        self._bus = bus
        self._follower = follower
        self._rulebook = rulebook
        self._partitions = bus.settings.partitions
        self._counting = asyncio.Lock()
        self._counted: tuple[tuple[int, int], list[tuple[str, str]]] = ((-1, -1), [])
        make = partial(Evaluation, bus, database, follower, rulebook, history)
        self.evaluations = [make(leases[lease_name(part)], part, tell) for part in range(self._partitions)]

    @property
    def knows_plant(self) -> bool:
        """Whether the plant was ever complete."""
        return self._follower.complete.is_set()

    def check(self) -> str:
        """What is wrong, '' when all is well."""
        if not self.knows_plant:
            return "waiting for the plant" if self._bus.connected else ""
        return next(filter(None, (evaluation.check() for evaluation in self.evaluations)), "")

    def jobs(self) -> Jobs:
        """What runs for ever."""
        found: Jobs = []
        for number, evaluation in enumerate(self.evaluations):
            found += [
                (f"evaluate {number}", evaluation.run()),
                (f"keep time {number}", evaluation.keep_time()),
                (f"keep up {number}", evaluation.keep_up()),
                (f"learn {number}", evaluation.learn()),
            ]
        if self._partitions > 1:
            found.append(("overhear", self._bus.hear(subjects.TELEMETRY_ALL, on_message=self._overhear)))
        return found

    async def _overhear(self, message: Msg) -> None:
        """Batches of other partitions: rules may look at machines of several."""
        slot = subjects.partition_named(message.subject)
        for number, evaluation in enumerate(self.evaluations):
            if slot % self._partitions != number and evaluation.listens:
                await evaluation.overhear(message)

    async def count(self, counts: Callable[[str], bool]) -> Counter[str] | None:
        """How many sensors each rule watches, of the machines whose path `counts`; None before the plant is known."""
        if not self.knows_plant:
            return None
        if all(evaluation.evaluates for evaluation in self.evaluations):
            return sum([await evaluation.count(counts) for evaluation in self.evaluations], Counter())
        async with self._counting:
            version = (self._follower.plant.version, self._rulebook.version)
            if version != self._counted[0]:
                plant, book = list(self._follower.plant), self._rulebook
                self._counted = version, await asyncio.to_thread(_watched, plant, book.rules, book.calendars)
        return Counter(rule_id for rule_id, path in self._counted[1] if counts(path))

    async def refresh(self) -> None:
        """Take the rules and the plant as they are now."""
        for evaluation in self.evaluations:
            await evaluation.refresh()


def _watched(plant: Sequence[Asset], rules: Sequence[Rule], calendars: Sequence[Calendar]) -> list[tuple[str, str]]:
    """Ids of rules, and paths of the machines they watch, where other instances evaluate them."""
    all_of_it = pieces(Look(), Look(plant, rules, calendars))
    return [(watch.rule.id, watch.asset.path) for piece in all_of_it for watch in piece.made]


def lease_name(partition: int) -> str:
    """Of the lease of one partition."""
    return f"evaluate.{partition}"

"""Rules that are edited while samples flow: judging goes on, no turn is missed or doubled, and the last edit holds."""

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from sqlalchemy import select, update

from andon.alerting.database import open_database
from andon.alerting.evaluate import evaluation, renewal
from andon.alerting.evaluate.evaluation import Evaluation
from andon.alerting.evaluate.watch import Watch
from andon.alerting.tables import AlarmRow, LeaseRow, TransitionRow
from andon.common import subjects
from andon.common.reading import NS_PER_S, Reading
from andon.common.testing.waiting import eventually
from andon.common.wire import Batch, encode_batch

from .conftest import HOUR, machine

SCOPE = {"type": "press", "sensor": "temperature"}
PRESSES = [f"press-{number}" for number in range(400)]


@pytest.fixture
async def presses(stopped: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Alerting in a plant of four hundred presses, of which it exchanges some ten watches at once."""
    monkeypatch.setattr(renewal, "PIECE", 20)
    await stopped.know(*(machine(name, "berlin/stamping/line-1", "press") for name in PRESSES))
    await stopped.start()
    return stopped


async def publish(story: Any, second: int, values: Callable[[int], float]) -> None:
    """One batch with a sample of every press."""
    time = story.begin + second * NS_PER_S
    readings = [Reading(name, time, {"temperature": values(number)}) for number, name in enumerate(PRESSES)]
    data = encode_batch(Batch(story.begin + HOUR, readings))
    await story.bus.publish(subjects.telemetry(0), data, msg_id=f"presses-{second}")


async def steal_lease(story: Any) -> None:
    """As another instance that takes the lease, and is gone at once."""
    async with open_database(story.settings.database_url) as database, database.write() as session:
        stolen = {"epoch": LeaseRow.epoch + 1, "until": 0}
        await session.execute(update(LeaseRow).where(LeaseRow.name == "evaluate.0").values(**stolen))


async def journals(story: Any) -> Counter[tuple[str, tuple[str, ...]]]:
    """How many alarms of which rule have which events, in their order."""
    async with open_database(story.settings.database_url) as database, database.read() as session:
        query = select(AlarmRow.id, AlarmRow.rule_name, TransitionRow.event)
        query = query.join(TransitionRow, TransitionRow.alarm_id == AlarmRow.id)
        found: dict[tuple[str, str], list[str]] = {}
        for alarm, rule, event in await session.execute(query.order_by(AlarmRow.id, TransitionRow.number)):
            found.setdefault((alarm, rule), []).append(event)
    return Counter((rule, tuple(events)) for (_, rule), events in found.items())


async def test_edits_while_samples_flow_neither_miss_a_turn_nor_double_one(presses: Any) -> None:
    """Each press passes the limit, and returns, once in eight seconds, whatever is edited meanwhile."""
    hot = await presses.add_rule(name="Hot", scope=SCOPE)
    await presses.add_rule(name="Other", scope=SCOPE)
    flows = True

    async def edit() -> None:
        number = 0
        while flows:
            number += 1
            await presses.call("PATCH", f"/rules/{hot['id']}", json={"cause": f"Edit {number}"})

    editing = asyncio.create_task(edit())
    for second in range(24):
        await publish(presses, second, lambda number, second=second: 90.0 if (number + second) % 8 == 0 else 70.0)
        await presses.evaluated()
    flows = False
    await editing
    expected = Counter[tuple[str, ...]]()
    for number in range(len(PRESSES)):
        crossed = [second for second in range(24) if (number + second) % 8 == 0]
        expected[("raised", "cleared") * (len(crossed) - (crossed[-1] == 23)) + ("raised",) * (crossed[-1] == 23)] += 1
    assert await journals(presses) == {(rule, events): n for events, n in expected.items() for rule in ("Hot", "Other")}


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Holds each exchange of watches up behind its third piece, until the event is set."""
    go_on = threading.Event()

    def slowly(*about: Any) -> Iterator[renewal.Piece]:
        for number, piece in enumerate(renewal.pieces(*about)):
            if number == 3:
                go_on.wait()
            yield piece

    monkeypatch.setattr(evaluation, "pieces", slowly)
    yield go_on
    go_on.set()


async def test_while_watches_are_made_alarms_are_raised_and_time_passes(presses: Any, held: threading.Event) -> None:
    held.set()
    rule = await presses.add_rule(name="Hot", scope=SCOPE)
    await presses.add_rule(name="Slow", scope=SCOPE, on_delay="300ms")
    held.clear()
    editing = asyncio.create_task(presses.call("PATCH", f"/rules/{rule['id']}", json={"condition": {"above": 60}}))
    await publish(presses, 1, lambda number: 90.0 if number < 5 else 50.0)
    found = await eventually(lambda: _so_many(presses, 10))
    assert Counter(alarm["rule_name"] for alarm in found) == {"Hot": 5, "Slow": 5}
    assert not editing.done()
    held.set()
    await editing
    await publish(presses, 2, lambda number: 70.0 if number < 9 else 50.0)
    await presses.evaluated()
    assert await journals(presses) == {
        ("Hot", ("raised",)): 9,
        ("Slow", ("raised", "cleared")): 5,
    }


async def test_a_rule_that_is_edited_again_meanwhile_ends_as_it_was_written_last(
    presses: Any, held: threading.Event
) -> None:
    held.set()
    rule = await presses.add_rule(name="Hot", scope=SCOPE)
    await publish(presses, 1, lambda _: 90.0)
    await presses.evaluated()
    held.clear()
    edits: list[dict[str, Any]] = [
        {"condition": {"above": 60}},
        {"scope": {"type": "press", "sensor": "jammed"}, "condition": {"equals": True}},
        {"scope": SCOPE, "condition": {"above": 95}},
    ]
    editing = []
    for edit in edits:
        editing.append(asyncio.create_task(presses.call("PATCH", f"/rules/{rule['id']}", json=edit)))
        await eventually(lambda edit=edit: _reads(presses, rule["id"], edit["condition"]))
    held.set()
    await asyncio.gather(*editing)
    await publish(presses, 2, lambda _: 96.0)
    await publish(presses, 3, lambda _: 94.0)
    await presses.evaluated()
    ends = {events[-1] for _, events in await journals(presses)}
    assert ends == {"cleared"}


@pytest.mark.parametrize("again", [False, True])
async def test_a_rule_that_is_removed_while_the_lease_is_lost_ends_each_alarm_once(
    presses: Any, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    """Another instance takes the lease behind the third piece, and is gone at once. again: before that was noticed."""
    rule = await presses.add_rule(name="Hot", scope=SCOPE)
    await publish(presses, 1, lambda _: 90.0)
    await presses.evaluated()
    exchange, pieces, judges = Evaluation._exchange, iter(range(1000)), []

    async def stolen(self: Evaluation, piece: renewal.Piece) -> None:
        if next(pieces) == 3:
            judges.append((self, self._judge))
            await steal_lease(presses)
            await eventually(lambda: self._lease.epoch == 3 or not again)
        await exchange(self, piece)

    monkeypatch.setattr(Evaluation, "_exchange", stolen)
    await presses.call("DELETE", f"/rules/{rule['id']}")
    await eventually(lambda: _closed(presses), timeout=40)
    assert await journals(presses) == {("Hot", ("raised", "closed")): len(PRESSES)}
    [(evaluates, judge)] = judges
    assert evaluates._judge is not judge


async def test_an_edit_while_the_lease_is_lost_and_taken_anew_is_in_force(presses: Any, held: threading.Event) -> None:
    held.set()
    rule = await presses.add_rule(name="Hot", scope=SCOPE)
    held.clear()
    editing = [asyncio.create_task(presses.call("PATCH", f"/rules/{rule['id']}", json={"condition": {"above": 60}}))]
    await eventually(lambda: _reads(presses, rule["id"], {"above": 60}))
    await steal_lease(presses)
    await eventually(presses.owners)
    editing.append(
        asyncio.create_task(presses.call("PATCH", f"/rules/{rule['id']}", json={"condition": {"above": 95}}))
    )
    await eventually(lambda: _reads(presses, rule["id"], {"above": 95}))
    held.set()
    await asyncio.gather(*editing)
    await publish(presses, 1, lambda _: 96.0)
    await publish(presses, 2, lambda _: 94.0)
    await presses.evaluated()
    assert await journals(presses) == {("Hot", ("raised", "cleared")): len(PRESSES)}


async def test_a_rule_that_is_edited_while_it_learns_of_the_past_is_told_all_of_it(
    presses: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One sensor's past is told before the edit; that of the other would be told to watches that are gone."""
    half, go_on, told = asyncio.Event(), asyncio.Event(), list[set[str]]()

    async def slowly(_history: Any, _plant: Any, watches: Sequence[Watch], until: int) -> list[Watch]:
        told.append({watch.rule.cause for watch in watches})
        for watch in watches:
            watch.told((watch.asset.id, "jammed"), until, value=True)
        half.set()
        await go_on.wait()
        for watch in watches:
            watch.told((watch.asset.id, "temperature"), until, 90.0)
        return []

    monkeypatch.setattr(evaluation, "recall", slowly)
    monkeypatch.setattr(evaluation, "ASK_AGAIN_SECONDS", 0.0)
    condition = {"expression": "temperature > 80 and jammed"}
    rule = await presses.add_rule(name="Hot", scope=SCOPE, condition=condition, cause="As it was")
    await half.wait()
    await presses.call("PATCH", f"/rules/{rule['id']}", json={"cause": "As it is"})
    go_on.set()
    await eventually(lambda: {"As it is"} in told)


async def test_the_past_that_was_asked_for_before_the_lease_was_lost_is_told_to_nobody(
    presses: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Watches that are made anew with the lease have to learn all by themselves, whatever is answered to others."""
    go_on, asked = asyncio.Event(), list[set[str]]()

    async def slowly(_history: Any, _plant: Any, watches: Sequence[Watch], _until: int) -> list[Watch]:
        asked.append({watch.rule.name for watch in watches})
        if len(asked) > 1:
            return list(watches)
        await go_on.wait()
        return []

    monkeypatch.setattr(evaluation, "recall", slowly)
    monkeypatch.setattr(evaluation, "ASK_AGAIN_SECONDS", 0.0)
    condition = {"expression": "temperature > 80 and jammed"}
    await presses.add_rule(name="Hot", scope=SCOPE, condition=condition)
    await eventually(lambda: asked == [{"Hot"}])
    await presses.add_rule(name="Other", scope=SCOPE, condition=condition)
    await steal_lease(presses)
    await eventually(lambda: len(asked) > 1)
    await publish(presses, 1, lambda _: 70.0)
    await presses.evaluated()
    go_on.set()
    await eventually(lambda: {"Hot", "Other"} in asked[2:])


async def _so_many(story: Any, number: int) -> Any:
    found = await story.alarms(limit=100)
    return found if len(found) == number else None


async def _reads(story: Any, rule: str, condition: dict[str, Any]) -> bool:
    return bool((await story.call("GET", f"/rules/{rule}"))["condition"] == condition)


async def _closed(story: Any) -> bool:
    return all(events[-1] == "closed" for _, events in await journals(story))

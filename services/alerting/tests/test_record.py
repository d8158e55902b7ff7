"""What happens to alarms is in InfluxDB, once; what it will not take keeps nothing back."""

from typing import Any

import pytest
from sqlalchemy import update

from andon.alerting.alarm.record import Recorder
from andon.alerting.database import Database
from andon.alerting.tables import TransitionRow
from andon.common.errors import UnavailableError
from andon.common.influx import ALARMS, Influx
from andon.common.reading import NS_PER_S

from .alarm_stories import LADDER, NOW, Story, rule

SECOND = NS_PER_S


def always() -> bool:
    return True


@pytest.fixture
async def story(database: Database) -> Story:
    made = Story(database)
    await made.begin([rule(condition=LADDER, severity="critical")], "m1", "m2")
    return made


async def points(influx: Influx) -> list[dict[str, Any]]:
    """All points, in order of time."""
    tags = ", ".join(f'"{tag}"' for tag in ("site", "machine", "asset", "sensor", "rule", "rule_id", "severity"))
    (found,) = await influx.query(f'SELECT * FROM "{ALARMS}" GROUP BY {tags}')
    told = [{**one.tags, **dict(zip(one.columns, row, strict=True))} for one in found for row in one.rows]
    return sorted(told, key=lambda point: point["time"])


async def recorded(story: Story, influx: Influx) -> list[dict[str, Any]]:
    recorder = Recorder(story.database, influx, always)
    while await recorder.record():
        pass
    return await points(influx)


async def test_each_line_of_a_journal_is_a_point_of_its_machine(story: Story, influx: Influx) -> None:
    await story.raises(level="h")
    await story.acknowledge(now=NOW + 30 * SECOND)
    await story.raises(level="hh", at=60)
    await story.clears(level="hh", at=90)
    await story.clears(level="h", at=90)
    found = await recorded(story, influx)
    assert [point["event"] for point in found] == ["raised", "acknowledged", "escalated", "eased", "cleared"]
    assert [point["severity"] for point in found] == ["medium", "medium", "critical", "medium", "medium"]
    assert [point["active"] for point in found] == [1, 1, 1, 1, 0]
    assert [point["announced"] for point in found] == [1, None, 1, None, None]
    assert found[1]["acknowledged_after"] == 30
    assert found[4]["lasted"] == 90
    where = {"site": "berlin", "machine": "m1", "asset": "m1", "sensor": "t", "rule": "hot", "rule_id": "hot"}
    assert all(point.items() >= where.items() for point in found)
    assert found[0]["title"] == "m1: hot"
    assert [point["time"] // 1000 * 1000 - NOW for point in found] == [at * SECOND for at in (0, 30, 60, 90, 90)]


async def test_what_was_written_and_not_marked_is_there_once(story: Story, influx: Influx) -> None:
    await story.raises()
    first = await recorded(story, influx)
    async with story.database.write() as session:
        await session.execute(update(TransitionRow).values(recorded=False))
    assert await recorded(story, influx) == first


async def test_two_turns_of_one_instant_are_two_points(story: Story, influx: Influx) -> None:
    await story.raises()
    await story.clears()
    assert [(point["event"], point["active"]) for point in await recorded(story, influx)] == [
        ("raised", 1),
        ("cleared", 0),
    ]


async def test_it_waits_for_a_database_and_loses_nothing(
    story: Story, influx: Influx, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(influx, "settings", influx.settings.model_copy(update={"database": "not_yet"}))
    await story.raises()
    with pytest.raises(UnavailableError, match="404"):
        await Recorder(story.database, influx, always).record()
    await influx.ensure_database()
    assert len(await recorded(story, influx)) == 1


async def test_what_is_older_than_influxdb_keeps_stays_in_the_journal_alone(story: Story, influx: Influx) -> None:
    await influx.keep(24 * 3600 * SECOND)
    await story.raises(at=-1_000 * 86_400)
    await story.raises(on="m2", at=-1_000 * 86_400 + 1)
    assert await recorded(story, influx) == []
    assert not await Recorder(story.database, influx, always).record()

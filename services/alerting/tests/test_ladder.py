"""A ladder in the journal against the reference model: levels with delays of their own are one alarm, told in order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from secrets import token_hex
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from andon.alerting.alarm.state import Severity
from andon.alerting.database import Database
from andon.alerting.evaluate.index import Places, make
from andon.alerting.evaluate.watch import Watch
from andon.alerting.rules.meaning import meaning_of
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.common.reading import NS_PER_S

from . import reference
from .alarm_stories import NOW, Story, machine, rule
from .reference import Level, Model, Said

S = NS_PER_S
HORIZON = 60
LEVELS: dict[str, tuple[str, float]] = {
    "ll": ("below", 60),
    "l": ("below", 75),
    "h": ("above", 80),
    "hh": ("above", 90),
}


@dataclass(frozen=True)
class Ladder:
    """By level: on-delay and off-delay in seconds, and severity."""

    levels: dict[str, tuple[int, int, Severity]]

    def condition(self) -> dict[str, Any]:
        return {
            "levels": [
                {
                    "name": name,
                    LEVELS[name][0]: LEVELS[name][1],
                    "on_delay": f"{on}s",
                    "off_delay": f"{off}s",
                    "severity": str(severity),
                }
                for name, (on, off, severity) in self.levels.items()
            ]
        }

    def model(self) -> Model:
        sides = {"below": "low", "above": "high"}
        return Model(
            ("m1", "t"),
            tuple(
                Level(name=name, on=on * S, off=off * S, **{sides[LEVELS[name][0]]: LEVELS[name][1]})  # type: ignore[arg-type]
                for name, (on, off, _) in self.levels.items()
            ),
        )

    def standings(self, series: Sequence[Said]) -> Iterator[tuple[int, int]]:
        """At each instant at which the worst level changes: when, and its rank; 0 once none is active any more."""
        found = reference.turns(self.model(), series, NOW + HORIZON * S)
        turns = sorted((turn for of_level in found.values() for turn in of_level), key=lambda turn: turn.at)
        active, rank = set[str](), 0
        for at, together in groupby(turns, key=lambda turn: turn.at):
            for turn in together:
                if turn.after == reference.ACTIVE:
                    active.add(turn.level)
                elif turn.after == reference.NORMAL:
                    active.discard(turn.level)
            before, rank = rank, max((self.levels[name][2].rank for name in active), default=0)
            if rank != before:
                yield at, rank


@st.composite
def ladders(draw: st.DrawFn) -> Ladder:
    names = draw(st.lists(st.sampled_from(sorted(LEVELS)), min_size=2, max_size=4, unique=True))
    delays = st.sampled_from([0, 0, 1, 3, 7])
    return Ladder({name: (draw(delays), draw(delays), draw(st.sampled_from(Severity))) for name in names})


values = st.sampled_from([50.0, 70.0, 77.0, 85.0, 95.0])
steps = st.lists(st.tuples(st.sampled_from([1, 1, 2, 5, 11]), values), min_size=1, max_size=10)


@given(ladder=ladders(), steps=steps, pieces=st.lists(st.integers(1, 4), min_size=1, max_size=4))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
async def test_a_ladder_is_told_as_the_model_has_it(
    database: Database, ladder: Ladder, steps: list[tuple[int, float]], pieces: list[int]
) -> None:
    series, second = list[Said](), 0
    for step, value in steps:
        second += step
        series.append((NOW + second * S, "m1", {"t": value}, {}))
    series = [said for said in series if said[0] <= NOW + HORIZON * S]
    story, name = Story(database), token_hex(4)  # a name of its own in one database: to open one takes longer
    await story.begin([rule(name, condition=ladder.condition())])
    await told(story, name, series, pieces)
    mine = AlarmRow.rule_id == name
    async with database.read() as session:
        alarm = (await session.scalars(select(AlarmRow).where(mine))).one_or_none()
        query = select(TransitionRow).join(AlarmRow, AlarmRow.id == TransitionRow.alarm_id).where(mine)
        lines = (await session.scalars(query.order_by(TransitionRow.number))).all()
    times = [line.at for line in lines]
    assert times == sorted(times)
    assert list(stood(lines)) == list(ladder.standings(series))
    if alarm is not None:
        check_words(alarm)


async def told(story: Story, name: str, series: Sequence[Said], pieces: list[int]) -> None:
    """What comes in pieces, each written by itself."""
    watch, left = story.watch(name), list(series)
    for size in [*pieces, len(series)]:
        found, left = left[:size], left[size:]
        turned = [
            one
            for time, asset, said, _ in found
            for one in watch.hear(asset, time, said, None, False, lambda *_: None) or ()
        ]
        await story.record(*turned)
    await story.record(*watch.pass_time(NOW + HORIZON * S))


def stood(lines: Sequence[TransitionRow]) -> Iterator[tuple[int, int]]:
    """The journal as `Ladder.standings` has it."""
    rank = 0
    for at, together in groupby(lines, key=lambda line: line.at):
        last = list(together)[-1]
        before, rank = rank, 0 if last.event == "cleared" else Severity(last.severity).rank
        if rank != before:
            yield at, rank


def check_words(alarm: AlarmRow) -> None:
    """What is told has passed the limit that is told with it, and the sentence says the same."""
    assert alarm.value is not None
    word, limit = next((word, limit) for word, limit in LEVELS.values() if limit == alarm.limit)
    assert alarm.value > limit if word == "above" else alarm.value < limit
    assert f"{alarm.value:.1f} °C, {word} {limit}" in alarm.message
    assert alarm.level in alarm.levels or not alarm.active


def heard(*samples: tuple[int, float]) -> list[Said]:
    return [(NOW + second * S, "m1", {"t": value}, {}) for second, value in samples]


async def test_of_delays_that_end_between_two_samples_the_first_to_end_is_told_first(database: Database) -> None:
    ladder, story = Ladder({"h": (10, 10, Severity.LOW), "hh": (5, 5, Severity.HIGH)}), Story(database)
    await story.begin([rule(condition=ladder.condition())])
    await told(story, "hot", heard((0, 95.0), (20, 95.0), (30, 70.0)), [1, 1])
    alarm = await story.alarm()
    assert [event for event, _ in await story.states()] == ["raised", "eased", "cleared"]
    assert ((alarm.since - NOW) // S, ((alarm.cleared_at or 0) - NOW) // S) == (5, 40)


async def test_a_level_that_is_about_to_end_is_told_by_the_value_that_passed_its_limit(database: Database) -> None:
    ladder, story = Ladder({"h": (0, 10, Severity.LOW), "hh": (0, 0, Severity.HIGH)}), Story(database)
    await story.begin([rule(condition=ladder.condition())])
    watch = story.watch()
    for time, asset, said, _ in heard((0, 95.0), (1, 70.0)):
        await story.record(*(watch.hear(asset, time, said, None, False, lambda *_: None) or ()))
    alarm = await story.alarm()
    assert (alarm.level, alarm.severity, alarm.limit) == ("h", "low", 80)
    assert alarm.message == "Temperature is 95.0 °C, above 80 °C"


async def test_a_jump_to_the_other_side_that_matters_less_is_told(database: Database) -> None:
    """Two levels end and a milder one begins, all at one instant, and the milder one stands between the two."""
    levels = {"l": (0, 0, Severity.HIGH), "h": (0, 0, Severity.LOW), "ll": (0, 0, Severity.LOW)}
    story = Story(database)
    await story.begin([rule(condition=Ladder(levels).condition())])
    watch = story.watch()
    for time, asset, said, _ in heard((1, 50.0), (2, 85.0)):
        await story.record(*(watch.hear(asset, time, said, None, False, lambda *_: None) or ()))
    alarm = await story.alarm()
    assert [event for event, _ in await story.states()] == ["raised", "eased"]
    assert (alarm.level, alarm.severity, alarm.message) == ("h", "low", "Temperature is 85.0 °C, above 80 °C")


async def test_a_level_that_new_limits_raise_is_told_though_another_edit_follows_at_once(database: Database) -> None:
    story, watches = Story(database), list[Watch]()
    for limit, cause in ((95, ""), (85, ""), (85, "A worn bearing")):
        low, high = {"above": 80, "severity": "medium"}, {"above": limit, "severity": "critical"}
        one = rule(condition={"levels": [low, high]}, cause=cause)
        made = make(Places([machine("m1")], []), one, meaning_of(one), machine("m1"))
        assert made is not None
        if watches:
            made.go_on(watches[-1])
        else:
            await story.begin([one])
            await story.record(*(made.hear("m1", NOW, {"t": 90.0}, None, False, lambda *_: None) or ()))
        watches.append(made)
    await story.record(*watches[-1].settle())
    assert [event for event, _ in await story.states()] == ["raised", "escalated"]
    alarm = await story.alarm()
    assert (alarm.severity, alarm.message) == ("critical", "Temperature is 90.0 °C, above 85 °C")

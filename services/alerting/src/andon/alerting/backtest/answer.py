"""The answer of a backtest: what HTTP tells of it. Pure."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from andon.alerting.alarm.state import Severity
from andon.alerting.backtest.run import Outcome
from andon.alerting.backtest.spells import Spell
from andon.alerting.described import Described
from andon.alerting.rules.band import TRUTH
from andon.alerting.rules.words import describe
from andon.common.answer import Answer
from andon.common.history.span import Span
from andon.common.reading import NS_PER_S
from andon.common.times import ns_to_iso

LISTED = 500
"""Alarms of one answer; all are counted."""


class PastAlarm(Answer):
    """An alarm that the rule would have raised.

    until: None while it goes on. value: the number as it began; peak: the one furthest out; both None where the
    condition has no number. suppressed: it ended because the rule did not count any longer.
    """

    since: str
    until: str | None
    seconds: float
    level: str
    severity: Severity
    value: float | None
    peak: float | None
    limit: float | None
    message: str
    suppressed: bool = False
    late: bool = False


class AdvisedChange(TypedDict, total=False):
    """What to write otherwise: one of these fields of the rule."""

    deadband: float
    on_delay: str
    off_delay: str


class AdviceAnswer(BaseModel):
    """A way to write the rule otherwise, and the alarms that would have been left."""

    change: Annotated[dict[str, str | float], Described(AdvisedChange)]
    alarms_before: int
    alarms: int
    lost: int = Field(description="Alarms of over a minute that would not have been raised")
    recommended: bool
    text: str


class SensorAnswer(BaseModel):
    """What would have come of one sensor.

    flaps: alarms that began within a minute of the end of the one before. fleeting: over within ten seconds.
    advised_from: from when on the alarms were judged again for the advice; later than `from` where there is very much.
    """

    sensor: str
    asset: str
    unit: str
    count: int
    active_seconds: float
    longest_seconds: float
    flaps: int
    fleeting: int
    samples: int
    alarms: list[PastAlarm]
    advice: list[AdviceAnswer]
    advised_from: str


class BacktestAnswer(BaseModel):
    """A rule on the past of its sensors. The newest alarms are listed, all are counted."""

    start: str = Field(serialization_alias="from")
    end: str = Field(serialization_alias="to")
    count: int
    samples: int
    sensors: list[SensorAnswer]


def answer(outcomes: Sequence[Outcome], span: Span) -> BacktestAnswer:
    """All of it."""
    return BacktestAnswer(
        start=ns_to_iso(span.start),
        end=ns_to_iso(span.end),
        count=sum(one.tally.count for one in outcomes),
        samples=sum(one.samples for one in outcomes),
        sensors=[sensor_answer(one, span) for one in outcomes],
    )


def sensor_answer(outcome: Outcome, span: Span) -> SensorAnswer:
    """Of one sensor."""
    watch, tally = outcome.watch, outcome.tally
    return SensorAnswer(
        sensor=f"{watch.asset.path}/{watch.sensor.key}",
        asset=watch.asset.id,
        unit=watch.sensor.unit,
        count=tally.count,
        active_seconds=tally.active / NS_PER_S,
        longest_seconds=tally.longest / NS_PER_S,
        flaps=tally.flaps,
        fleeting=tally.fleeting,
        samples=outcome.samples,
        alarms=[_alarm(outcome, spell, span) for spell in tally.last],
        advice=[
            AdviceAnswer(
                change={one.name: one.value},
                alarms_before=one.before,
                alarms=one.alarms,
                lost=one.lost,
                recommended=one.recommended,
                text=one.text,
            )
            for one in outcome.advice
        ],
        advised_from=ns_to_iso(outcome.advised),
    )


def _alarm(outcome: Outcome, spell: Spell, span: Span) -> PastAlarm:
    watch, rung = outcome.watch, spell.rung
    plain = rung.band is TRUTH
    return PastAlarm(
        since=ns_to_iso(spell.since),
        until=None if spell.until is None else ns_to_iso(spell.until),
        seconds=((spell.until or span.end) - spell.since) / NS_PER_S,
        level=rung.level.name,
        severity=rung.level.severity,
        value=None if plain else spell.value,
        peak=None if plain or spell.peak != spell.peak else spell.peak,
        limit=None if plain else rung.band.limit(spell.value),
        message=describe(watch.meaning.source, rung.band, spell.value, watch.sensor),
        suppressed=spell.hidden,
    )

"""Policies: whom to call when nobody acknowledges, and when people are to be left alone. Pure."""

from typing import Annotated, Literal, Self

import msgspec
from pydantic import Field, model_validator

from andon.alerting.alarm.state import Severity
from andon.alerting.draft import Draft, Duration, Name
from andon.common.errors import InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import parse_duration

LONGEST = 7 * 24 * 3600 * NS_PER_S
LONGEST_GROUP_WAIT = 600 * NS_PER_S
GroupBy = Literal["none", "rule", "machine", "line"]


class StepDraft(Draft):
    """Who is told, channels or schedules by name, and how long after the alarm asked for attention."""

    after: Duration = "0s"
    to: Annotated[list[Name], Field(min_length=1, max_length=20)]


class QuietDraft(Draft):
    """While the calendar is open, alarms below the severity wait; when it closes, they are told as one digest."""

    calendar: Name
    below: Severity = Severity.CRITICAL


class PolicyDraft(Draft):
    """A policy as it is written.

    steps: in order of time, counted from the alarm. repeat: start over so long after the last step, until somebody
    acknowledges; null for once. repeats: how often at most. group_by: alarms of one group that come within group_wait,
    or wait for each other, are told as one message.
    """

    name: Name
    steps: list[StepDraft] = Field(min_length=1, max_length=10)
    repeat: Duration | None = None
    repeats: int = Field(default=10, ge=1, le=100)
    quiet: QuietDraft | None = None
    group_by: GroupBy = "none"
    group_wait: Duration = "0s"

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        try:
            plan_of(self)
        except InvalidError as error:
            raise ValueError(str(error)) from None
        return self


class PolicyPatch(Draft):
    """Fields of a policy to change; null takes back what can be left out."""

    name: Name | None = None
    steps: Annotated[list[StepDraft], Field(min_length=1, max_length=10)] | None = None
    repeat: Duration | None = None
    repeats: int | None = Field(default=None, ge=1, le=100)
    quiet: QuietDraft | None = None
    group_by: GroupBy | None = None
    group_wait: Duration | None = None


class Policy(PolicyDraft):
    """A policy with its id."""

    id: str


class Plan(msgspec.Struct, frozen=True):
    """The times of a policy, in nanoseconds. round: from one round's beginning to the next one's, 0 for none."""

    afters: tuple[int, ...]
    round: int = 0
    repeats: int = 0

    def due(self, began: int, step: int, repeat: int) -> int | None:
        """When step 1.. of round 0.. is due; None where there is no such step any more."""
        if not 1 <= step <= len(self.afters) or repeat > (self.repeats if self.round else 0):
            return None
        return began + repeat * self.round + self.afters[step - 1]

    def following(self, step: int, repeat: int) -> tuple[int, int]:
        """The step and round after these."""
        return (step + 1, repeat) if step < len(self.afters) else (1, repeat + 1)


def plan_of(policy: PolicyDraft) -> Plan:
    """When a policy's steps are due.

    Raises:
        InvalidError: a duration is none, too long, or steps are out of order.
    """
    afters = tuple(_duration("after", step.after, LONGEST) for step in policy.steps)
    if list(afters) != sorted(afters):
        raise InvalidError(
            "Write steps in order of time: each 'after' counts from the alarm, and not from the step before"
        )
    _duration("group_wait", policy.group_wait, LONGEST_GROUP_WAIT)
    if policy.repeat is None:
        return Plan(afters)
    repeat = _duration("repeat", policy.repeat, LONGEST)
    if repeat < 60 * NS_PER_S:
        raise InvalidError(f"'repeat' is '{policy.repeat}'; give people a minute at least, like 15m")
    return Plan(afters, afters[-1] + repeat, policy.repeats)


def _duration(field: str, text: str, longest: int) -> int:
    found = parse_duration(text)
    if found > longest:
        raise InvalidError(f"'{field}' is '{text}'; at most {longest // NS_PER_S} s are possible")
    return found

"""Rules as people write them. What a rule means is read by `meaning.py`. Pure."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from andon.alerting.alarm.state import Severity
from andon.alerting.described import Described
from andon.alerting.draft import Advice, Draft, Duration, Loose, Name, patched
from andon.alerting.rules.condition import Condition
from andon.common.plant import Kind

Part: TypeAlias = Annotated[Kind, Field(description="How far around a machine: itself, its line, area or site")]
Value: TypeAlias = float | bool | str
Trouble: TypeAlias = Annotated[Loose, Described(Condition)]


class ScopeDraft(Draft):
    """Which sensors a rule watches: one by its path, or all with a key: of a type, below a path, with labels."""

    sensor: str = Field(min_length=1, max_length=400)
    type: str | None = Field(default=None, min_length=1, max_length=64)
    under: str | None = Field(default=None, max_length=300)
    labels: dict[str, str] = Field(default={}, max_length=20, description="Of the machine, or of what it stands in")

    @property
    def reach(self) -> str:
        """The part of the plant a rule can raise alarms in, as a path."""
        return self.sensor.rpartition("/")[0] or self.under or ""


class ParentDraft(Draft):
    """The rule whose alarms explain this one's: while one of them is active, this rule's are suppressed by design."""

    rule: Name
    within: Part = "machine"


class GroupDraft(Draft):
    """Rules of one group tell which of their alarms came first (first-out)."""

    name: Name
    within: Part = "machine"


class TrialDraft(Draft):
    """A test of a rule: what sensors say, and how the rule stands at some instants.

    samples: by sensor, as the rule would name it, times after the beginning and values. limits: of the sensor watched.
    states: times after the beginning, and a state: normal, pending, active, clearing, suppressed; or a level's name,
    for active with this level as its most severe one.
    """

    name: Name
    samples: dict[str, Annotated[list[tuple[Duration, Value]], Field(max_length=1000)]] = Field(max_length=20)
    states: list[tuple[Duration, Annotated[str, Field(max_length=20)]]] = Field(min_length=1, max_length=100)
    limits: dict[Literal["ll", "l", "h", "hh"], float] = Field(default={})


class RuleDraft(Draft):
    """A rule as it is written.

    condition: what counts as trouble (`meaning.py` lists all forms). on_delay: how long trouble must last; off_delay:
    how long it must be gone; minimum: how long an alarm stays active at least; repeat: samples in trouble on end.
    active_when: an expression of sensors; while it is false the rule is suppressed. active_during: calendars; outside
    of all of them it is suppressed. latch: the alarm stays until somebody resets it. realarm: an acknowledged alarm
    that is still active asks again after this long. policy: who is told when nobody acknowledges.
    """

    name: Name
    scope: ScopeDraft
    condition: Trouble
    deadband: float = 0.0
    on_delay: Duration = "0s"
    off_delay: Duration = "0s"
    minimum: Duration = "0s"
    repeat: int = Field(default=1, ge=1, le=1000)
    severity: Severity = Severity.MEDIUM
    channels: list[Name] = Field(default=[], max_length=20)
    policy: Name | None = None
    active_when: str | None = Field(default=None, max_length=1000)
    active_during: list[Name] = Field(default=[], max_length=20)
    suppressed_by: ParentDraft | None = None
    group: GroupDraft | None = None
    latch: bool = False
    realarm: Duration | None = None
    cause: Advice = ""
    consequence: Advice = ""
    action: Advice = ""
    enabled: bool = True
    tests: list[TrialDraft] = Field(default=[], max_length=20)


class RulePatch(Draft):
    """Fields of a rule to change; null takes back what can be left out."""

    name: Name | None = None
    scope: ScopeDraft | None = None
    condition: Trouble | None = None
    deadband: float | None = None
    on_delay: Duration | None = None
    off_delay: Duration | None = None
    minimum: Duration | None = None
    repeat: int | None = Field(default=None, ge=1, le=1000)
    severity: Severity | None = None
    channels: list[Name] | None = Field(default=None, max_length=20)
    policy: Name | None = None
    active_when: str | None = Field(default=None, max_length=1000)
    active_during: list[Name] | None = Field(default=None, max_length=20)
    suppressed_by: ParentDraft | None = None
    group: GroupDraft | None = None
    latch: bool | None = None
    realarm: Duration | None = None
    cause: Advice | None = None
    consequence: Advice | None = None
    action: Advice | None = None
    enabled: bool | None = None
    tests: list[TrialDraft] | None = Field(default=None, max_length=20)


class Rule(RuleDraft):
    """A rule with its id."""

    id: str


def changed(rule: RuleDraft, patch: RulePatch) -> RuleDraft:
    """The rule with the fields of a patch; null of a field that may be left out takes it back."""
    fields = {
        name: value
        for name, value in patch.model_dump(exclude_unset=True).items()
        if value is not None or RuleDraft.model_fields[name].default is None
    }
    return patched(RuleDraft, rule.model_dump(include=set(RuleDraft.model_fields)), fields)


PhaseName = Literal["normal", "pending", "active", "clearing", "suppressed"]

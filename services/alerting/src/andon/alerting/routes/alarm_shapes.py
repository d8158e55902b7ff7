"""Shapes of alarms over HTTP."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field

from andon.alerting.alarm.events import Event
from andon.alerting.alarm.state import AlarmState, Severity
from andon.alerting.draft import Draft, Duration, Name

Comment = Annotated[str, Field(max_length=2000, pattern=r"^[^\x00]*$")]
Reason = Annotated[str, Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]


class Alarm(BaseModel):
    """An alarm as it stands.

    since: when its cause began to count, by event time. level, levels: of a rule with several, the most severe one that
    is active, and all of these. late: it was over, or long there, when it was judged; nobody was called. latched: it
    stays until it is reset. group, first_out: the group it belongs to, and whether it was the first of it.
    suppressed_by: why it is suppressed; parent_asset: the machine whose alarm explains it.
    """

    id: str
    rule: str
    rule_name: str
    sensor: str
    asset: str
    asset_name: str
    unit: str
    state: AlarmState
    active: bool
    severity: Severity
    level: str
    levels: list[str]
    since: str
    value: float | None
    limit: float | None
    message: str
    late: bool
    acknowledged: bool
    acknowledged_by: str | None
    acknowledged_at: str | None
    comment: str | None
    cleared_at: str | None
    latched: bool
    group: str | None
    first_out: bool
    shelved_until: str | None
    shelved_by: str | None
    shelved_reason: str | None
    suppressed_by: str | None
    parent_asset: str | None
    out_of_service: bool
    service_reason: str | None
    assigned_to: str | None
    cause: str
    consequence: str
    action: str


class Transition(BaseModel):
    """One line of an alarm's journal; `by` is empty when the process did it. severity: of the alarm then."""

    number: int
    event: Event
    from_state: AlarmState = Field(serialization_alias="from")
    to_state: AlarmState = Field(serialization_alias="to")
    severity: Severity
    at: str
    late: bool
    value: float | None
    by: str | None
    comment: str | None


class AlarmWithJournal(Alarm):
    """An alarm and what it went through, of very much the last."""

    transitions: list[Transition]


class Said(Draft):
    """What the operator has to say."""

    comment: Comment = ""


class BulkAcknowledgement(Draft):
    """Which alarms: by `ids`, or all that wait `under` a part of the plant, of these severities, in this state."""

    ids: list[Annotated[str, Field(max_length=16)]] | None = Field(default=None, max_length=1000)
    under: str | None = Field(default=None, max_length=400, description="A path or an id; '' is the whole plant")
    severity: list[Severity] = Field(default=[], max_length=4)
    state: Literal["open", "unacknowledged", "returned", "latched"] = "open"
    comment: Comment = ""


class Acknowledged(BaseModel):
    """How many were acknowledged, and of how many that were named nothing was left to acknowledge."""

    acknowledged: int
    unchanged: int


class Shelving(Draft):
    """For how long an alarm is to be hidden, up to 7d, and why."""

    length: Duration = Field(alias="for")
    reason: Reason


class OutOfService(Draft):
    """Why an alarm is to be hidden until it is put back."""

    reason: Reason


class Remark(Draft):
    """Something to be kept with an alarm."""

    text: Reason


class Assignment(Draft):
    """Who is to see to an alarm; null for nobody."""

    to: Name | None


class Summary(BaseModel):
    """Alarms that ask for something: how many, by severity, and by machine path and severity.

    states: of all that are not over, hidden ones too.
    """

    open: int
    severities: dict[str, int]
    states: dict[str, int]
    paths: dict[str, dict[str, int]]

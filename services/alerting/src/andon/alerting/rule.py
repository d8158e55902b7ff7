"""Rules and channels as people write them, checked. Pure."""

import re
from typing import Annotated, Any, Literal

import httpx
from pydantic import BaseModel, ConfigDict, Field

from andon.alerting.alarm import Severity
from andon.alerting.condition import Condition, parse_condition
from andon.alerting.phase import MAX_DELAY, Delays
from andon.common import topics
from andon.common.errors import InvalidError
from andon.common.times import parse_duration

# Display names reach e-mail headers and log lines: one line, no control characters.
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")]
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class Draft(BaseModel):
    """Input; unknown fields are refused, for a misspelt one would silently do nothing."""

    model_config = ConfigDict(extra="forbid")


class ScopeDraft(Draft):
    """Which sensors a rule watches: one by its path, or all with a key, of a type, or below a path, or both."""

    sensor: str = Field(min_length=1, max_length=400)
    type: str | None = Field(default=None, min_length=1, max_length=64)
    under: str | None = Field(default=None, max_length=300)

    @property
    def reach(self) -> str:
        """The part of the plant a rule can raise alarms in, as a path."""
        return self.sensor.rpartition("/")[0] or self.under or ""


class RuleDraft(Draft):
    """A rule as it is written."""

    name: Name
    scope: ScopeDraft
    condition: dict[str, Any]
    deadband: float = 0.0
    on_delay: str = Field(default="0s", max_length=40)
    off_delay: str = Field(default="0s", max_length=40)
    severity: Severity = Severity.MEDIUM
    channels: list[str] = Field(default=[], max_length=20)


class RulePatch(Draft):
    """Fields of a rule to change."""

    name: Name | None = None
    scope: ScopeDraft | None = None
    condition: dict[str, Any] | None = None
    deadband: float | None = None
    on_delay: str | None = Field(default=None, max_length=40)
    off_delay: str | None = Field(default=None, max_length=40)
    severity: Severity | None = None
    channels: list[str] | None = Field(default=None, max_length=20)


class Rule(RuleDraft):
    """A rule with its id."""

    id: str


class ChannelDraft(Draft):
    """A channel as it is written."""

    name: Name
    kind: Literal["email", "webhook"]
    target: str = Field(min_length=1, max_length=2000)


class ChannelPatch(Draft):
    """Fields of a channel to change."""

    name: Name | None = None
    kind: Literal["email", "webhook"] | None = None
    target: str | None = Field(default=None, min_length=1, max_length=2000)


class Channel(ChannelDraft):
    """A channel with its id."""

    id: str


def check_rule(draft: RuleDraft) -> tuple[Condition, Delays]:
    """What a rule means.

    Raises:
        InvalidError: scope, condition, deadband or a delay makes no sense.
    """
    _check_scope(draft.scope)
    condition = parse_condition(draft.condition, draft.deadband)
    return condition, Delays(_delay("on_delay", draft.on_delay), _delay("off_delay", draft.off_delay))


def check_channel(draft: ChannelDraft) -> None:
    """Refuse a target nothing could be sent to.

    Raises:
        InvalidError: no e-mail address, or no http(s) URL.
    """
    if draft.kind == "email":
        if not _ADDRESS.fullmatch(draft.target):
            raise InvalidError(f"'{draft.target}' is no e-mail address; write one, like team@example.com")
        return
    try:
        url = httpx.URL(draft.target)  # as the sender reads it, so that nothing is checked that is not used
        usable = url.scheme in ("http", "https") and bool(url.host) and (url.port is None or 0 < url.port < 65536)
    except (httpx.InvalidURL, ValueError):
        usable = False
    if not usable or not draft.target.isprintable() or " " in draft.target:
        raise InvalidError(f"'{draft.target}' is no webhook; write a URL, like https://example.com/hooks/andon")


def _check_scope(scope: ScopeDraft) -> None:
    path, _, key = scope.sensor.rpartition("/")
    if not topics.SENSOR_KEY.fullmatch(key):
        raise InvalidError(f"'{key}' is no sensor key; use a-z, 0-9, - and _")
    _check_path(path)
    _check_path(scope.under or "")
    if path and (scope.type is not None or scope.under):
        raise InvalidError(
            "A scope names one sensor by its path, or a key with a type or a part of the plant; not both"
        )
    if not path and scope.type is None and not scope.under:
        raise InvalidError(
            f"The scope '{scope.sensor}' would match every machine; add a type or under, or write the sensor's path"
        )


def _check_path(path: str) -> None:
    if path and not all(topics.SLUG.fullmatch(part) for part in path.split("/")):
        raise InvalidError(f"'{path}' is no path of the plant; write it like berlin/painting/line-1/robot-3")


def _delay(field: str, text: str) -> int:
    try:
        delay = parse_duration(text)
    except InvalidError as error:
        raise InvalidError(f"{field}: {error}") from None
    if delay > MAX_DELAY:
        raise InvalidError(f"{field} is {text}; the longest delay is 24h")
    return delay

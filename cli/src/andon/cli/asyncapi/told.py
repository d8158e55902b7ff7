"""Shapes of what is told as a plain JSON object; `tests/test_contracts.py` holds them against what really travels."""

from typing import Any

import msgspec

from andon.alerting.routes.alarm_shapes import Alarm


class Session(msgspec.Struct, forbid_unknown_fields=True):
    """A session that the broker keeps for intake.

    broker: its address, host and port. client_id: of the session. since: when it was told, ISO 8601.
    """

    broker: str
    client_id: str
    since: str


class Dropped(msgspec.Struct, forbid_unknown_fields=True):
    """How many messages a broker that counts that said it had dropped."""

    dropped: int


class PlantChanged(msgspec.Struct, forbid_unknown_fields=True):
    """The bucket `plant` is as the plant is now.

    changed: how many entries were written. removed: how many were removed.
    """

    changed: int
    removed: int


class DeviceTold(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What happened to a device.

    scope: the part of the plant it speaks for; '' is all of it. reason: why it is kept out. seconds: for how long.
    times: how often it was, of late.
    """

    id: str
    name: str
    scope: str
    reason: str | None = None
    seconds: int | None = None
    times: int | None = None


class AlarmTold(Alarm):
    """An alarm after a transition; `told_by` names the process that tells, which need not hear itself."""

    told_by: str


class RegistryTold(msgspec.Struct):
    """What one registry tells the others; which fields there are besides `by` depends on the verb.

    by: which process tells. name, address: of who signs in. username, thorough: whose connections are to end,
    and whether those that come meanwhile are looked for, too.
    """

    by: str
    name: str | None = None
    address: str | None = None
    username: str | None = None
    thorough: bool | None = None


ALARM: dict[str, Any] = {
    "id": "9a1f04c27be3",
    "rule": "limits",
    "rule_name": "Limits of the plant model",
    "sensor": "berlin/pressing/line-1/press-1/oil_temperature",
    "asset": "berlin/pressing/line-1/press-1",
    "asset_name": "Press 1",
    "unit": "Cel",
    "state": "unacknowledged",
    "active": True,
    "severity": "high",
    "level": "h",
    "levels": ["h"],
    "since": "2024-11-23T16:40:00.000Z",
    "value": 66.2,
    "limit": 65.0,
    "message": "Oil temperature is above 65 °C",
    "late": False,
    "acknowledged": False,
    "latched": False,
    "first_out": False,
    "out_of_service": False,
    "cause": "",
    "consequence": "",
    "action": "",
} | dict.fromkeys(
    (
        *("acknowledged_by", "acknowledged_at", "comment", "cleared_at", "group", "shelved_until", "shelved_by"),
        *("shelved_reason", "suppressed_by", "parent_asset", "service_reason", "assigned_to"),
    )
)
"""An alarm as it may stand, for examples."""

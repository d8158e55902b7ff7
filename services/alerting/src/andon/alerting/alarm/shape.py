"""The shape in which HTTP, webhooks, events and the stream tell of an alarm. Pure."""

from typing import Any

import msgspec

from andon.alerting.elsewhere import cut_all
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.common.auth import Principal
from andon.common.times import ns_to_iso

OUTSIDE = "An alarm outside your part of the plant"


class News(msgspec.Struct, frozen=True):
    """What to tell once it is committed. verb: the event (`events.Event`); alarm: `alarm_json` after it."""

    verb: str
    alarm: dict[str, Any]


def alarm_json(alarm: AlarmRow) -> dict[str, Any]:
    """An alarm as it stands."""
    return {
        "id": alarm.id,
        "rule": alarm.rule_id,
        "rule_name": alarm.rule_name,
        "sensor": alarm.sensor,
        "asset": alarm.asset,
        "asset_name": alarm.asset_name,
        "unit": alarm.unit,
        "state": str(alarm.state),
        "active": alarm.active,
        "severity": str(alarm.severity),
        "level": alarm.level,
        "levels": list(alarm.levels),
        "since": ns_to_iso(alarm.since),
        "value": alarm.value,
        "limit": alarm.limit,
        "message": alarm.message,
        "late": alarm.late,
        "acknowledged": alarm.acknowledged,
        "acknowledged_by": alarm.acknowledged_by,
        "acknowledged_at": _iso(alarm.acknowledged_at),
        "comment": alarm.comment,
        "cleared_at": _iso(alarm.cleared_at),
        **_around(alarm),
    }


def told_to(alarm: dict[str, Any], caller: Principal) -> dict[str, Any]:
    """`alarm_json` of an alarm that a caller may see, without what it says of the rest of the plant."""
    if not caller.scope:
        return alarm
    texts = {name: alarm[name] for name in ("message", "suppressed_by")}
    told: dict[str, Any] = alarm | cut_all(texts, alarm["asset"], caller.scope)
    parent = alarm.get("parent_asset")  # an instance of before this version may have told of it
    if parent is not None and not caller.may_see(parent):
        told |= {"suppressed_by": OUTSIDE, "parent_asset": None}
    return told


def transition_json(turn: TransitionRow) -> dict[str, Any]:
    """One line of an alarm's journal."""
    return {
        "number": turn.number,
        "event": str(turn.event),
        "from_state": str(turn.from_state),
        "to_state": str(turn.to_state),
        "severity": str(turn.severity),
        "at": ns_to_iso(turn.at),
        "late": turn.late,
        "value": turn.value,
        "by": turn.by,
        "comment": turn.comment,
    }


def _around(alarm: AlarmRow) -> dict[str, Any]:
    """What holds, hides and explains it."""
    advice = alarm.advice or {}
    return {
        "latched": alarm.latched,
        "group": alarm.group or None,
        "first_out": alarm.first_out,
        "shelved_until": _iso(alarm.shelved_until),
        "shelved_by": alarm.shelved_by,
        "shelved_reason": alarm.shelved_reason,
        "suppressed_by": alarm.suppressed_by,
        "parent_asset": alarm.parent_asset if alarm.parent else None,
        "out_of_service": alarm.out_of_service,
        "service_reason": alarm.service_reason,
        "assigned_to": alarm.assigned_to,
        "cause": advice.get("cause", ""),
        "consequence": advice.get("consequence", ""),
        "action": advice.get("action", ""),
    }


def _iso(time: int | None) -> str | None:
    return None if time is None else ns_to_iso(time)

"""Words: what a message says of an alarm's sensor, and how a message is written down. Pure."""

from typing import Any

from andon.alerting.alarm.events import announces
from andon.alerting.notify.routing import Message
from andon.alerting.notify.told import CALLED, OVER
from andon.alerting.rules.words import limit_text, quantity
from andon.alerting.tables import NotificationRow
from andon.common.plant import Plant, Sensor


def text_of(payload: dict[str, Any], plant: Plant) -> dict[str, str]:
    """`text` of a payload: value and limit with units, and the sensor's name; the key where the sensor is not known.

    The value of an alarm that is over is the one that ended it. Rates and counts stand in the alarm's sentence alone.
    """
    alarm = payload["alarm"]
    found = plant.find_sensor(alarm["sensor"])
    sensor = (
        found[1] if found else Sensor(key=alarm["sensor"].rpartition("/")[2], path=alarm["sensor"], unit=alarm["unit"])
    )
    value, limit = _measured(payload)
    told = isinstance(value, int | float)
    return {
        "value": quantity(value, sensor) if told else "" if value is None else str(value),
        "limit": "" if limit is None or sensor.datatype != "float" else limit_text(limit, sensor),
        "sensor_name": sensor.name or sensor.key,
    }


def _measured(payload: dict[str, Any]) -> tuple[Any, Any]:
    """Value and limit of the sensor itself; None where there is none."""
    alarm = payload["alarm"]
    if not payload.get("own", True):
        return None, None
    return alarm["value"] if alarm["active"] else payload["transition"].get("value"), alarm["limit"]


def calls(payload: dict[str, Any]) -> bool:
    """Whether a payload asks for somebody, and does not say that something is over."""
    return announces(payload["transition"]["event"], payload["transition"]["to"])


def written(message: Message, payload: dict[str, Any], at: int, now: int, next_at: int) -> NotificationRow:
    """A message as it is kept."""
    alarm, transition = payload["alarm"], payload["transition"]
    key = payload["key"] + (f"/{message.step}.{message.repeat}" if message.step else "")
    return NotificationRow(
        alarm_id=alarm["id"],
        number=transition["number"],
        step=message.step,
        repeat=message.repeat,
        channel=message.channel,
        asset=alarm["asset"],
        place=alarm["asset"].rpartition("/")[0],
        event=CALLED if calls(payload) else OVER if not alarm["active"] else transition["event"],
        at=at,
        rank=_RANKS.get(alarm["severity"], 0),
        bundle=message.bundle,
        payload=payload
        | {"key": key, "step": message.shown, "repeat": message.repeat}
        | ({"policy": message.policy} if message.policy else {}),
        state=message.state,
        reason=message.reason,
        held=message.held,
        until=message.until,
        created_at=now,
        next_at=next_at,
        error=message.error,
    )


_RANKS = {"low": 1, "medium": 2, "high": 3, "critical": 4}

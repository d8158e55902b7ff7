"""Payloads as the outbox hands them to couriers."""

from typing import Any

HOSTILE = '<script>alert("x")</script>\r\nBcc: everybody@example.com\u2028&\u202e'


def single(*, active: bool = True, more: dict[str, Any] | None = None, **alarm: Any) -> dict[str, Any]:
    known = {
        "id": "a1b2",
        "rule_name": "Gearbox hot",
        "asset": "berlin/painting/line-1/robot-3",
        "sensor": "berlin/painting/line-1/robot-3/temperature",
        "asset_name": "Robot 3",
        "unit": "Cel",
        "state": "unacknowledged" if active else "returned",
        "active": active,
        "severity": "high",
        "since": "2026-11-23T12:00:00.000Z",
        "value": 81.2,
        "limit": 80.0,
        "message": "Gearbox temperature is 81.2 °C, above 80 °C",
    }
    return {
        "alarm": known | alarm,
        "transition": {"from": "normal", "to": "unacknowledged", "at": "2026-11-23T14:05:07.000Z", "number": 2},
        "key": "a1b2/2",
        "text": {"value": "81.2 °C", "limit": "80 °C", "sensor_name": "Gearbox temperature"},
    } | (more or {})


def digest(**alarm: Any) -> dict[str, Any]:
    alarms = [single(**alarm)["alarm"] for _ in range(20)]
    return {
        "digest": {
            "count": 5000,
            "raised": 4200,
            "cleared": 800,
            "from": "2026-11-23T12:00:00.000Z",
            "to": "2026-11-23T12:05:00.000Z",
            "severities": {"critical": 3, "high": 4997},
            "active": {"critical": 3, "high": 4197},
            "places": [[str(alarm.get("asset", "berlin/painting/line-1")), 120], ["oslo/baking/line-2", 12]],
            "alarms": alarms,
        },
        "key": "digest/c1/7",
        "links": {"alarm": "http://andon.test/alarms"},
    }

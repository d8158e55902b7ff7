"""Message: one alarm, or a digest of many, in words for people. Pure.

Names from the plant are hostile: here they become one line each, of bounded length. What shows them escapes them.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import quote

SEVERITIES = ("critical", "high", "medium", "low")
MAX_SUBJECT = 250
MAX_NAME = 400
MAX_TEXT = 2000
MAX_ALARMS = 20
MAX_PLACES = 10
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
_STATES = {
    "acknowledged": "Acknowledged",
    "shelved": "Shelved",
    "suppressed": "Suppressed",
    "out-of-service": "Out of service",
    "latched": "Latched until it is reset",
}
_ADVICE = (("action", "What to do"), ("cause", "Likely cause"), ("consequence", "If nothing is done"))


@dataclass(frozen=True)
class Message:
    """What every message has. mark: the word that comes first; link: to see more.

    tone: a severity; `good` where it is over, `ended` where nothing watches it any more, `test`.
    """

    key: str
    thread: str
    subject: str
    mark: str
    tone: str
    title: str
    sentence: str
    link: str


@dataclass(frozen=True)
class Single(Message):
    """One alarm. facts: label and text, in the order they are read; advice: the same, of the rule's author.

    First is what to do: whoever is called by night looks for that.
    """

    machine: str
    place: str
    sensor: str
    value: str
    limit: str
    acknowledge: str
    note: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    advice: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Line:
    """One alarm in a digest."""

    mark: str
    tone: str
    title: str
    where: str
    since: str


@dataclass(frozen=True)
class Digest(Message):
    """Many alarms. counts: name and count of those that are still there, worst first, then of those that are over.

    places: place, count and share of the largest (0 to 1). more: how many are not shown, and how many of what severity
    the worst of them are.
    """

    count: int
    span: str
    counts: list[tuple[str, int]]
    places: list[tuple[str, int, float]]
    alarms: list[Line]
    more: str


def tell(payload: Mapping[str, Any], public_url: str, zone: tzinfo | None = None) -> Single | Digest:
    """A payload in words. zone: the clock of the place, told beside UTC where it is another."""
    public_url = public_url.rstrip("/")
    return _digest(payload, public_url, zone) if "digest" in payload else _single(payload, public_url, zone)


def alarm_link(public_url: str, alarm_id: str) -> str:
    """Where an alarm is shown. In quotes: the page would take `12e345678901` for a number."""
    return public_url + "/alarms?alarm=" + quote(f'"{alarm_id}"')


def one_line(text: object, most: int = MAX_NAME) -> str:
    """A text on one line, without characters that control a terminal, a header or the direction of writing."""
    clean = _CONTROL.sub(" ", str(text)).strip()
    return clean if len(clean) <= most else clean[: most - 1] + "…"


def moment(text: str, zone: tzinfo | None = None) -> str:
    """A time (ISO 8601) as `2026-11-23 12:00:00 UTC`, and on another clock too: `(13:00:00 CET)`."""
    at = datetime.fromisoformat(text).astimezone(UTC)
    local = at.astimezone(zone) if zone else at
    if local.utcoffset() == timedelta(0):
        return f"{at:%Y-%m-%d %H:%M:%S} UTC"
    day = "" if local.date() == at.date() else f"{local:%Y-%m-%d} "
    return f"{at:%Y-%m-%d %H:%M:%S} UTC ({day}{local:%H:%M:%S %Z})"


def length(duration: timedelta) -> str:
    """A duration as people say it: `2 h 5 min`, `41 s`."""
    minutes, seconds = divmod(max(0, round(duration.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {seconds} s" if minutes else f"{seconds} s"


def _single(payload: Mapping[str, Any], public_url: str, zone: tzinfo | None) -> Single:
    alarm, text = payload["alarm"], payload.get("text", {})
    links, advice = payload.get("links", {}), payload.get("advice", {})
    rule, machine = one_line(alarm["rule_name"]), one_line(alarm["asset_name"])
    line = one_line(alarm["asset"].rpartition("/")[0])
    sensor, value = one_line(text.get("sensor_name", "")), one_line(text.get("value", ""))
    mark = _mark(payload)
    wanted = _ADVICE if alarm["active"] else ()  # what is over needs no doing
    return Single(
        key=payload["key"],
        thread=str(alarm["id"]),
        subject=one_line(f"[{mark}] {rule} — {machine} ({line})", MAX_SUBJECT),
        mark=mark,
        tone=_tone(mark),
        title=rule,
        sentence=_sentence(payload, sensor, value),
        link=links.get("alarm")
        or ("" if mark == "test" else alarm_link(public_url, alarm["id"]))
        or f"{public_url}/alarms",
        machine=machine,
        place=" / ".join(line.split("/")),
        sensor=sensor,
        value=value,
        limit=one_line(text.get("limit", "")),
        acknowledge=links.get("acknowledge", ""),
        note=_note(payload),
        facts=_facts(payload, machine, line, zone),
        advice=[(label, one_line(advice[name], MAX_TEXT)) for name, label in wanted if advice.get(name)],
    )


def _sentence(payload: Mapping[str, Any], sensor: str, value: str) -> str:
    """What is the matter."""
    alarm, transition = payload["alarm"], payload["transition"]
    if transition.get("event") == "closed":
        why = one_line(transition.get("comment") or "its rule or its sensor is gone", MAX_TEXT)
        return f"Nothing watches it any more: {why[:1].lower()}{why[1:]}"
    if alarm["active"]:
        return one_line(alarm["message"], MAX_TEXT)
    return f"{sensor} is back to {value or 'normal'}"


def _tone(mark: str) -> str:
    """The tone that goes with a mark."""
    return {"cleared": "good"}.get(mark, mark.partition(",")[0])


def _mark(payload: Mapping[str, Any]) -> str:
    """What kind of message it is, in one or two words."""
    if payload.get("test"):
        return "test"
    if not payload["alarm"]["active"]:
        return "ended" if payload["transition"].get("event") == "closed" else "cleared"
    severity = _severity(payload["alarm"]["severity"])
    if payload.get("step"):
        return f"{severity}, escalated"
    return f"{severity}, reminder" if payload.get("repeat") else severity


def _note(payload: Mapping[str, Any]) -> str:
    """Why this comes now, where that is not plain."""
    step, again = payload.get("step") or 0, payload.get("repeat") or 0
    notes = [
        (payload.get("test"), "This is a test. Nothing is wrong."),
        (payload.get("late"), "This became known late: its values came after the fact."),
        (step, f"Nobody has acknowledged this alarm yet; it is escalated to you (step {step + 1})."),
        (payload["transition"].get("event") == "realarmed", "It was acknowledged, and is still there."),
        (again, f"Reminder {again}: this alarm is not acknowledged yet."),
        (payload["alarm"]["state"] == "returned", "Nobody has acknowledged it yet."),
    ]
    return next((text for holds, text in notes if holds), "")


def _facts(payload: Mapping[str, Any], machine: str, line: str, zone: tzinfo | None) -> list[tuple[str, str]]:
    alarm, until, event = payload["alarm"], payload["transition"]["at"], payload["transition"].get("event")
    lasted = length(datetime.fromisoformat(until) - datetime.fromisoformat(alarm["since"]))
    facts = [
        ("Machine", machine),
        ("Where", " / ".join(line.split("/"))),
        ("Since", moment(alarm["since"], zone)),
        (
            "Ended" if event == "closed" else "Cleared",
            "" if alarm["active"] else f"{moment(until, zone)}, after {lasted}",
        ),
        ("Severity", one_line(alarm["severity"])),
        ("State", _STATES.get(alarm.get("state", ""), "")),
    ]
    return [(label, text) for label, text in facts if text]


def _severity(name: str) -> str:
    return name if name in SEVERITIES else "medium"


def _digest(payload: Mapping[str, Any], public_url: str, zone: tzinfo | None) -> Digest:
    digest = payload["digest"]
    count, raised, cleared = (int(digest[name]) for name in ("count", "raised", "cleared"))
    there = _counts(digest)
    places = [(one_line(place), int(number)) for place, number in digest["places"][:MAX_PLACES]]
    mark = there[0][0] if there else "cleared"
    over = count - sum(number for _, number in there)
    counts = [*there, *([("cleared", over)] if over else [])]
    most = max((number for _, number in places), default=1) or 1
    told = ", ".join(f"{number:,} {name}" for name, number in counts) if there else "all cleared"
    alarms = [_line(alarm, zone, digest["to"][:10]) for alarm in digest["alarms"][:MAX_ALARMS]]
    return Digest(
        key=payload["key"],
        thread=payload["key"].rpartition("/")[0],
        subject=one_line(f"[{mark}] {count:,} alarms{_spread(places)}: {told}", MAX_SUBJECT),
        mark=mark,
        tone=_tone(mark),
        title=f"{count:,} alarms",
        sentence=f"{raised:,} raised, {cleared:,} cleared{_spread(places)}",
        link=payload.get("links", {}).get("alarm") or f"{public_url}/alarms",
        count=count,
        span=_span(digest["from"], digest["to"], zone),
        counts=counts,
        places=[(place, number, number / most) for place, number in places],
        alarms=alarms,
        more=_more(counts, alarms),
    )


def _counts(digest: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How many alarms of each severity are still there, worst first."""
    found = digest.get("active", digest["severities"] if digest["raised"] else {})
    return [(name, int(found[name])) for name in SEVERITIES if found.get(name)]


def _more(counts: list[tuple[str, int]], alarms: list[Line]) -> str:
    """How many are not shown, and the worst of them: `4,980 more, 17 of them critical`; '' for none."""
    shown = Counter(alarm.mark for alarm in alarms)
    left = [(name, number - shown[name]) for name, number in counts if number > shown[name]]
    more = sum(number for _, number in counts) - len(alarms)
    if more <= 0 or not left:
        return ""
    return f"{more:,} more" + (f", {left[0][1]:,} of them {left[0][0]}" if len(left) > 1 else f", all {left[0][0]}")


def _spread(places: list[tuple[str, int]]) -> str:
    if not places:
        return ""
    if len(places) == 1:
        return f" in {places[0][0]}"
    return f" in {len(places)} places" + (" and more" if len(places) == MAX_PLACES else "")


def _span(start: str, end: str, zone: tzinfo | None) -> str:
    """From when to when, the day once: `2026-11-23 11:58:00 to 12:01:30 UTC (13:01:30 CET)`."""
    first, last = moment(start).removesuffix(" UTC"), moment(end, zone)
    return f"{first} to {last.removeprefix(first[:11])}"


def by_now(message: str, *, active: bool) -> str:
    """An alarm's sentence, with `was` for its last `is` once it is over: an earlier one is of the sensor's name."""
    sentence, verb, rest = message.rpartition(" is ")
    return f"{sentence} was {rest}" if verb and not active else message


def _line(alarm: Mapping[str, Any], zone: tzinfo | None, day: str) -> Line:
    """day: of the digest, which is not told again."""
    cleared, message = not alarm["active"], str(alarm.get("message") or "")
    return Line(
        mark="cleared" if cleared else _severity(alarm["severity"]),
        tone="good" if cleared else _severity(alarm["severity"]),
        title=one_line(by_now(message, active=alarm["active"]) or alarm["rule_name"]),
        where=one_line(alarm["asset_name"])
        + " · "
        + " / ".join(one_line(alarm["asset"].rpartition("/")[0]).split("/")),
        since="since " + moment(alarm["since"], zone).removeprefix(f"{day} "),
    )

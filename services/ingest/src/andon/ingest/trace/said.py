"""Said: what a kept message says of one sensor, by which rule it was read, and in which form it came. Pure.

It is read once more as it was then. Where the plant has changed since, so that it would be refused today, it is still
shown, and only the value in it stays open.
"""

from dataclasses import dataclass

import msgspec

from andon.common import topics
from andon.common.errors import RefusedError
from andon.common.reading import NS_PER_MS, Reading, Value
from andon.common.wire import RawMessage, Source
from andon.ingest.deadletters.letters import STORE
from andon.ingest.imports.order import Imported
from andon.ingest.readings import PostedReading
from andon.ingest.resolve import Resolver

HTTP_ROUTE = "POST /api/ingest/v1/readings"
_MACHINE = topics.machine_topic("{site}/{area}/{line}/{machine}")
_posted = msgspec.json.Decoder(PostedReading)
_stored = msgspec.json.Decoder(Reading)
_imported = msgspec.json.Decoder(Imported)


@dataclass(frozen=True)
class Said:
    """What a message says of a sensor.

    time: UTC nanoseconds. named: whether the message named it, or its arrival stands for it.
    rule: how topic and payload became a reading. form: of the payload.
    value: None where the message cannot be read any more. note: what somebody wrote beside it.
    """

    time: int
    named: bool
    rule: str
    form: str
    value: Value | None
    note: str = ""


def said(source: Source, message: RawMessage, key: str, start: int, resolver: Resolver) -> Said | None:
    """What a message says of sensor `key` in the millisecond that begins at `start`; None if nothing."""
    times = message.times if isinstance(message.times, list) else [message.times]
    wanted = [time for time in times if start <= time < start + NS_PER_MS]
    if not wanted:
        return None
    if source in (Source.MQTT, Source.REPLAY) and not _is_refused(source, message):
        return _of_topic(message, key, times, wanted[-1], resolver)
    if source is Source.IMPORT:
        there = key in _imported.decode(message.payload).sensors
        return Said(wanted[-1], True, "import of a file", "rows of a table", None) if there else None
    value = _posted_value(source, message, key)
    if value is None:
        return None
    named = _named(message, wanted[-1], times)
    return Said(wanted[-1], named, _rule(source), "JSON object", value[0], _note(source, message))


def _of_topic(message: RawMessage, key: str, times: list[int], time: int, resolver: Resolver) -> Said | None:
    depth = topics.plain(message.topic).count(b"/")
    rule, form = (f"{_MACHINE}/{{sensor}}" if depth > topics.MACHINE_DEPTH else _MACHINE), form_of(message.payload)
    if form == "JSON list":
        form = f"JSON list, reading {times.index(time) + 1} of {len(times)}"
    named = _named(message, time, times)
    try:
        readings, _ = resolver.resolve(message.topic, message.payload, message.arrived)
    except RefusedError:
        names_it = message.topic.endswith(b"/" + key.encode()) or b'"%b"' % key.encode() in message.payload
        return Said(time, named, rule, form, None) if names_it else None
    found = [reading.values[key] for reading in readings if reading.time == time and key in reading.values]
    return Said(time, named, rule, form, found[-1]) if found else None


def _posted_value(source: Source, message: RawMessage, key: str) -> tuple[Value | None] | None:
    """The value in what did not come under a topic; None where it says nothing of the sensor."""
    try:
        if _is_refused(source, message):
            values: dict[str, Value | None] = {**_stored.decode(message.payload).values}
        else:
            values = {**_posted.decode(message.payload).values}
    except (msgspec.DecodeError, UnicodeDecodeError):
        return (None,)
    return (values[key],) if values.get(key) is not None else None


def _note(source: Source, message: RawMessage) -> str:
    try:
        return (_posted.decode(message.payload).note or "") if source is Source.HTTP else ""
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def refused_reading(source: Source, message: RawMessage) -> Reading | None:
    """The reading that InfluxDB had refused, if this message is one that was replayed."""
    try:
        return _stored.decode(message.payload) if _is_refused(source, message) else None
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _is_refused(source: Source, message: RawMessage) -> bool:
    return source is Source.REPLAY and message.topic == STORE.encode()


def _named(message: RawMessage, time: int, times: list[int]) -> bool:
    """Readings that named no time have that of the arrival, each a nanosecond later than the one before."""
    return not message.arrived <= time < message.arrived + len(times)


def _rule(source: Source) -> str:
    rules = {
        Source.HTTP: HTTP_ROUTE,
        Source.REPLAY: "a reading that InfluxDB had refused",
        Source.PLATFORM: "Andon measured it itself",
    }
    return rules.get(source, source)


def form_of(payload: bytes) -> str:
    """The form of a payload, in words."""
    first = payload.lstrip()[:1]
    if first == b"{":
        return "JSON object"
    if first == b"[":
        return "JSON list"
    return "bare text" if first == b'"' or not _is_json(payload) else "bare value"


def _is_json(payload: bytes) -> bool:
    try:
        msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    return True

"""Readings as line protocol, which every InfluxDB takes alike."""

from collections.abc import Iterable, Mapping

import orjson

from andon.common.influx.names import ARRIVED_SUFFIX, EARLY, LATE, QUALITY_SUFFIX, TAGS, measurement
from andon.common.plant import Asset
from andon.common.reading import NS_PER_MS, Reading, Value

_JSON_TO_FIELDS = bytes.maketrans(b":", b"=")
_TAG_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", " ": "\\ ", "=": "\\=", "\n": "\\n", "\r": ""})


def line_prefix(asset: Asset) -> bytes:
    """Measurement and tags of a machine's lines, escaped, with the space before the fields."""
    slugs = asset.path.split("/")
    tags = dict(zip(TAGS, [*slugs, asset.id], strict=False))
    text = ",".join(f"{k}={v.translate(_TAG_ESCAPES)}" for k, v in sorted(tags.items()))
    return f"{measurement(asset).translate(_TAG_ESCAPES)},{text} ".encode()


def _field(value: Value) -> str:
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ").replace("\r", " ")
        return f'"{escaped}"'
    return orjson.dumps(value).decode()


def line(prefix: bytes, reading: Reading, arrived: int | None = None) -> bytes:
    """One line of line protocol. Keys are sensor keys (`topics.SENSOR_KEY`), so they need no escaping.

    arrived: UTC nanoseconds at which the stream had it; what came far from its time tells when, so that its raw message
    can be found: of each value, for another of its machine may come for the same instant at another time.
    """
    values = reading.values
    if arrived is not None and not -EARLY <= arrived - reading.time <= LATE:
        told, _, time = line(prefix, reading)[len(prefix) :].rpartition(b" ")
        came = f"{ARRIVED_SUFFIX}={arrived // NS_PER_MS}i"
        return b"%b%b,%b%b %b" % (prefix, told, f"{came},".join(values).encode(), came.encode(), time)
    if len(values) == 1 and not reading.quality:
        ((key, value),) = values.items()
        return b"%b%b=%b %d" % (prefix, key.encode(), _field(value).encode(), reading.time)
    if reading.quality or str in {*map(type, values.values())}:
        fields = [f"{k}={_field(v)}" for k, v in values.items()]
        fields += [f'{k}{QUALITY_SUFFIX}="{q}"' for k, q in (reading.quality or {}).items()]
        return b"%b%b %d" % (prefix, ",".join(fields).encode(), reading.time)
    return b"%b%b %d" % (prefix, orjson.dumps(values)[1:-1].translate(_JSON_TO_FIELDS, b'"'), reading.time)


def point(name: str, tags: Mapping[str, str], fields: Mapping[str, Value], time: int) -> bytes:
    """One line of what is no reading. Tags that are empty are left out, for InfluxDB knows no such; time in ns."""
    told = "".join(f",{key}={tags[key].translate(_TAG_ESCAPES)}" for key in sorted(tags) if tags[key])
    return f"{name}{told} {','.join(f'{key}={_field(value)}' for key, value in fields.items())} {time}".encode()


def join_lines(lines: Iterable[bytes]) -> bytes:
    """A write body."""
    return b"\n".join(lines)

"""InfluxDB 1.x, 2.x and 3 behind one interface: `Influx`, what is written to it and asked of it, what it answers."""

from andon.common.influx.answers import JSON, MSGPACK, NOT_EXECUTED, Answer, Series, WriteAnswer, is_missing
from andon.common.influx.client import Influx
from andon.common.influx.lines import join_lines, line, line_prefix, point
from andon.common.influx.names import (
    ALARMS,
    ARRIVED_SUFFIX,
    EARLY,
    LATE,
    PLATFORM,
    QUALITY_SUFFIX,
    RESERVED_KEYS,
    TAGS,
    UNTYPED,
    is_reserved,
    measurement,
    measurement_of,
    measurements,
)
from andon.common.influx.quoting import quote_identifier, quote_string, quote_tag
from andon.common.influx.version import Version

__all__ = [
    "ALARMS",
    "ARRIVED_SUFFIX",
    "EARLY",
    "JSON",
    "LATE",
    "MSGPACK",
    "NOT_EXECUTED",
    "PLATFORM",
    "QUALITY_SUFFIX",
    "RESERVED_KEYS",
    "TAGS",
    "UNTYPED",
    "Answer",
    "Influx",
    "Series",
    "Version",
    "WriteAnswer",
    "is_missing",
    "is_reserved",
    "join_lines",
    "line",
    "line_prefix",
    "measurement",
    "measurement_of",
    "measurements",
    "point",
    "quote_identifier",
    "quote_string",
    "quote_tag",
]

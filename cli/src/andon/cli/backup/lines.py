"""Line protocol of what InfluxDB has stored: with it any InfluxDB can be filled again, with or without Andon. Pure."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from andon.common.history.columns import Columns, Floats, Objects

_KEY_ESCAPES = str.maketrans({",": "\\,", " ": "\\ ", "=": "\\=", "\n": "\\n"})
_NAME_ESCAPES = str.maketrans({",": "\\,", " ": "\\ ", "\n": "\\n"})


def lines(measurement: str, types: Mapping[str, str], series: Columns) -> Iterator[bytes]:
    """A line for each row of a series that has a value.

    types: what each field is in InfluxDB: float, integer, boolean or string. Fields that it does not name are none.
    """
    tags = "".join(f",{_key(k)}={_key(v)}" for k, v in sorted(series.tags.items()) if v)
    head = f"{measurement.translate(_NAME_ESCAPES)}{tags} ".encode()
    columns = [_texts(name, types[name], values) for name, values in series.fields.items() if name in types]
    times = orjson.dumps(series.times.tolist())[1:-1].split(b",")
    for time, *fields in zip(times, *columns, strict=True) if columns and len(series) else ():
        told = b",".join(filter(None, fields))
        if told:
            yield b"%b%b %b\n" % (head, told, time)


def _key(text: str) -> str:
    return text.translate(_KEY_ESCAPES)


def _texts(name: str, kind: str, values: Floats | Objects) -> list[bytes]:
    """`name=value` for each row; b'' where it has no value."""
    head = f"{_key(name)}=".encode()
    if kind == "float":
        # A column at once: NaN, which is no value in InfluxDB, becomes null.
        texts = orjson.dumps(values.tolist())[1:-1].split(b",")
        return [b"" if text == b"null" else head + text for text in texts]
    write = _WRITERS[kind]
    return [b"" if _is_none(value) else head + write(value) for value in values.tolist()]


def _is_none(value: Any) -> bool:
    return value is None or value != value  # noqa: PLR0124 - NaN


def _string(value: Any) -> bytes:
    text = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'.encode()


_WRITERS: dict[str, Callable[[Any], bytes]] = {
    "integer": lambda value: b"%di" % int(value),
    "unsigned": lambda value: b"%du" % int(value),
    "boolean": lambda value: b"true" if value else b"false",
    "string": _string,
}

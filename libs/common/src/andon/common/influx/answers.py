"""What InfluxDB says, and how each version says the same: stored, refused, too old, no such database."""

import re
from dataclasses import dataclass
from typing import Any

import orjson

MSGPACK = "application/x-msgpack"
"""The faster of the two shapes of an answer: 920,000 rows a second from 1.6.7, of JSON 520,000."""
JSON = "application/json"
NOT_EXECUTED = "not executed"
"""Said of a query after one that failed; of all but one, and of that alone, where there is no database."""

_MISSING = re.compile(r'(query error: )?database (not found\b|"?[\w/-]+"? not found$)', re.IGNORECASE)
"""Of 1.x and 2.x `database not found: x`; of 3 `query error: database not found: x`, and `Database x not found`."""
_TOO_OLD = re.compile(r"partial write: .*\bretention policy\b.* dropped=(\d+)", re.DOTALL)
"""`points beyond retention policy dropped=2`, or of newer ones `2 points outside retention policy ... dropped=2`."""


def is_missing(error: str) -> bool:
    """Whether an error inside an answer says that there is no such database, and so nothing in it."""
    return error == NOT_EXECUTED or _MISSING.match(error) is not None


@dataclass(frozen=True)
class Answer:
    """What InfluxDB said to one statement, as it came: its body, and whether that is msgpack or JSON.

    An error may stand inside, as in every answer of InfluxQL: `{"results": [{"error": ...}]}`. Who decodes it looks;
    `is_missing` tells the one that means nothing is stored yet.
    """

    body: bytes
    content_type: str

    @property
    def packed(self) -> bool:
        """It is msgpack, else JSON; the content is the same, and times are epoch nanoseconds in both."""
        return self.content_type == MSGPACK


NOTHING = Answer(b'{"results":[{"statement_id":0,"error":"database not found"}]}', JSON)
"""The answer where there is no database and the server says so by its status."""


@dataclass(frozen=True)
class Series:
    """One result series of a query: rows are lists in the order of `columns`."""

    name: str
    tags: dict[str, str]
    columns: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True)
class WriteAnswer:
    """What InfluxDB said to a write: `stored` only on 204, `detail` is its reason otherwise.

    Of a refused body every other line may be stored (1.x, 3, and 2.x where a value is refused), or none (2.x where a
    line cannot be parsed): who halves it finds the refused ones, and writes the others to the same effect.
    """

    status: int
    detail: str

    @property
    def stored(self) -> bool:
        """Everything is on disk."""
        return self.status == 204

    @property
    def refused(self) -> bool:
        """Some of it can never be stored; repeating it unchanged is pointless."""
        return self.status in (400, 413, 422)

    @property
    def too_old(self) -> int:
        """How many points were refused because they are older than what the database keeps."""
        found = _TOO_OLD.search(self.detail) if self.refused else None
        return int(found[1]) if found else 0


def reason(body: bytes) -> str:
    """What an error's body says: `error` of 1.x, `message` of 2.x, `error` and those of each line of 3, or text."""
    try:
        told = orjson.loads(body)
        text = str(told.get("error") or told["message"])
        lines = [f"line {one['line_number']}: {one['error_message']}" for one in _lines(told.get("data"))]
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
        return body.decode(errors="replace").strip()
    return "; ".join((text, *lines))


def _lines(data: Any) -> list[dict[str, Any]]:
    """3 sends a list of them, of a single line that cannot be parsed only the one."""
    return data if isinstance(data, list) else [data] if data else []

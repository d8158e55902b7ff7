"""A stand-in for InfluxDB 3: databases made by writing, one statement a query, JSON alone, errors line by line.

Where its releases differ it is the stricter one: it knows neither several statements in a query nor msgpack, and tells
a body that is too large as if it had failed.
"""

import re
from dataclasses import dataclass
from time import time_ns
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from andon.common.influx.quoting import quote_identifier
from andon.common.reading import NS_PER_S
from andon.common.settings import InfluxSettings
from andon.common.testing.influx_stand_in import Handler, InfluxStandIn, form, guarded, told

MOST_BODY = 10 * 2**20
_NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_-]*")
_UNKNOWN = re.compile(
    r"\b(SLIMIT|SOFFSET|SHOW SERIES|CARDINALITY|INTO|DELETE|CREATE|ALTER|DROP|SAMPLE\()", re.IGNORECASE
)
_QUOTED = re.compile(r'"(\\.|[^"\\])*"|\'(\\.|[^\'\\])*\'')
_PERIODS = {"h": 3600, "d": 86_400}


@dataclass
class Database:
    """How long it keeps values, in seconds; None: for ever."""

    every: int | None = None


class Influx3StandIn(InfluxStandIn):
    """Only the edition `Enterprise` changes a retention after a database is made."""

    def __init__(self, behind: InfluxSettings, *, edition: str = "Core") -> None:
        super().__init__(behind)
        self._edition = edition
        self.databases: dict[str, Database] = {}

    @override
    def routes(self) -> dict[str, Handler]:
        asked = {
            "/ping": self._ping,
            "/write": self._write,
            "/query": self._query,
            "/api/v3/configure/database": self._configure,
            "/api/v3/query_sql": self._list,
        }
        return {path: guarded(handler) for path, handler in asked.items()}

    async def _ping(self, _: Request) -> Response:
        said = {"X-Influxdb-Version": "3.10.0", "X-Influxdb-Build": self._edition}
        return Response(b'{"version":"3.10.0","revision":"d783411"}', headers=said, media_type="application/json")

    async def _list(self, request: Request) -> Response:
        if (request.query_params["db"], request.query_params["format"]) != ("_internal", "json"):
            return Response(b"not found", 404)
        rows = [_row(name, one) for name, one in self.databases.items()]
        return Response(orjson.dumps(rows), media_type="application/json")

    async def _write(self, request: Request) -> Response:
        name, body = request.query_params["db"], await request.body()
        if not _NAME.fullmatch(name):
            return told(400, error="invalid character in database name: must be ASCII, containing only letters")
        if len(body) > MOST_BODY:
            return Response(f"max request size ({MOST_BODY} bytes) exceeded".encode(), 500)
        await self._make(name, None)
        lines = [line for line in body.split(b"\n") if line.strip()]
        kept = [line for line in lines if not self._is_hidden(name, line)]
        if not kept or not await self.written(name, b"\n".join(kept)):
            return Response(status_code=204)
        wrong = [(number, line, why) for number, line in enumerate(lines, 1) if (why := await self.written(name, line))]
        data = [{"original_line": line.decode(), "line_number": n, "error_message": why} for n, line, why in wrong]
        return told(400, error="partial write of line protocol occurred", data=data[:100])

    def _is_hidden(self, name: str, line: bytes) -> bool:
        """What is older than the retention is taken, and in no answer."""
        every, time = self.databases[name].every, line.rpartition(b" ")[2]
        return every is not None and time.isdigit() and int(time) < time_ns() - every * NS_PER_S

    async def _query(self, request: Request) -> Response:
        accept = request.headers.get("accept", "*/*")
        if accept not in ("application/json", "*/*", "application/csv", "text/csv"):
            return Response(f"invalid mime type ({accept})".encode(), 500)
        asked = await form(request)
        statement, name = asked["q"], asked.get("db", "")
        words = _QUOTED.sub("", statement)
        if ";" in words:
            return Response(b"must provide only one InfluxQl statement per query", 500)
        if found := _UNKNOWN.search(words):
            return Response(f"error in InfluxQL statement: parsing error: {found[0]}".encode(), 500)
        if name not in self.databases:
            return told(404, error=f"query error: database not found: {name}")
        asked.pop("params", None)  # it takes no notice of them
        return await self.asked(name, asked, "application/json")

    async def _configure(self, request: Request) -> Response:
        body = await request.json()
        name, period = body["db"], body.get("retention_period")
        every = int(period[:-1]) * _PERIODS[period[-1]] if period else None
        if request.method == "POST":
            return Response(b"already exists", 409) if name in self.databases else await self._make(name, every)
        if self._edition == "Core":
            return Response(b"retention periods cannot be updated", 405)
        if name not in self.databases:
            return Response(b"not found", 404)
        self.databases[name].every = every
        return Response()

    async def _make(self, name: str, every: int | None) -> Response:
        if name not in self.databases:
            await self.run(f"CREATE DATABASE {quote_identifier(name)}")
            self.databases[name] = Database(every)
        return Response()


def _row(name: str, database: Database) -> dict[str, Any]:
    """A null column is left out of a row."""
    kept = {} if database.every is None else {"retention_period_ns": database.every * NS_PER_S}
    return {"database_name": name, "deleted": False, **kept}

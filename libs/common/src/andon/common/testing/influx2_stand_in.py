"""A stand-in for InfluxDB 2.x: buckets, DBRP mappings, tokens, and its own words for what 1.x refuses."""

import re
from dataclasses import asdict, dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from starlette.requests import Request
from starlette.responses import Response
from typing_extensions import override

from andon.common.influx.quoting import quote_identifier
from andon.common.settings import InfluxSettings
from andon.common.testing.influx_stand_in import Handler, InfluxStandIn, form, guarded, told

ORG = "0a1b2c3d4e5f6071"
_ADMIN = re.compile(r"\s*(CREATE|ALTER|DROP)\s+(\w+\s*\w*)", re.IGNORECASE)
_DROPPED = re.compile(r"points beyond retention policy dropped=(\d+)")


@dataclass
class Bucket:
    """A bucket; its data lie in a database of the real one that is called by its id, as in 2.x."""

    name: str
    every: int = 0
    shard: int = 604_800
    id: str = field(default_factory=lambda: uuid4().hex[:16])

    @property
    def view(self) -> dict[str, Any]:
        """As the API shows it."""
        rules = [{"type": "expire", "everySeconds": self.every, "shardGroupDurationSeconds": self.shard}]
        return {"id": self.id, "orgID": ORG, "type": "user", "name": self.name, "retentionRules": rules}


@dataclass
class Mapping:
    """Which bucket a database means."""

    database: str
    bucketID: str  # noqa: N815 - the API's word
    retention_policy: str = "autogen"
    default: bool = True
    virtual: bool = False
    orgID: str = ORG  # noqa: N815 - the API's word
    id: str = field(default_factory=lambda: uuid4().hex[:16])


class Influx2StandIn(InfluxStandIn):
    """`orgs`: those that the token sees. `maps`: a bucket is found by its name, as since 2.3."""

    org: ClassVar[str] = "acme"

    def __init__(self, behind: InfluxSettings, *, version: str = "v2.7.12", maps: bool = True) -> None:
        super().__init__(behind)
        self._version = version
        self._maps = maps
        self.orgs = [{"id": ORG, "name": self.org}]
        self.buckets: dict[str, Bucket] = {}
        self.mappings: list[Mapping] = []

    @override
    def routes(self) -> dict[str, Handler]:
        asked = {
            "/write": self._write,
            "/query": self._query,
            "/api/v2/orgs": self._organisations,
            "/api/v2/dbrps": self._dbrps,
            "/api/v2/buckets": self._buckets,
            "/api/v2/buckets/{id}": self._bucket,
        }
        return {"/ping": self._ping} | {path: guarded(handler) for path, handler in asked.items()}

    async def _ping(self, _: Request) -> Response:
        return Response(status_code=204, headers={"X-Influxdb-Version": self._version, "X-Influxdb-Build": "OSS"})

    async def _organisations(self, request: Request) -> Response:
        named = request.query_params.get("org")
        return told(200, orgs=[org for org in self.orgs if named in (None, org["name"])])

    def _mapped(self, database: str) -> Mapping | None:
        return next((one for one in self.mappings if one.database == database and one.default), None)

    async def _write(self, request: Request) -> Response:
        mapping = self._mapped(request.query_params["db"])
        if mapping is None:
            return told(404, code="not found", message="no dbrp mapping found")
        lines = await request.body()
        if why := await self.unparsable(lines):  # nothing of it is written then
            return told(400, code="invalid", message=why)
        if not (why := await self.written(mapping.bucketID, lines)):
            return Response(status_code=204)
        if dropped := _DROPPED.search(why):
            bound = "oldest point m at 2026-01-01T00:00:00Z dropped because it violates a Retention Policy Lower Bound"
            kept = f"{self.buckets[mapping.bucketID].every // 3600}h0m0s"
            why = (
                f"partial write: dropped {dropped[1]} points outside retention policy of duration {kept} - {bound}"
                f" dropped={dropped[1]} for database: {mapping.bucketID} for retention policy: autogen"
            )
        return told(422, code="unprocessable entity", message=f"failure writing points to database: {why}")

    async def _query(self, request: Request) -> Response:
        asked = await form(request)
        database, statement = asked.get("db", ""), asked["q"]
        if found := _ADMIN.match(statement):
            return told(200, results=[{"statement_id": 0, "error": f"not implemented: {found[0].strip()}"}])
        mapping = self._mapped(database)
        if mapping is None:
            return told(200, results=[{"statement_id": 0, "error": f"database not found: {database}"}])
        return await self.asked(mapping.bucketID, asked, request.headers.get("accept", ""))

    async def _dbrps(self, request: Request) -> Response:
        if request.method == "POST":
            body = await request.json()
            if body.pop("orgID") != ORG or body["bucketID"] not in self.buckets:
                return told(400, code="invalid", message="org or bucket not found")
            self.mappings.append(Mapping(**body))
            return told(201, **asdict(self.mappings[-1]))
        query = request.query_params
        if query.get("orgID") != ORG:
            return told(400, code="invalid", message="please provide either orgID or org")
        return told(200, content=[asdict(m) for m in self.mappings if query.get("db") in (None, m.database)])

    async def _buckets(self, request: Request) -> Response:
        if request.method == "POST":
            return await self._made(await request.json())
        name = request.query_params["name"]
        found = [one.view for one in self.buckets.values() if one.name == name]
        return told(200, buckets=found) if found else told(404, code="not found", message=f'bucket "{name}" not found')

    async def _bucket(self, request: Request) -> Response:
        bucket = self.buckets.get(request.path_params["id"])
        if bucket is None:
            return told(404, code="not found", message="bucket not found")
        if request.method == "PATCH":
            (rule,) = (await request.json())["retentionRules"]
            return await self._changed(bucket, rule)
        return told(200, **bucket.view)

    async def _made(self, body: dict[str, Any]) -> Response:
        if any(body["name"] == one.name for one in self.buckets.values()):
            return told(422, code="conflict", message=f"bucket with name {body['name']} already exists")
        bucket = Bucket(body["name"])
        await self.run(f"CREATE DATABASE {quote_identifier(bucket.id)}")
        self.buckets[bucket.id] = bucket
        if self._maps:
            self.mappings.append(Mapping(bucket.name, bucket.id, virtual=True))
        changed = await self._changed(bucket, body["retentionRules"][0])
        return told(201, **bucket.view) if changed.status_code == 200 else changed

    async def _changed(self, bucket: Bucket, rule: dict[str, Any]) -> Response:
        every, shard = rule["everySeconds"], rule.get("shardGroupDurationSeconds", bucket.shard)
        place = f'"autogen" ON {quote_identifier(bucket.id)}'
        if why := await self.run(f"ALTER RETENTION POLICY {place} DURATION {every}s SHARD DURATION {shard}s"):
            return told(422, code="unprocessable entity", message=why)
        bucket.every, bucket.shard = every, shard
        return told(200, **bucket.view)

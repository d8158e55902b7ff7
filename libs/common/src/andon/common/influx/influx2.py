"""What only InfluxDB 2.x does so: a database is a bucket, and a DBRP mapping by which /write and /query find it."""

import re
from typing import Any

import httpx

from andon.common.errors import UnavailableError
from andon.common.influx.asking import ask, check_allowed, decoded, refusal
from andon.common.influx.retention import seconds, shard
from andon.common.reading import NS_PER_S

POLICY = "autogen"
_ID = re.compile(r"[0-9a-f]{16}")


class Databases2:
    """Databases of InfluxDB 2.x. They need a token that may read and write buckets and DBRP mappings."""

    def __init__(self, http: httpx.AsyncClient, org: str) -> None:
        self._http = http
        self._named = org
        self._org = org if _ID.fullmatch(org) else ""

    async def create(self, name: str, keep: int = 0, *, few: bool = False) -> None:
        """See `Databases`."""
        if await self._mapping(name) is not None:
            return
        bucket = await self._bucket_called(name)
        if bucket is None:
            bucket = await self._made(name, _rule(keep, few=few))
            if await self._mapping(name) is not None:  # a bucket is mapped by its name, since 2.3
                return
        mapping = {"database": name, "retention_policy": POLICY, "default": True, "bucketID": bucket["id"]}
        what = f"the DBRP mapping of '{name}'"
        await self._asked("POST", "/api/v2/dbrps", what, json={**mapping, "orgID": await self._org_id()})

    async def retention(self, name: str) -> int | None:
        """See `Databases`."""
        bucket = await self._bucket(name)
        if bucket is None:
            return None
        rules = bucket.get("retentionRules") or [{}]
        return int(rules[0].get("everySeconds") or 0) * NS_PER_S

    async def keep(self, name: str, duration: int, *, few: bool = False) -> None:
        """See `Databases`."""
        bucket = await self._bucket(name)
        if bucket is None:
            raise UnavailableError(f"There is no bucket for '{name}' yet")
        what = f"to change the retention of bucket '{bucket['name']}'"
        rules = {"retentionRules": [_rule(duration, few=few)]}
        answer = await ask(self._http, "PATCH", f"/api/v2/buckets/{bucket['id']}", json=rules)
        check_allowed(answer, what, "A token that may write buckets may: ANDON_INFLUX_TOKEN, or do it by hand.")
        decoded(answer, what)

    async def _bucket(self, name: str) -> dict[str, Any] | None:
        """The bucket that `/write` and `/query` mean by a database, which may be called otherwise."""
        mapping = await self._mapping(name)
        if mapping is None:
            return None
        path = f"/api/v2/buckets/{mapping['bucketID']}"
        return dict(await self._asked("GET", path, f"to show the bucket of '{name}'"))

    async def _mapping(self, name: str) -> dict[str, Any] | None:
        query = {"orgID": await self._org_id(), "db": name}
        found = await self._asked("GET", "/api/v2/dbrps", "to list DBRP mappings", params=query)
        return next((dict(one) for one in found.get("content") or [] if one.get("default")), None)

    async def _bucket_called(self, name: str) -> dict[str, Any] | None:
        query = {"orgID": await self._org_id(), "name": name}
        answer = await ask(self._http, "GET", "/api/v2/buckets", params=query)
        if answer.status_code == 404:
            return None
        found = decoded(answer, f"to show bucket '{name}'").get("buckets")
        return dict(found[0]) if found else None

    async def _made(self, name: str, rule: dict[str, Any]) -> dict[str, Any]:
        bucket = {"name": name, "orgID": await self._org_id(), "retentionRules": [rule]}
        answer = await ask(self._http, "POST", "/api/v2/buckets", json=bucket)
        if answer.status_code == 422 and (found := await self._bucket_called(name)):  # another was faster
            return found
        return dict(decoded(answer, f"to make bucket '{name}'"))

    async def _org_id(self) -> str:
        if not self._org:
            query = {"org": self._named} if self._named else {}
            found = (await self._asked("GET", "/api/v2/orgs", "to list organisations", params=query)).get("orgs") or []
            if len(found) != 1:
                names = ", ".join(repr(str(org.get("name"))) for org in found) or "none"
                raise UnavailableError(f"Name the organisation in ANDON_INFLUX_ORG; the token sees {names}")
            self._org = str(found[0]["id"])
        return self._org

    async def _asked(self, method: str, path: str, what: str, **request: Any) -> Any:
        answer = await ask(self._http, method, path, **request)
        if answer.status_code in (401, 403, 404):
            hint = "the token must be allowed to read and write buckets and DBRP mappings of its organisation"
            raise UnavailableError(f"{refusal(answer, what)}; {hint}")
        return decoded(answer, what)


def _rule(keep: int, *, few: bool) -> dict[str, Any]:
    share = seconds(shard(keep, few=few))
    return {"type": "expire", "everySeconds": seconds(keep), "shardGroupDurationSeconds": share}

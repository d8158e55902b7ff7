"""What only InfluxDB 3 does so: databases by /api/v3/configure, and how long they keep values from a system table."""

from typing import Any

import httpx

from andon.common.errors import SetupError, UnavailableError
from andon.common.influx.asking import ask, check_allowed, decoded, refusal
from andon.common.influx.retention import HOUR, seconds

CONFIGURE = "/api/v3/configure/database"
_ALL = {"db": "_internal", "q": "SELECT * FROM system.databases", "format": "json"}


class Databases3:
    """Databases of InfluxDB 3. They need an admin's token. A write makes a database too, one that keeps for ever."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def create(self, name: str, keep: int = 0, *, few: bool = False) -> None:  # noqa: ARG002 - it has no shards
        """See `Databases`."""
        kept = {"retention_period": _period(keep)} if keep else {}
        answer = await ask(self._http, "POST", CONFIGURE, json={"db": name, **kept})
        if answer.status_code >= 300 and not _exists(answer):
            raise refusal(answer, f"to make database '{name}'")

    async def retention(self, name: str) -> int | None:
        """See `Databases`."""
        answer = await ask(self._http, "GET", "/api/v3/query_sql", params=_ALL)
        rows: list[dict[str, Any]] = decoded(answer, "to list its databases")
        try:
            found = next((r for r in rows if r["database_name"] == name and not r.get("deleted")), None)
            return None if found is None else int(found.get("retention_period_ns") or 0)
        except (KeyError, TypeError, ValueError) as error:
            raise UnavailableError(f"InfluxDB does not tell how long '{name}' keeps values: {error}") from error

    async def keep(self, name: str, duration: int, *, few: bool = False) -> None:  # noqa: ARG002 - the same
        """See `Databases`."""
        period = {"retention_period": _period(duration)} if duration else {}
        answer = await ask(self._http, "PUT", CONFIGURE, json={"db": name, **period})
        check_allowed(answer, f"to change the retention of '{name}'", "An admin's token may: ANDON_INFLUX_TOKEN.")
        if answer.status_code >= 500:
            raise refusal(answer, f"to change the retention of '{name}'")
        if answer.status_code >= 300:
            raise SetupError(
                f"{refusal(answer, f'to change the retention of {name!r}')}",
                "InfluxDB 3 Core sets a retention when it makes a database, and never after: make one of another name"
                f" with '--retention-period {_period(duration) if duration else 'none'}', and name it to Andon.",
            )


def _exists(answer: httpx.Response) -> bool:
    return answer.status_code == 409 or (answer.status_code == 400 and "exists" in answer.text)


def _period(keep: int) -> str:
    """A duration as 3 reads it: hours wherever they are whole, for it knows them in all its releases."""
    return f"{keep // HOUR}h" if keep % HOUR == 0 else f"{seconds(keep)}s"

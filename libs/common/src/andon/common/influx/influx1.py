"""What only InfluxDB 1.x does so: databases and their retention policies, in InfluxQL."""

from typing import Any

import httpx

from andon.common.errors import InvalidError, UnavailableError
from andon.common.influx.answers import is_missing
from andon.common.influx.asking import ask, check_allowed, decoded
from andon.common.influx.quoting import quote_identifier
from andon.common.influx.retention import seconds, shard
from andon.common.times import parse_duration

POLICY = "autogen"
"""The policy of a new database. Andon writes to the default policy, whatever its name."""


class Databases1:
    """Databases of InfluxDB 1.x. They need a user who may do everything, where users are asked for."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def create(self, name: str, keep: int = 0, *, few: bool = False) -> None:
        """See `Databases`."""
        named = keep or few
        if named and await self.retention(name) is not None:
            return  # the statement below fails for one that keeps something else
        how = f" WITH {_durations(keep, few=few)} NAME {quote_identifier(POLICY)}" if named else ""
        await self._run(f"CREATE DATABASE {quote_identifier(name)}{how}")

    async def retention(self, name: str) -> int | None:
        """See `Databases`."""
        policy = await self._policy(name)
        return policy[1] if policy else None

    async def keep(self, name: str, duration: int, *, few: bool = False) -> None:
        """See `Databases`."""
        policy = await self._policy(name)
        if policy is None:
            raise UnavailableError(f"There is no database '{name}' yet")
        place = f"{quote_identifier(policy[0])} ON {quote_identifier(name)}"
        statement = f"ALTER RETENTION POLICY {place} {_durations(duration, few=few)}"
        answer = await ask(self._http, "POST", "/query", data={"q": statement})
        check_allowed(answer, statement, "An admin of InfluxDB may: name one in ANDON_INFLUX_USER, or run it by hand.")
        _check(self._result_of(answer, statement), statement)

    async def _policy(self, name: str) -> tuple[str, int] | None:
        """The policy that is written to, and how long it keeps; None where there is no database."""
        what = f"SHOW RETENTION POLICIES ON {quote_identifier(name)}"
        result = await self._result(what)
        if is_missing(result.get("error", "")):
            return None
        _check(result, what)
        try:
            (series,) = result["series"]
            policies = [dict(zip(series["columns"], row, strict=True)) for row in series["values"]]
            (found,) = (one for one in policies if one["default"])
            return found["name"], parse_duration(found["duration"])
        except (KeyError, ValueError, TypeError, InvalidError) as error:
            raise UnavailableError(f"InfluxDB does not tell how long '{name}' keeps values: {error}") from error

    async def _run(self, statement: str) -> None:
        _check(await self._result(statement), statement)

    async def _result(self, statement: str) -> dict[str, Any]:
        return self._result_of(await ask(self._http, "POST", "/query", data={"q": statement}), statement)

    def _result_of(self, answer: httpx.Response, statement: str) -> dict[str, Any]:
        try:
            (result,) = decoded(answer, statement)["results"]
        except (KeyError, TypeError, ValueError) as error:
            raise UnavailableError(f"What answers at {self._http.base_url} is no InfluxDB: {error}") from error
        return dict(result)


def _check(result: dict[str, Any], statement: str) -> None:
    if why := result.get("error"):
        raise UnavailableError(f"InfluxDB refused {statement}: {why}")


def _durations(keep: int, *, few: bool) -> str:
    return f"DURATION {seconds(keep)}s SHARD DURATION {seconds(shard(keep, few=few))}s"

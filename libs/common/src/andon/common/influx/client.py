"""The client: line protocol to /write, InfluxQL on /query, which InfluxDB 1.x, 2.x and 3 all speak.

In what they differ otherwise stands in `version.py`, and for databases in `influx1.py`, `influx2.py`, `influx3.py`.
"""

from collections.abc import Callable
from typing import Any

import httpx

from andon.common.errors import UnavailableError
from andon.common.influx.answers import JSON, MSGPACK, NOTHING, Answer, Series, WriteAnswer, is_missing, reason
from andon.common.influx.asking import ask, decoded, refusal
from andon.common.influx.databases import Databases
from andon.common.influx.influx1 import Databases1
from andon.common.influx.influx2 import Databases2
from andon.common.influx.influx3 import Databases3
from andon.common.influx.version import ANOTHER, Version, told_by, version_of
from andon.common.settings import InfluxSettings

PLAIN = {"Accept-Encoding": "identity"}
"""Compressing an answer of many rows costs InfluxDB as much as finding them."""


class Influx:
    """A client of one InfluxDB. Close it with `aclose`.

    `database` is that of the settings wherever none is named. fence: called right before anything is written or
    changed; where only one of several processes may do so, it raises an UnavailableError in the others.
    """

    def __init__(self, settings: InfluxSettings, fence: Callable[[], None] = lambda: None) -> None:
        self.settings = settings
        self._fence = fence
        self._version: Version | None = None
        self._plain = False
        token, user = settings.token.get_secret_value(), settings.user
        self._http = httpx.AsyncClient(
            base_url=settings.url,
            headers=PLAIN | ({"Authorization": f"Token {token}"} if token else {}),  # 2.x and 3 take it so
            auth=httpx.BasicAuth(user, settings.password.get_secret_value()) if user and not token else None,
            timeout=httpx.Timeout(30, connect=5),  # a busy machine is not one that is away
            verify=settings.url.startswith("https:"),  # to load the certificates for nothing costs 40 ms
        )
        self._databases: dict[int, Databases] = {
            1: Databases1(self._http),
            2: Databases2(self._http, settings.org),
            3: Databases3(self._http),
        }

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ping(self) -> bool:
        """Whether the server answers."""
        return not await self.trouble()

    async def trouble(self) -> str:
        """What is wrong with the server, '' when it answers. It may be another version by now: it is looked at anew."""
        try:
            self._version = await self._look(timeout=2)
        except UnavailableError as error:
            return str(error)
        return ""

    async def version(self) -> Version:
        """Which InfluxDB this is; asked once, and with every `ping`.

        Raises:
            UnavailableError: the server does not answer, or does not let us in.
        """
        if self._version is None:
            self._version = await self._look()
        return self._version

    async def ensure_database(self, database: str = "", *, keep: int = 0, few: bool = False) -> None:
        """Make a database unless there is one; a new one keeps values for `keep` nanoseconds, 0 for ever.

        few: see `Databases`.

        Raises:
            UnavailableError: the server does not answer, or refuses; says what to do.
        """
        admin = await self._admin()
        self._fence()
        await admin.create(database or self.settings.database, keep, few=few)

    async def retention(self, database: str = "") -> int | None:
        """How long a database keeps values, in nanoseconds, 0 for ever; None where there is no such database.

        Raises:
            UnavailableError: the server does not answer, or does not tell.
        """
        return await (await self._admin()).retention(database or self.settings.database)

    async def keep(self, duration: int, *, database: str = "", few: bool = False) -> None:
        """Let a database keep values so many nanoseconds, 0 for ever. The server deletes what is older.

        Raises:
            SetupError: this InfluxDB cannot do so; the hint says what can be done.
            UnavailableError: the server does not answer, or refuses.
        """
        admin = await self._admin()
        self._fence()
        await admin.keep(database or self.settings.database, duration, few=few)

    async def write(self, lines: bytes, *, database: str = "") -> WriteAnswer:
        """Write line protocol with nanosecond times.

        Raises:
            UnavailableError: no answer; the outcome is unknown, repeating is harmless.
        """
        most = self._version.most_body if self._version else None
        if most and len(lines) > most:
            return WriteAnswer(413, f"{self._version} takes at most {most} bytes at once, not {len(lines)}")
        place = {"db": database or self.settings.database, "precision": "ns"}
        self._fence()
        answer = await ask(self._http, "POST", "/write", params=place, content=lines)
        return WriteAnswer(answer.status_code, reason(answer.content)[:2000])

    async def query(self, *statements: str, database: str = "") -> list[list[Series]]:
        """Run InfluxQL statements; one list of series for each. Times come as epoch nanoseconds.

        Names belong through `quote_identifier`, texts through `quote_string`.

        Raises:
            UnavailableError: the server does not answer, or fails.
        """
        if len(statements) > 1 and not (await self.version()).takes_several:
            return [found for one in statements for found in await self._query((one,), database)]
        return await self._query(statements, database)

    async def fetch(self, statement: str, *, database: str = "") -> Answer:
        """Run one InfluxQL SELECT and hand its answer on undecoded: for answers of many rows.

        Raises:
            UnavailableError: the server does not answer, or fails. An error inside an answer is left to its decoder.
        """
        packs = (await self.version()).packs and not self._plain
        answer = await self._asked(statement, database, MSGPACK if packs else JSON)
        if packs and answer.status_code in (400, 406, 415):  # the statement's fault, or the shape's?
            answer = await self._asked(statement, database, JSON)
        if _says_missing(answer):
            return NOTHING
        if answer.status_code >= 300:
            raise refusal(answer, "a query")
        found = Answer(answer.content, answer.headers.get("content-type", JSON).partition(";")[0].strip())
        self._plain = not found.packed
        return found

    async def _look(self, timeout: float = 10) -> Version:
        answer = await ask(self._http, "GET", "/ping", timeout=timeout)
        if answer.status_code >= 300:
            raise refusal(answer, "us")
        if found := told_by(answer.headers):
            return found
        health = await ask(self._http, "GET", "/health", timeout=timeout)
        try:
            return version_of(str(health.json()["version"])) or ANOTHER
        except (ValueError, KeyError, TypeError):
            return ANOTHER

    async def _admin(self) -> Databases:
        return self._databases[(await self.version()).major]

    async def _query(self, statements: tuple[str, ...], database: str) -> list[list[Series]]:
        answer = await self._asked(";".join(statements), database, JSON)
        results = [] if (missing := _says_missing(answer)) else _results(decoded(answer, "a query"))
        if missing or any("error" in one for one in results):  # there is no database, and so nothing in it
            return [[] for _ in statements]
        if len(results) != len(statements):
            raise UnavailableError(f"InfluxDB answered {len(results)} of {len(statements)} queries")
        return [[_series(s) for s in one.get("series", [])] for one in results]

    async def _asked(self, statement: str, database: str, accept: str) -> httpx.Response:
        query = {"db": database or self.settings.database, "epoch": "ns", "q": statement}
        return await ask(self._http, "POST", "/query", data=query, headers={"Accept": accept})


def _says_missing(answer: httpx.Response) -> bool:
    """Whether the status, and not an error inside, says that there is no such database."""
    return answer.status_code == 404 and is_missing(reason(answer.content))


def _results(answer: Any) -> list[dict[str, Any]]:
    try:
        results: list[dict[str, Any]] = answer.get("results", [])
        errors = [one["error"] for one in results if one.get("error")]
    except AttributeError as error:
        raise UnavailableError(f"What answers is no InfluxDB: {error}") from error
    for why in errors:
        if not is_missing(why):
            raise UnavailableError(f"InfluxDB refused a query: {why}")
    return results


def _series(raw: dict[str, Any]) -> Series:
    return Series(raw.get("name", ""), raw.get("tags") or {}, raw.get("columns", []), raw.get("values", []))

"""InfluxDB behind one interface: line protocol to /write, InfluxQL on /query.

These two are spoken by InfluxDB 1.x, 2.x (DBRP mapping) and 3 Core. Field and measurement names are the ones of
the design, section 4.3, and are spelled here alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from andon.common.errors import UnavailableError
from andon.common.plant import Asset
from andon.common.platform import is_platform
from andon.common.reading import NS_PER_MS, NS_PER_S, Reading, Value
from andon.common.settings import InfluxSettings

TAGS = ("site", "area", "line", "machine", "asset")
UNTYPED = "machine"
PLATFORM = "andon_platform"
"""Measurement of the platform's own machines: no type can be called so, and no sensor of others meets theirs."""
QUALITY_SUFFIX = "__quality"
NOT_EXECUTED = "not executed"
"""Said of a query after one that failed; of all but one, and of that alone, where there is no database."""
MSGPACK = "application/x-msgpack"
"""The faster of the two shapes of an answer: 920,000 rows a second from 1.6.7, of JSON 520,000."""
JSON = "application/json"
ARRIVED = "arrived__ms"
"""Field that tells when a reading came, epoch milliseconds, only where that is far from its time."""
LATE = 10 * NS_PER_S
EARLY = 2 * NS_PER_S
"""So much later, or earlier, than its time a reading's arrival is far from it."""
RESERVED_KEYS = frozenset({*TAGS, "time", ARRIVED})

_JSON_TO_FIELDS = bytes.maketrans(b":", b"=")
_TAG_ESCAPES = str.maketrans({"\\": "\\\\", ",": "\\,", " ": "\\ ", "=": "\\=", "\n": "\\n", "\r": ""})


def is_reserved(key: str) -> bool:
    """Whether no sensor may have this key: as a field it would pass for a tag, a time, or a quality."""
    return key in RESERVED_KEYS or key.endswith(QUALITY_SUFFIX)


def measurement(asset: Asset) -> str:
    """Measurement of a machine."""
    return PLATFORM if is_platform(asset.path) else measurement_of(asset.type)


def measurement_of(type_: str | None) -> str:
    """Measurement of all machines of one type, or of none: its slug."""
    return type_ or UNTYPED


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

    arrived: UTC nanoseconds; what came far from its time tells when, so that its raw message can be found.
    """
    values = reading.values
    if arrived is not None and not -EARLY <= arrived - reading.time <= LATE:
        told, _, time = line(prefix, reading)[len(prefix) :].rpartition(b" ")
        return b"%b%b,%b=%di %b" % (prefix, told, ARRIVED.encode(), arrived // NS_PER_MS, time)
    if len(values) == 1 and not reading.quality:
        ((key, value),) = values.items()
        return b"%b%b=%b %d" % (prefix, key.encode(), _field(value).encode(), reading.time)
    if reading.quality or str in {*map(type, values.values())}:
        fields = [f"{k}={_field(v)}" for k, v in values.items()]
        fields += [f'{k}{QUALITY_SUFFIX}="{q}"' for k, q in (reading.quality or {}).items()]
        return b"%b%b %d" % (prefix, ",".join(fields).encode(), reading.time)
    return b"%b%b %d" % (prefix, orjson.dumps(values)[1:-1].translate(_JSON_TO_FIELDS, b'"'), reading.time)


def quote_identifier(name: str) -> str:
    """A field, tag or measurement name for InfluxQL."""
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "") + '"'


def quote_tag(name: str) -> str:
    """A tag name for InfluxQL's WHERE, which without its kind would rather take a field of that name."""
    return f"{quote_identifier(name)}::tag"


def quote_string(text: str) -> str:
    """A string literal for InfluxQL."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "") + "'"


@dataclass(frozen=True)
class WriteAnswer:
    """What InfluxDB said to a write: `stored` only on 204, `detail` is its reason otherwise."""

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


@dataclass(frozen=True)
class Series:
    """One result series of a query: rows are lists in the order of `columns`."""

    name: str
    tags: dict[str, str]
    columns: list[str]
    rows: list[list[Any]]


def is_missing(error: str) -> bool:
    """Whether an error inside an answer says that there is no such database, and so nothing in it."""
    return "database not found" in error or error == NOT_EXECUTED


class Influx:
    """A client of one InfluxDB. Close it with `aclose`.

    `database` is that of the settings wherever none is named.
    """

    def __init__(self, settings: InfluxSettings) -> None:
        self.settings = settings
        self._accept = MSGPACK
        token = settings.token.get_secret_value()
        headers = {"Authorization": f"Token {token}"} if token else {}
        auth = httpx.BasicAuth(settings.user, settings.password.get_secret_value()) if settings.user else None
        self._http = httpx.AsyncClient(
            base_url=settings.url,
            headers=headers,
            auth=auth,
            timeout=httpx.Timeout(30, connect=2),
            verify=settings.url.startswith("https:"),  # to load the certificates for nothing costs 40 ms
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def ping(self) -> bool:
        """Whether the server answers."""
        try:
            return (await self._http.get("/ping", timeout=2)).status_code < 300
        except httpx.HTTPError:
            return False

    async def ensure_database(self, database: str = "") -> None:
        """Create a database if it is missing (1.x; elsewhere the statement is harmless).

        Raises:
            UnavailableError: the server does not answer.
        """
        await self._post_query(f"CREATE DATABASE {quote_identifier(database or self.settings.database)}")

    async def write(self, lines: bytes, *, database: str = "") -> WriteAnswer:
        """Write line protocol with nanosecond times.

        Raises:
            UnavailableError: no answer; the outcome is unknown, repeating is harmless.
        """
        try:
            answer = await self._http.post(
                "/write", params={"db": database or self.settings.database, "precision": "ns"}, content=lines
            )
        except httpx.HTTPError as error:
            raise UnavailableError(f"InfluxDB does not answer: {error or type(error).__name__}") from error
        return WriteAnswer(answer.status_code, answer.text[:2000])

    async def query(
        self, *statements: str, params: dict[str, Any] | None = None, database: str = ""
    ) -> list[list[Series]]:
        """Run InfluxQL statements; one list of series for each. Times come as epoch nanoseconds.

        Values belong into `params` (`$name` in the statement), names through `quote_identifier`.

        Raises:
            UnavailableError: the server does not answer, or fails.
        """
        query = {
            "db": database or self.settings.database,
            "epoch": "ns",
            "q": ";".join(statements),
            **({"params": orjson.dumps(params).decode()} if params else {}),
        }
        results = await self._post_query(None, query)
        if any("error" in result for result in results):  # there is no database, and so nothing in it
            return [[] for _ in statements]
        if len(results) != len(statements):
            raise UnavailableError(f"InfluxDB answered {len(results)} of {len(statements)} queries")
        return [[_series(s) for s in result.get("series", [])] for result in results]

    async def fetch(self, statement: str, *, database: str = "") -> Answer:
        """Run one InfluxQL SELECT and hand its answer on undecoded: for answers of many rows.

        Raises:
            UnavailableError: the server does not answer, or fails. An error inside an answer is left to its decoder.
        """
        query = {"db": database or self.settings.database, "epoch": "ns", "q": statement}
        answer = await self._asked(query, self._accept)
        if answer.status_code in (400, 406, 415) and self._accept != JSON:  # the statement's fault, or the shape's?
            answer = await self._asked(query, JSON)
        found = Answer(_well(answer).content, answer.headers.get("content-type", JSON).partition(";")[0].strip())
        if not found.packed:
            self._accept = JSON
        return found

    async def _asked(self, query: dict[str, str], accept: str) -> httpx.Response:
        try:
            return await self._http.post("/query", data=query, headers={"Accept": accept})
        except httpx.HTTPError as error:
            raise UnavailableError(f"InfluxDB does not answer: {error or type(error).__name__}") from error

    async def _post_query(self, statement: str | None, data: dict[str, str] | None = None) -> list[dict[str, Any]]:
        answer = _well(await self._asked(data or {"q": statement or ""}, JSON))
        try:
            results: list[dict[str, Any]] = orjson.loads(answer.content).get("results", [])
        except (orjson.JSONDecodeError, AttributeError) as error:
            raise UnavailableError(f"What answers at {self.settings.url} is no InfluxDB: {error}") from error
        for result in results:
            why = result.get("error", "")
            if why and not is_missing(why):
                raise UnavailableError(f"InfluxDB refused a query: {why}")
        return results


def _well(answer: httpx.Response) -> httpx.Response:
    if answer.status_code >= 400:
        raise UnavailableError(f"InfluxDB refused a query ({answer.status_code}): {answer.text[:300]}")
    return answer


def _series(raw: dict[str, Any]) -> Series:
    return Series(raw.get("name", ""), raw.get("tags", {}), raw.get("columns", []), raw.get("values", []))


def join_lines(lines: Iterable[bytes]) -> bytes:
    """A write body."""
    return b"\n".join(lines)

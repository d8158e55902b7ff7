"""Look: what Andon has, asked of it as anybody may: samples, dead letters, alarms, what the ledger complains of."""

import base64
from typing import Any, TypeAlias

from andon.common.influx import Influx, quote_string
from andon.common.testing.factory import Factory
from soak.journal import Journal
from soak.oracle import judge

PAGE = 50_000
Row: TypeAlias = tuple[int, float, float]


async def stored(influx: Influx, path: str) -> list[Row]:
    """Time in ms, number, temperature of all that InfluxDB has of a press, in order of time."""
    names = dict(zip(("site", "area", "line", "machine"), path.split("/"), strict=True))
    where = " AND ".join(f"{tag} = {quote_string(slug)}" for tag, slug in names.items())
    rows, after = list[Row](), 0
    while True:
        [found] = await influx.query(
            f'SELECT "number", "oil_temperature" FROM "press" WHERE {where} AND time > {after} LIMIT {PAGE}',  # noqa: S608 - InfluxQL, our names
        )
        page = [row for series in found for row in series.rows]
        rows += [(row[0] // 10**6, row[1], row[2]) for row in page]
        if len(page) < PAGE:
            return rows
        after = page[-1][0]


async def is_kept(influx: Influx, journal: Journal) -> bool:
    """Whether InfluxDB has all that was acknowledged, as it was sent and nothing else.

    Raises:
        AssertionError: it has not, or not yet; says what is amiss.
    """
    verdict = judge(journal, {path: await stored(influx, path) for path in journal.sent}, set())
    assert verdict.clean, verdict
    return True


async def letters(factory: Factory) -> set[bytes]:
    """Payloads of all dead letters."""
    found, cursor = set[bytes](), None
    while True:
        params = {"limit": 200, **({"cursor": cursor} if cursor else {})}
        page = await factory.call("GET", "/api/ingest/v1/deadletters", params=params)
        found |= {_bytes(letter) for letter in page["items"]}
        cursor = page["next_cursor"]
        if not cursor or not page["items"]:
            return found


async def alarm(factory: Factory, path: str) -> tuple[list[str], set[str]]:
    """Transitions of a press's alarm, and the keys of their notifications."""
    query = {"state": "all", "under": path}
    turned, keys = list[str](), set[str]()
    for alarm in (await factory.call("GET", "/api/alerting/v1/alarms", params=query))["items"]:
        whole: dict[str, Any] = await factory.call("GET", f"/api/alerting/v1/alarms/{alarm['id']}")
        turned += [turn["to"] for turn in whole["transitions"]]
        keys |= {f"{alarm['id']}/{turn['number']}" for turn in whole["transitions"]}
    return turned, keys


async def told_together(factory: Factory) -> dict[str, list[str]]:
    """What each digest tells of: keys of transitions by its own key."""
    rows, cursor = list[dict[str, Any]](), ""
    while cursor is not None:
        query = {"limit": "500", "cursor": cursor}
        page = await factory.call("GET", "/api/alerting/v1/notifications", params=query)
        rows += page["items"]
        cursor = page["next_cursor"]
    digests = {row["id"]: row["key"] for row in rows if row["key"].startswith("digest/")}
    found: dict[str, list[str]] = {key: [] for key in digests.values()}
    for row in rows:
        if row["merged_in"] in digests:
            found[digests[row["merged_in"]]].append(row["key"])
    return found


async def problems(factory: Factory) -> list[str]:
    """What does not balance."""
    ledger = await factory.call("GET", "/api/ingest/v1/ledger")
    return [f"ledger: {problem}" for problem in ledger["problems"]]


def _bytes(letter: dict[str, Any]) -> bytes:
    text = str(letter["payload"])
    return base64.b64decode(text) if letter.get("encoding") == "base64" else text.encode()

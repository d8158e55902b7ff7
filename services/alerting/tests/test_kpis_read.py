"""The journal as it is read for figures, and what HTTP tells of it: the caller's part, and no more than a bound."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import insert, update

from andon.alerting.alarm.state import AlarmState, Severity
from andon.alerting.database import Database
from andon.alerting.kpis.columns import Span, annunciated
from andon.alerting.kpis.read import alarms_of, read
from andon.alerting.kpis.spells import spells
from andon.alerting.routes import kpis
from andon.alerting.tables import AlarmRow, TransitionRow
from andon.common.api import Service, create_front
from andon.common.auth import Principal, Role, Tokens
from andon.common.errors import InvalidError
from andon.common.plant import Asset, Plant, Sensor
from andon.common.reading import NS_PER_S

TOKENS = Tokens(secret="s" * 48)
START = 1_790_000_000 * NS_PER_S  # 2026-09-21T14:13:20Z
RANGE = {"from": "2026-09-21T14:13:20Z", "to": "2026-09-21T14:30:00Z"}
ROBOT, OVEN = "berlin/painting/line-1/robot-3", "berlin/baking/line-1/oven-1"


def alarm(alarm_id: str, asset: str, state: AlarmState = AlarmState.NORMAL) -> dict[str, Any]:
    """A row of which only what the figures look at matters."""
    row = dict.fromkeys(column.name for column in AlarmRow.__table__.columns if not column.nullable)
    texts = dict.fromkeys(("rule_name", "unit", "message", "level", "group", "key", "asset_name"), "")
    flags = dict.fromkeys(
        ("active", "acknowledged", "latched", "suppressed", "out_of_service", "late", "first_out"), False
    )
    own = {
        "id": alarm_id,
        "rule_id": "hot",
        "asset_id": asset,
        "asset": asset,
        "sensor": f"{asset}/t",
        "state": state,
        "severity": Severity.HIGH,
        "rank": 3,
        "since": START,
        "number": 1,
        "levels": [],
        "advice": {},
    }
    return row | texts | flags | own


def line(alarm_id: str, number: int, at: float, event: str, state: AlarmState, *, late: bool = False) -> dict[str, Any]:
    return {
        "alarm_id": alarm_id,
        "number": number,
        "from_state": AlarmState.NORMAL,
        "to_state": state,
        "event": event,
        "severity": Severity.HIGH,
        "at": START + round(at * NS_PER_S),
        "late": late,
    }


@pytest.fixture
async def plant(database: Database) -> Database:
    """The robot: two alarms; the oven: one from before that is still there, one that was over before."""
    alarms = [
        alarm("a", ROBOT),
        alarm("b", ROBOT, AlarmState.RETURNED),
        alarm("c", OVEN, AlarmState.UNACKNOWLEDGED),
        alarm("d", OVEN),
    ]
    unacknowledged, returned, normal = AlarmState.UNACKNOWLEDGED, AlarmState.RETURNED, AlarmState.NORMAL
    lines = [
        line("a", 1, 100, "raised", unacknowledged),
        line("a", 2, 105, "acknowledged", AlarmState.ACKNOWLEDGED),
        line("a", 3, 110, "cleared", normal),
        line("b", 1, 200, "raised", unacknowledged, late=True),
        line("b", 2, 205, "cleared", returned, late=True),
        line("c", 1, -500, "raised", unacknowledged),
        line("d", 1, -900, "raised", unacknowledged),
        line("d", 2, -800, "closed", normal),
    ]
    async with database.write() as session:
        await session.execute(insert(AlarmRow), alarms)
        await session.execute(insert(TransitionRow), lines)
    return database


SPAN = Span(START, START + 1000 * NS_PER_S)


async def test_what_was_open_when_the_range_began_is_read_whole_and_what_was_over_is_not(plant: Database) -> None:
    async with plant.read() as session:
        found = await read(session, [""], SPAN)
        named = await alarms_of(session, found.examples)
    assert len(found.columns) == 6
    assert sorted({row.asset for row in named.values()}) == [OVEN, ROBOT]
    assert sorted(((found.columns.at - START) // NS_PER_S).tolist()) == [-500, 100, 105, 110, 200, 205]
    assert annunciated(found.columns.within(SPAN)).sum() == 1
    assert len(spells(found.columns)) == 3


async def test_each_sees_their_own_part(plant: Database) -> None:
    async with plant.read() as session:
        for scopes, lines in (((ROBOT, ""), 5), (("", "berlin/baking"), 1), ((ROBOT, OVEN), 0), ((f"{OVEN}/t",), 1)):
            assert len((await read(session, scopes, SPAN)).columns) == lines


async def test_what_comes_after_the_range_is_not_known_in_it(plant: Database) -> None:
    async with plant.read() as session:
        found = await read(session, [""], Span(START, START + 107 * NS_PER_S))
    assert sorted(((found.columns.at - START) // NS_PER_S).tolist()) == [-500, 100, 105]


async def test_what_was_open_all_through_a_range_of_the_past_is_seen_in_it(plant: Database) -> None:
    async with plant.write() as session:
        await session.execute(
            insert(TransitionRow),
            [line("c", 2, 3000, "cleared", AlarmState.RETURNED), line("a", 4, 3000, "reset", AlarmState.NORMAL)],
        )
        await session.execute(update(AlarmRow).values(state=AlarmState.NORMAL))
    async with plant.read() as session:
        found = await read(session, [""], Span(START - 400 * NS_PER_S, START))
    assert ((found.columns.at - START) // NS_PER_S).tolist() == [-500]


async def test_too_much_at_once_is_refused(plant: Database) -> None:
    async with plant.read() as session:
        assert len((await read(session, [""], SPAN, most=6)).columns) == 6
        with pytest.raises(InvalidError, match="name a shorter range"):
            await read(session, [""], SPAN, most=5)


@asynccontextmanager
async def client(database: Database, scope: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who looks at a part of the plant."""

    @asynccontextmanager
    async def nothing(_: FastAPI) -> AsyncIterator[None]:
        yield

    service = Service(name="alerting", title="Andon alerting", router=kpis.router, tokens=TOKENS, start=nothing)
    front = create_front(service)
    known = Plant()
    known.put(
        Asset(
            id="r3",
            path=ROBOT,
            kind="machine",
            slug="robot-3",
            name="Robot 3",
            sensors=(Sensor(key="t", path=f"{ROBOT}/t"),),
        )
    )
    [mounted] = [route.app for route in front.routes if getattr(route, "path", "") == "/api/alerting/v1"]
    mounted.state.database, mounted.state.plant = database, known
    mounted.state.work = SimpleNamespace(knows_plant=True)
    token = TOKENS.sign(Principal(id="ada", name="Ada", role=Role.VIEWER, scope=scope), token_id="t", lifetime=600)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(front),
        base_url="http://andon.test/api/alerting/v1",
        headers={"Authorization": f"Bearer {token}"},
    ) as made:
        yield made


async def test_the_answer_is_a_table_with_targets(plant: Database) -> None:
    async with client(plant) as ada:
        answer = (await ada.get("/kpis", params=RANGE)).json()
    assert (answer["annunciations"], answer["late"], answer["watches"], answer["start"]) == (
        1,
        1,
        1,
        "2026-09-21T14:13:20.000Z",
    )
    figures = {figure["name"]: figure for figure in answer["kpis"]}
    assert figures["per_ten_minutes"] == {
        "name": "per_ten_minutes",
        "title": "Annunciations per 10 minutes, average",
        "value": 0.6,
        "unit": "",
        "target": "at most 1, manageable 2",
        "source": "ISA-18.2-2016",
        "met": True,
        "rating": "good",
        "note": "",
    }
    assert answer["time_to_acknowledge"]["high"] == {"count": 1, "median": 5.0, "p90": 5.0, "unanswered": 0}
    [robot] = answer["offenders"]
    assert (robot["sensor"], robot["count"], robot["median_active"]) == (f"{ROBOT}/t", 1, 10.0)
    assert [sum(point[1:]) for point in answer["chart"]["points"]] == [1, 0]
    assert answer["floods"] == answer["pairs"] == answer["hidden_longest"] == []


async def test_a_part_of_the_plant_is_asked_for_by_path_or_id_and_seen_by_those_who_may(plant: Database) -> None:
    async with client(plant, "berlin/baking") as baker, client(plant) as ada:
        assert (await baker.get("/kpis", params=RANGE)).json()["annunciations"] == 0
        assert (await baker.get("/kpis", params=RANGE | {"under": ROBOT})).status_code == 404
        for name in ("berlin/painting", ROBOT, f"{ROBOT}/t", "r3", "r3/t"):
            assert (await ada.get("/kpis", params=RANGE | {"under": name})).json()["annunciations"] == 1
        assert (await ada.get("/kpis", params=RANGE | {"under": "oslo"})).status_code == 404


async def test_offenders_are_had_as_csv_that_no_spreadsheet_takes_for_formulas(plant: Database) -> None:
    async with plant.write() as session:
        await session.execute(update(AlarmRow).values(rule_name="=1+1"))
    async with client(plant) as ada:
        answer = await ada.get("/kpis", params=RANGE | {"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    [row] = csv.DictReader(io.StringIO(answer.text))
    assert (row["sensor"], row["count"], row["rule_name"]) == (f"{ROBOT}/t", "1", "'=1+1")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"from": "now"}, "must lie before"),
        ({"from": "-367d", "to": "now"}, "longer than 366 days"),
        ({"from": "1960-01-01", "to": "1960-02-01"}, "1970"),
        ({"tz": "Berlin"}, "is no time zone"),
        ({"from": "9999-12-31T23:59:59"}, "must lie before"),
        ({"format": "pdf"}, "format"),
        ({"unter": "berlin"}, "did you mean 'under'"),
    ],
)
async def test_what_cannot_be_answered_says_why(plant: Database, wrong: dict[str, str], told: str) -> None:
    async with client(plant) as ada:
        answer = await ada.get("/kpis", params=wrong)
    assert answer.status_code == 422
    assert told in answer.json()["detail"]

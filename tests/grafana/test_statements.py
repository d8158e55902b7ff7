"""Every statement of every dashboard and alert rule is put to a real InfluxDB, as Grafana would, and answers with rows.

Grafana itself is not there: what it makes of the rows has not been seen.
"""

import re
from typing import Any

import pytest
import yaml

from deploy.grafana.influxql import LEVELS

from .conftest import Demo
from .expanding import DATABASES, DEPLOY, EVERYTHING, HOUR_MS, Asked, Dashboard, dashboards

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

RANGES = {"an hour": HOUR_MS, "a day": 24 * HOUR_MS, "a quarter": 90 * 24 * HOUR_MS, "a year": 365 * 24 * HOUR_MS}
TIER = {"an hour": "andon", "a day": "andon-1m", "a quarter": "andon-1h", "a year": "andon-1h"}
UIDS = [one.uid for one in dashboards()]


async def choices(demo: Demo, variable: dict[str, Any], asked: Asked) -> list[str]:
    """What a variable offers, as its list would."""
    if variable["type"] == "custom":
        return [part.rpartition(" : ")[2] for part in variable["query"].split(",")]
    (found,) = await demo.influx.query(asked.expand(variable["query"]))
    column = 1 if "TAG VALUES" in variable["query"] else 0
    offered = sorted({str(row[column]) for series in found for row in series.rows})
    pattern = variable.get("regex", "").strip("/")
    return [one for one in offered if re.search(pattern, one)]


def wanted(variable: dict[str, Any], offered: list[str], path: list[str]) -> list[str]:
    """Which of them a person chooses: those of one machine, and each of its sensors."""
    if variable.get("includeAll"):
        return [EVERYTHING]
    if variable["name"] in LEVELS:
        return [path[LEVELS.index(variable["name"])]]
    return offered


async def chosen(demo: Demo, board: Dashboard, path: str, span: int) -> list[Asked]:
    """What may be looked at on a dashboard, for one machine."""
    end = demo.end * 1000
    found = [Asked({}, end - span, end)]
    for variable in board.variables:
        grown = []
        for asked in found:
            offered = await choices(demo, variable, asked)
            assert offered, f"{board.uid}: {variable['name']} offers nothing"
            picked = wanted(variable, offered, path.split("/"))
            assert EVERYTHING in picked or set(picked) <= set(offered), (board.uid, variable["name"], picked, offered)
            grown += [Asked({**asked.values, variable["name"]: value}, asked.start, asked.end) for value in picked]
        found = grown
    return found


async def answers(demo: Demo, targets: list[dict[str, Any]], asked: Asked) -> list[int]:
    """How many rows each target is answered with."""
    counts = dict[int, int]()
    for uid, database in DATABASES.items():
        own = [number for number, target in enumerate(targets) if target["datasource"]["uid"] == uid]
        statements = [asked.expand(targets[number]["query"], uid) for number in own]
        assert not [one for one in statements if re.search(r"\$\w|\$\{", one)]
        found = await demo.influx.query(*statements, database=database) if own else []
        counts |= {number: sum(len(one.rows) for one in series) for number, series in zip(own, found, strict=True)}
    return [counts[number] for number in range(len(targets))]


def machine_of(demo: Demo, board: Dashboard) -> str:
    """A machine that a dashboard is for: one of its type, or any."""
    (kind,) = [one for one in demo.machines if board.uid.endswith(f"-{one}")] or ["press"]
    return demo.machines[kind]


def is_state(board: Dashboard, asked: Asked) -> bool:
    """Whether a number is looked at on the page of states, or the other way round: there is nothing then."""
    state = asked.values.get("sensor") in ("state", "door_open", "booth_clean")
    return (board.uid == "andon-state") != state


@pytest.mark.parametrize("uid", [uid for uid in UIDS if uid != "andon-services"])
async def test_every_statement_of_a_dashboard_answers(demo: Demo, uid: str) -> None:
    board = next(one for one in dashboards() if one.uid == uid)
    path, targets = machine_of(demo, board), board.targets()
    silent = set(range(len(targets)))
    for span in RANGES.values():
        for asked in await chosen(demo, board, path, span):
            if "sensor" in asked.values and is_state(board, asked):
                await answers(demo, targets, asked) if board.uid != "andon-state" else None
                continue
            rows = await answers(demo, targets, asked)
            silent -= {number for number, count in enumerate(rows) if count}
    assert not [targets[number]["query"] for number in silent]


@pytest.mark.parametrize("name", RANGES)
@pytest.mark.parametrize("uid", ["andon-machine-press", "andon-sensor-oven", "andon-line", "andon-platform"])
async def test_of_each_question_the_tier_of_its_range_answers_and_no_other(demo: Demo, uid: str, name: str) -> None:
    board = next(one for one in dashboards() if one.uid == uid)
    (asked, *_) = await chosen(demo, board, machine_of(demo, board), RANGES[name])
    if uid == "andon-line":
        asked = Asked({**asked.values, "measurement": "press", "sensor": "force"}, asked.start, asked.end)
    for panel in board.panels:
        uids = [target["datasource"]["uid"] for target in panel["targets"]]
        if len(set(uids)) == 3 and panel["type"] != "histogram":
            rows = await answers(demo, panel["targets"], asked)
            answering = {uid for uid, count in zip(uids, rows, strict=True) if count}
            assert answering == {TIER[name]}, panel["title"]


async def test_a_wrong_tier_is_not_read_at_all(demo: Demo) -> None:
    """InfluxDB counts what it would read: nothing, where the condition on the range is false."""
    board = next(one for one in dashboards() if one.uid == "andon-machine-press")
    raw = next(t["query"] for p in board.panels for t in p["targets"] if t["refId"] == "A" and "mean(" in t["query"])
    (asked, *_) = await chosen(demo, board, demo.machines["press"], RANGES["a year"])
    (plan,) = await demo.influx.query(f"EXPLAIN {asked.expand(raw)}")
    told = "\n".join(str(row[0]) for series in plan for row in series.rows)
    assert "NUMBER OF BLOCKS: 0" in told or "NUMBER OF SERIES" not in told, told


async def test_every_alert_rule_answers(demo: Demo) -> None:
    found = yaml.safe_load((DEPLOY / "provisioning/alerting/rules.yaml").read_text(encoding="utf-8"))
    asked = Asked({}, demo.end * 1000 - 300_000, demo.end * 1000)
    for rule in found["groups"][0]["rules"]:
        model = rule["data"][0]["model"]
        assert await answers(demo, [model], asked) == [1], rule["title"]

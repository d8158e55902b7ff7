"""What is committed is what the code makes, and whole: ids, places, variables, links, units and limits."""

import re
from collections import Counter
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from andon.registry.grafana.admission import BACK
from andon.registry.grafana.dashboards import DASHBOARDS
from deploy.grafana import files, looks, machine_types, uids
from deploy.grafana.__main__ import DEMO
from deploy.grafana.machine_types import MachineType

from .expanding import DEPLOY, VARIABLE, Dashboard, dashboards, named

ROUTER = Path(__file__).parents[2] / "web/src/router.tsx"
ROUTES = re.findall(r'(?:page|viewed)\("(/[^"]*)"|path: "(/[^"]*)"', ROUTER.read_text(encoding="utf-8"))
PATHS = {one or other for one, other in ROUTES}
BUILT_IN = {"timeFilter", "__interval", "__rate_interval", "__from", "__to", "__url_time_range"}
ALIASES, OF_A_SERIES = {"col", "m"}, ("tag_", "__field", "__data")
"""What names a series, and what is clicked: Grafana's own, too."""
BOARDS = dashboards()
MOST_BYTES = 2**20


def types() -> list[MachineType]:
    return machine_types.read(DEMO)


def texts(value: Any) -> list[str]:
    """All texts in a piece of JSON."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in texts(one)]
    return [value] if isinstance(value, str) else []


def urls(board: Dashboard) -> list[str]:
    found = [link["url"] for link in board.json["links"] if link["type"] == "link"]
    return found + [link["url"] for p in board.panels for link in p["fieldConfig"]["defaults"].get("links", [])]


def test_what_is_committed_is_what_is_made() -> None:
    made = files.general() | files.of_types(types())
    there = {str(path.relative_to(DEPLOY)) for path in DEPLOY.rglob("*") if path.suffix in (".json", ".yaml", ".ini")}
    assert there == set(made), "run `just grafana`"
    stale = [path for path, text in made.items() if (DEPLOY / path).read_text(encoding="utf-8") != text]
    assert not stale, "run `just grafana`"


def test_each_folder_fits_into_a_config_map() -> None:
    for folder in ("andon", "types", "prometheus"):
        assert sum(path.stat().st_size for path in (DEPLOY / "dashboards" / folder).iterdir()) < MOST_BYTES


def test_uids_are_unique_and_grafana_takes_them() -> None:
    found = [board.uid for board in BOARDS]
    assert [uid for uid, count in Counter(found).items() if count > 1] == []
    assert all(re.fullmatch(r"[a-zA-Z0-9_-]{1,40}", uid) for uid in found)
    assert all(board.path.stem == board.uid for board in BOARDS)


def test_each_page_finds_its_dashboard_and_each_type_those_of_its_own() -> None:
    found = {board.uid for board in BOARDS}
    assert set(DASHBOARDS.values()) <= found
    assert {uids.of_type(uid, one.slug) for one in types() for uid in (uids.MACHINE, uids.SENSOR)} <= found


def test_what_a_page_hands_over_its_dashboard_takes() -> None:
    """The variables of web/src/features/grafana/address.ts: a slug for each level, and where samples lie."""
    levels = ["site", "area", "line", "machine"]
    for kind, uid in DASHBOARDS.items():
        depth = ["overview", *levels].index(kind) if kind in ("overview", *levels) else 4
        handed = levels[:depth] + (["measurement"] if depth == 4 else [])
        handed += ["sensor"] if kind in ("sensor", "state") else []
        there = {one["name"] for one in named(uid).variables}
        assert set(handed) <= there, uid
        assert there - set(handed) <= {"measurement", "sensor"}, uid


def test_a_type_whose_slug_is_too_long_is_told_and_has_none() -> None:
    long = MachineType("x" * 27, "Long", types()[0].sensors)
    assert machine_types.without_dashboard([long, types()[0]]) == [long]
    assert files.of_types([long]) == {}


@pytest.mark.parametrize("board", BOARDS, ids=lambda board: board.uid)
class TestEachDashboard:
    def test_its_panels_have_ids_and_lie_side_by_side(self, board: Dashboard) -> None:
        panels = board.json["panels"]
        assert len({panel["id"] for panel in panels}) == len(panels)
        for one, other in combinations([panel["gridPos"] for panel in panels], 2):
            beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
            assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
        assert all(0 <= panel["gridPos"]["x"] <= 24 - panel["gridPos"]["w"] for panel in panels)

    def test_its_data_sources_are_provisioned(self, board: Dashboard) -> None:
        there = {"-- Mixed --"}
        for name in ("influxdb-1", "prometheus"):
            path = DEPLOY / f"provisioning/datasources/{name}.yaml"
            there |= {one["uid"] for one in yaml.safe_load(path.read_text(encoding="utf-8"))["datasources"]}
        asked = {target["datasource"]["uid"] for panel in board.panels for target in panel["targets"]}
        asked |= {panel["datasource"]["uid"] for panel in board.panels}
        asked |= {one["datasource"]["uid"] for one in board.variables if one["type"] == "query"}
        assert asked <= there

    def test_its_variables_are_there_before_they_are_used_and_none_is_a_constant(self, board: Dashboard) -> None:
        known = set(BUILT_IN)
        for variable in board.variables:
            assert variable["type"] in ("query", "custom", "textbox")
            assert {one or other for one, _, other in VARIABLE.findall(str(variable["query"]))} <= known
            known.add(variable["name"])
        said = [board.json["title"], *urls(board), *texts(board.targets())]
        said += [text for panel in board.panels for text in (panel["title"], *texts(panel["targets"]))]
        used = {one or other for text in said for one, _, other in VARIABLE.findall(text)}
        strangers = {name for name in used - known if name not in ALIASES and not name.startswith(OF_A_SERIES)}
        assert strangers == set()

    def test_its_links_lead_to_dashboards_and_pages_that_are_there(self, board: Dashboard) -> None:
        known = {one.uid for one in BOARDS}
        for url in urls(board):
            if url.startswith(BACK):
                page = "/" + url.removeprefix(BACK).partition("?")[0]
                assert page in PATHS or (page.startswith("/plant/") and "/plant/$" in PATHS), url
            else:
                uid = url.removeprefix("/grafana/d/").partition("?")[0].replace("${measurement}", "press")
                assert uid in known, url

    def test_nothing_is_repeated_and_all_panels_say_what_they_are(self, board: Dashboard) -> None:
        assert all("repeat" not in panel and panel["title"] for panel in board.json["panels"])


def chart(slug: str, name: str) -> dict[str, Any]:
    return next(panel for panel in named(f"andon-machine-{slug}").panels if panel["title"] == name)


def test_a_chart_has_unit_decimals_and_limits_of_its_type() -> None:
    for one in types():
        for sensor in one.numbers:
            field = chart(one.slug, sensor.name)["fieldConfig"]
            assert field["defaults"]["unit"] == looks.unit(sensor.unit)
            assert field["defaults"]["decimals"] == sensor.decimals
            own = next(item["properties"] for item in field["overrides"] if item["matcher"]["options"] == "mean")
            steps = {item["id"]: item["value"] for item in own}.get("thresholds", {"steps": []})["steps"]
            limits = [
                v for v in (sensor.limits.ll, sensor.limits.l, sensor.limits.h, sensor.limits.hh) if v is not None
            ]
            assert [step["value"] for step in steps[1:]] == limits


def test_ground_is_clear_within_the_limits_and_nowhere_else() -> None:
    field = chart("press", "Oil level")["fieldConfig"]  # ll 20, l 35, h 95
    own = next(item["properties"] for item in field["overrides"] if item["matcher"]["options"] == "mean")
    steps = next(item["value"]["steps"] for item in own if item["id"] == "thresholds")
    assert [(step["value"], step["color"]) for step in steps] == [
        (None, looks.FAR_BEYOND),
        (20, looks.BEYOND),
        (35, "transparent"),
        (95, looks.BEYOND),
    ]


@pytest.mark.parametrize(
    ("code", "shown"),
    [("Cel", "suffix:°C"), ("{parts}", "suffix:parts"), ("m3/h", "suffix:m³/h"), ("1", "none"), ("", "none")],
)
def test_units_read_as_on_andons_pages(code: str, shown: str) -> None:
    assert looks.unit(code) == shown


@pytest.mark.parametrize(
    ("word", "like"),
    [("RUN", "run"), ("FAULT", "fault"), ("SETUP", "idle"), ("DOWN", "stop"), ("on", "run"), ("off", "stop")],
)
def test_words_of_machines_have_their_colours(word: str, like: str) -> None:
    found = next(pattern for pattern in looks.STATES if re.fullmatch(pattern, word, re.IGNORECASE))
    assert re.search(like, found)


def test_data_sources_of_all_versions_have_one_set_of_uids_and_no_secret() -> None:
    found = []
    for version in "123":
        text = (DEPLOY / f"provisioning/datasources/influxdb-{version}.yaml").read_text(encoding="utf-8")
        sources = yaml.safe_load(text)["datasources"]
        found.append({one["uid"]: one["jsonData"]["dbName"] for one in sources})
        assert all(
            value.rpartition(" ")[2].startswith("$ANDON_")
            for one in sources
            for value in one["secureJsonData"].values()
        )
    assert found[0] == found[1] == found[2]


def test_alert_rules_lead_to_a_panel_that_is_there() -> None:
    found = yaml.safe_load((DEPLOY / "provisioning/alerting/rules.yaml").read_text(encoding="utf-8"))
    rules = found["groups"][0]["rules"]
    assert len({rule["uid"] for rule in rules}) == len(rules)
    for rule in rules:
        assert rule["panelId"] in {panel["id"] for panel in named(rule["dashboardUid"]).panels}
        assert {step["refId"] for step in rule["data"]} >= {rule["condition"]}

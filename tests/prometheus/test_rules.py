"""Alert rules ask only for metrics that there are, by labels that these have, and say what to do."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from andon.common.metrics_page import GROUPS, measures_of

FOLDER = Path(__file__).resolve().parents[2] / "deploy" / "prometheus"
RULES = [rule for group in yaml.safe_load((FOLDER / "rules.yaml").read_text())["groups"] for rule in group["rules"]]
MEASURES = [measure for module in GROUPS.values() for measure in measures_of(module).values()]
LABELS = {measure.name: set(measure.labels) for measure in MEASURES}
PROMETHEUS_OWN = {"up": {"job", "instance"}}
TARGET = {"job", "instance"}
ASKED = re.compile(r"\b(andon_[a-z_]+|up)\b(?:{([^}]*)})?")
BY = re.compile(r"\bby \(([^)]*)\)")
NAME = re.compile(r"(\w+)\s*(?:=~|!~|!=|=)")


def named(rule: dict[str, Any]) -> str:
    return str(rule["alert"])


def asked(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each metric that an expression asks for, by the labels it chooses by."""
    for name, chosen in ASKED.findall(expression):
        yield name, set(NAME.findall(chosen))


def labels_of(series: str) -> set[str]:
    """Labels that a series has, besides those of its target."""
    known = LABELS | PROMETHEUS_OWN | {f"{name}_bucket": {*own, "le"} for name, own in LABELS.items()}
    assert series in known, f"there is no metric {series}"
    return known[series] | TARGET


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_asks_for_what_there_is(rule: dict[str, Any]) -> None:
    found = list(asked(rule["expr"]))
    assert found
    for series, chosen in found:
        assert chosen <= labels_of(series), f"{series} has no label {chosen - labels_of(series)}"
    everywhere = set.union(*(labels_of(series) for series, _ in found))
    for group in BY.findall(rule["expr"]):
        assert set(re.split(r",\s*", group)) <= everywhere


@pytest.mark.parametrize("rule", RULES, ids=named)
def test_a_rule_says_what_is_wrong_and_what_to_do(rule: dict[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert rule["annotations"]["summary"]
    assert len(rule["annotations"]["description"]) > len("Add a query")
    kept = set.union({"le"}, *(labels_of(series) for series, _ in asked(rule["expr"])))
    assert set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"]))) <= kept


def test_rules_are_told_apart_by_their_names() -> None:
    names = [named(rule) for rule in RULES]
    assert len(set(names)) == len(names) > 20
    assert all(name.startswith("Andon") for name in names)


def test_what_a_rule_says_of_a_page_is_there() -> None:
    root = FOLDER.parents[1]
    pages = set(re.findall(r"docs/[a-z/-]+\.md", (FOLDER / "rules.yaml").read_text()))
    assert [page for page in pages if not (root / page).exists()] == []


def test_the_example_reads_these_rules_and_the_ports_of_andon_up() -> None:
    example = yaml.safe_load((FOLDER / "prometheus.yaml").read_text())
    assert example["rule_files"] == ["rules.yaml"]
    (job,) = example["scrape_configs"]
    assert "andon" in job["job_name"], "AndonProcessGone looks for it"
    assert job["static_configs"][0]["targets"] == ["localhost:8000", "localhost:8001", "localhost:8005"]

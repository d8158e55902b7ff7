"""The committed reference pages are what the code says, and leave nothing out."""

import re
from pathlib import Path

import pytest
from pydantic_settings import BaseSettings

from andon.cli.reference import commands
from andon.cli.reference.markdown import anchor, compact, table
from andon.cli.reference.settings import SECTIONS, variables
from andon.cli.reference.write import pages

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs/reference"
MADE = dict(pages(FOLDER))
CLASSES = [one for classes in SECTIONS.values() for one in classes]


@pytest.mark.parametrize("name", MADE)
def test_the_committed_page_is_what_the_code_says(name: str) -> None:
    committed = FOLDER / name
    assert committed.exists(), f"docs/reference/{name} is missing. Run: ./justw reference"
    assert committed.read_text() == MADE[name], (
        f"docs/reference/{name} is not what the code says. Run: ./justw reference"
    )


def test_there_is_a_page_for_each_document_and_no_other() -> None:
    for kind, documents in (("http", "openapi"), ("asyncapi", "asyncapi")):
        named = {path.stem for path in (FOLDER / documents).glob("*.json")}
        assert named == {path.stem for path in (FOLDER / kind).glob("*.md")} - {"README"}


def test_every_settings_class_is_on_the_page() -> None:
    sources = [
        path for part in ("libs", "services", "simulator", "cli") for path in (ROOT / part).glob("**/src/**/*.py")
    ]
    found = {name for path in sources for name in re.findall(r"(?m)^class (\w+)\(BaseSettings\)", path.read_text())}
    assert found == {one.__name__ for one in CLASSES}


@pytest.mark.parametrize("settings", CLASSES)
def test_every_setting_has_a_meaning(settings: type[BaseSettings]) -> None:
    silent = [name for name, field in variables(settings) if not field.description]
    assert not silent, "Say in Field(description=...) what it means"


def test_every_setting_is_on_the_page_with_what_it_means() -> None:
    page = MADE["settings.md"]
    missing = [name for one in CLASSES for name, _ in variables(one) if f"`{name}`" not in page]
    assert not missing


def test_every_command_is_on_the_page_with_what_it_does() -> None:
    page = commands.page()
    for command in ("andon up", "andon plant apply", "andon deadletters replay", "andon-simulator fault"):
        assert f"### {command}\n" in page
    assert "andon api" not in page, "it is hidden"
    rows = re.findall(r"^\| \[`(andon[^`]*)`\]\(#[^)]*\) \|(.*)\|$", page, re.MULTILINE)
    assert [name for name, does in rows if not does.strip()] == []


def test_a_table_leaves_out_what_no_row_has() -> None:
    assert table(("a", "b"), [("1", ""), ("2", "")]) == "| a |\n|---|\n| 1 |\n| 2 |\n"
    assert table(("a", "b"), []) == ""


def test_anchors_are_those_of_the_site_and_of_forges() -> None:
    assert anchor("`GET /alarms/{alarm_id}`") == "get-alarmsalarm_id"
    assert anchor("Message: Dead letter") == "message-dead-letter"


def test_json_stands_in_a_line_where_it_fits() -> None:
    assert compact({"a": [1, 2]}) == '{"a": [1, 2]}'
    assert compact({"a": ["x" * 60, "y" * 60]}).splitlines()[0] == "{"

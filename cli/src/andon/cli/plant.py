"""`andon plant`: the plant as a file. Applying it twice changes nothing."""

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import yaml
from rich.table import Table
from rich.text import Text

from andon.cli.client import Client
from andon.cli.progress import console, say
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError

MOST_BYTES = 16 * 2**20
MOST_CHANGES, MOST_TEXT = 200, 80
"""Lines of a plan, and characters of a value in one."""
LOOKS, LOOK_SECONDS = 10, 0.2
"""As often, and as long apart, alerting is asked whether it has heard of a new plant."""


async def apply(settings: UpSettings, file: Path, *, plan: bool, yes: bool) -> None:
    """Load a plant file: types and tree into the registry, channels, policies, rules and their like into alerting.

    All of it is tried first, so that a mistake in a rule leaves the plant as it is. `plan` stops there; `yes` takes
    sensors away without asking.

    Raises:
        SetupError: the file cannot be read, Andon refuses it, or it takes sensors away; says where and why.
    """
    content = read(file)
    words = parse(content, str(file))
    kind = "application/json" if file.suffix == ".json" else "application/yaml"
    async with Client(settings) as client:
        tree = await client.apply_plant(content, kind, dry_run=True)
        told = await client.apply_rules(words, dry_run=True)
        for loss in tree["removed"]:
            say("!", loss)
        for warning in tree["warnings"]:
            say("!", warning)
        if not plan:
            if tree["removed"] and not yes:
                raise SetupError(f"Nothing is changed: {file} takes sensors away.", "Apply it with --yes, or add them.")
            tree = await client.apply_plant(content, kind)
            told = await client.apply_rules(words)
            _name_idle(await _still_idle(client, words, told["idle"]))
        elif not tree["created"] and not tree["changed"]:  # of a plant to come alerting does not know the sensors
            _name_idle(told["idle"])
    console.print(_table(tree, told))
    if plan:
        for line in changes(told.get("changes", [])):
            console.print(Text(line), soft_wrap=True)
        say("·", "A plan; nothing is changed.")


async def _still_idle(client: Client, plant: dict[str, Any], idle: list[str]) -> list[str]:
    """The rules that watch nothing, once alerting has had time to hear of the new plant."""
    for _ in range(LOOKS):
        if not idle:
            break
        await asyncio.sleep(LOOK_SECONDS)
        idle = (await client.apply_rules(plant, dry_run=True))["idle"]
    return idle


def _name_idle(idle: list[str]) -> None:
    for name in idle:
        say("!", f"Rule '{name}' watches no sensor: look at its scope and the names in its condition.")


def changes(told: list[dict[str, Any]]) -> list[str]:
    """A line for each thing of alerting's that is new (+) or becomes another (~), field by field."""
    lines = []
    for one in told[:MOST_CHANGES]:
        fields = ", ".join(f"{f['field']} {_short(f['before'])} → {_short(f['after'])}" for f in one["fields"])
        lines.append(f"  {'+' if one['new'] else '~'} {one['kind']} '{one['name']}'{fields and f': {fields}'}")
    if len(told) > MOST_CHANGES:
        lines.append(f"  and {len(told) - MOST_CHANGES} more")
    return lines


def _short(value: object) -> str:
    if value in (None, "", [], {}):
        return "nothing"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = "".join(letter if letter.isprintable() else " " for letter in text)  # somebody else wrote it
    return text if len(text) <= MOST_TEXT else f"{text[: MOST_TEXT - 1]}…"


def _table(tree: dict[str, Any], rules: dict[str, Any]) -> Table:
    table = Table("", "created", "changed", "unchanged", box=None, padding=(0, 2), header_style="dim")
    for name, counts in (("plant", tree), ("rules, channels, policies", rules)):
        table.add_row(name, *(str(counts.get(word, "")) for word in ("created", "changed", "unchanged")))
    return table


def read(file: Path) -> bytes:
    """The file's bytes; `-` is standard input.

    Raises:
        SetupError: it cannot be read, or is too large.
    """
    try:
        content = sys.stdin.buffer.read(MOST_BYTES + 1) if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise SetupError(f"{file} cannot be read: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise SetupError(f"{file} is larger than {MOST_BYTES // 2**20} MB.", "Split it by site.")
    return content


def parse(content: bytes, name: str) -> dict[str, Any]:
    """The file's top level; JSON is YAML, too.

    Raises:
        SetupError: not YAML, or not a plant; names line and column.
    """
    try:
        plant = yaml.safe_load(content)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f" line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise SetupError(f"{name}{where}: {error.problem or 'not YAML'}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SetupError(f"{name} is not YAML: {error}") from None
    if not isinstance(plant, dict):
        raise SetupError(
            f"{name} is not a plant file.",
            "Its top level has: types, sites, channels, calendars, schedules, policies and rules.",
        )
    return plant

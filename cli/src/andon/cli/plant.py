"""`andon plant`: the plant as a file. Applying it twice changes nothing."""

import sys
from pathlib import Path
from typing import Any

import yaml
from rich.table import Table

from andon.cli.client import Client
from andon.cli.progress import console
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError

MOST_BYTES = 16 * 2**20


async def apply(settings: UpSettings, file: Path) -> None:
    """Load a plant file: types and tree into the registry, channels and rules into alerting.

    Raises:
        SetupError: the file cannot be read, or Andon refuses it; says where and why.
    """
    content = read(file)
    plant = parse(content, str(file))
    kind = "application/json" if file.suffix == ".json" else "application/yaml"
    async with Client(settings) as client:
        tree = await client.apply_plant(content, kind)
        rules = await client.apply_rules(plant.get("channels") or [], plant.get("rules") or [])
    table = Table("", "created", "changed", "unchanged", box=None, padding=(0, 2), header_style="dim")
    for name, counts in (("plant", tree), ("channels and rules", rules)):
        table.add_row(name, *(str(counts.get(word, "")) for word in ("created", "changed", "unchanged")))
    console.print(table)


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
        raise SetupError(f"{name} is not a plant file.", "Its top level has: types, sites, channels, rules.")
    return plant

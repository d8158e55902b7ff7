"""Markdown: what the pages are written with. Pure."""

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

WIDE = 100
"""Characters of a line of JSON."""


def code(text: object) -> str:
    """Text as code, also inside a table."""
    written = str(text).replace("|", "\\|")
    return f"`` {written} ``" if "`" in written else f"`{written}`"


def line(text: str) -> str:
    """Text in one line, for a table's cell."""
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, without the columns in which there is nothing; '' of no rows."""
    lines = [list(row) for row in rows]
    used = [index for index in range(len(head)) if any(row[index] for row in lines)]
    if not lines:
        return ""

    def written(cells: Sequence[str]) -> str:
        return "| " + " | ".join(cells[index] for index in used) + " |"

    return "\n".join([written(head), "|" + "---|" * len(used), *map(written, lines)]) + "\n"


def anchor(heading: str) -> str:
    """The anchor of a heading, as the documentation site and forges make it."""
    return re.sub(r"[\s]", "-", re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip().lower())


def compact(value: Any, indent: int = 0) -> str:
    """JSON for people: what fits into a line stands in one."""
    short = json.dumps(value, ensure_ascii=False)
    if len(short) + indent <= WIDE or not isinstance(value, list | dict):
        return short
    margin = " " * (indent + 2)
    if isinstance(value, list):
        inner = [compact(one, indent + 2) for one in value]
        return "[\n" + ",\n".join(margin + one for one in inner) + f"\n{' ' * indent}]"
    named = [f"{json.dumps(name)}: {compact(one, indent + 2)}" for name, one in value.items()]
    return "{\n" + ",\n".join(margin + one for one in named) + f"\n{' ' * indent}}}"


def fence(text: str, language: str = "json") -> str:
    """A block of code."""
    return f"```{language}\n{text}\n```\n"

"""Statements as Grafana sends them: variables and macros put in, as its documentation says."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEPLOY = Path(__file__).parents[2] / "deploy/grafana"
FILES = sorted(DEPLOY.glob("dashboards/*/*.json"))
DATABASES = {"andon": "andon", "andon-1m": "andon_1m", "andon-1h": "andon_1h"}
LEAST_MS = {"andon": 1000, "andon-1m": 60_000, "andon-1h": 3_600_000}
HOUR_MS = 3_600_000
VARIABLE = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\$(\w+)")
EVERYTHING = "$__all"


@dataclass(frozen=True)
class Dashboard:
    """One of the files."""

    path: Path
    json: dict[str, Any]

    @property
    def uid(self) -> str:
        return str(self.json["uid"])

    @property
    def panels(self) -> list[dict[str, Any]]:
        return [panel for panel in self.json["panels"] if panel["type"] != "row"]

    @property
    def variables(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.json.get("templating", {}).get("list", [])
        return found

    def targets(self) -> list[dict[str, Any]]:
        """All that it asks of InfluxDB: panels and annotations."""
        own = [target for panel in self.panels for target in panel["targets"] if "query" in target]
        return own + [mark["target"] for mark in self.json["annotations"]["list"]]


def dashboards() -> list[Dashboard]:
    return [Dashboard(path, json.loads(path.read_text(encoding="utf-8"))) for path in FILES]


def named(uid: str) -> Dashboard:
    return next(one for one in dashboards() if one.uid == uid)


@dataclass(frozen=True)
class Asked:
    """What is looked at: values of variables, and a range in epoch ms."""

    values: dict[str, str]
    start: int
    end: int

    def expand(self, statement: str, uid: str = "andon") -> str:
        """The statement as it is sent to a data source."""
        interval = max((self.end - self.start) // 500, LEAST_MS[uid])
        macros = {
            "timeFilter": f"time >= {self.start}ms and time <= {self.end}ms",
            "__interval": f"{interval}ms",
            "__from": str(self.start),
            "__to": str(self.end),
        }

        def put(found: re.Match[str]) -> str:
            name = found[1] or found[3]
            value = {**macros, **self.values}[name]
            if found[2] != "regex":
                return value
            return ".*" if value == EVERYTHING else re.escape(value)

        return VARIABLE.sub(put, statement)

"""A dashboard, put together: rows of panels from the top down, and around them what all dashboards have."""

import json
from collections.abc import Sequence
from typing import Any

from deploy.grafana import links, uids
from deploy.grafana.panels import Panel
from deploy.grafana.sdk import Builder, JSONEncoder, dashboard, model

WIDTH = 24
"""Columns of Grafana's grid."""
TAG, TYPE_TAG = "andon", "andon-type"
SCHEMA = 42
"""Of dashboards as Grafana 12 writes them; 10 reads them, and 13 brings them up to date when it loads them."""


class Board:
    """A dashboard in the making. uid: how pages and links ask for it; range: what it shows at first."""

    def __init__(self, uid: str, title: str, *, about: str, range_: str = "now-8h", tags: Sequence[str] = ()) -> None:
        self.uid = uid
        self._made = dashboard.Dashboard(title).uid(uid).description(about).tags([TAG, *tags]).readonly()
        self._made = self._made.time(range_, "now").refresh("1m").tooltip(model.DashboardCursorSync.CROSSHAIR)
        self._annotations: list[dict[str, Any]] = []
        self._panels: list[dict[str, Any]] = []
        self._y = 0

    def variables(self, *made: Builder[model.VariableModel]) -> None:
        """Name what may be chosen, in this order."""
        self._made = self._made.variables(list(made))

    def annotations(self, made: list[dict[str, Any]]) -> None:
        """Mark these in all charts."""
        self._annotations = made

    def head(self, *own: dashboard.DashboardLink) -> None:
        """Where it leads: what is given, and then what all of them do."""
        types = dashboard.DashboardLink("Machine types").type(model.DashboardLinkType.DASHBOARDS).tags([TYPE_TAG])
        types = types.as_dropdown(as_dropdown=True).include_vars(include_vars=True).keep_time(keep_time=True)
        company = links.header("All sites", f"/grafana/d/{uids.OVERVIEW}")
        figures = links.header("Alarm figures", f"/grafana/d/{uids.ALARMS}")
        self._made = self._made.links([*own, company, types, figures])

    def row(self, height: int, *placed: tuple[int, Panel]) -> None:
        """Panels side by side, each with its width in columns, in rows as many as they need."""
        x = 0
        for width, panel in placed:
            if x + width > WIDTH:
                x, self._y = 0, self._y + height
            self._put(panel, model.GridPos(h=height, w=width, x=x, y=self._y))
            x += width
        self._y += height

    def heading(self, title: str) -> None:
        """A title over the rows that follow."""
        self._put(dashboard.Row(title), model.GridPos(h=1, w=WIDTH, x=0, y=self._y))
        self._y += 1

    def _put(self, panel: Builder[model.Panel] | Builder[model.RowPanel], place: model.GridPos) -> None:
        made = panel.build()
        made.id_val, made.grid_pos = len(self._panels) + 1, place
        self._panels.append(json.loads(JSONEncoder().encode(made)))

    def text(self) -> str:
        """The dashboard as a file of Grafana's."""
        built = json.loads(JSONEncoder().encode(self._made.build()))
        built |= {
            "schemaVersion": SCHEMA,
            "annotations": {"list": self._annotations},
            "panels": self._panels,
            "id": None,
        }
        parts = [f"{_compact(name)}: {_listed(value)}" for name, value in sorted(built.items())]
        return "{\n" + ",\n".join(parts) + "\n}\n"


def _listed(value: object) -> str:
    """A list with one entry a line: a change of a panel is a change of a line, and a ConfigMap holds many."""
    if not isinstance(value, list) or not value:
        return _compact(value)
    return "[\n" + ",\n".join(map(_compact, value)) + "\n]"


def _compact(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

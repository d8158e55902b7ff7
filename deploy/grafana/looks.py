"""How dashboards look: as calm as Andon's pages. Colour is for alarms; all else is grey and one blue. Pure."""

import re

from deploy.grafana.sdk import model

TRACE = "#5b8db8"
"""Lines of measured values; good to see on light and on dark ground."""
QUIET = "#8d9499"
SEVERITIES = {"critical": "#c4122f", "high": "#e0700b", "medium": "#f0c419", "low": "#2b9fb8"}
"""The palette of alarms, which nothing else has; the most severe first."""
BEYOND, FAR_BEYOND = "rgba(224, 112, 11, 0.10)", "rgba(196, 18, 47, 0.13)"
"""Ground behind values beyond a limit (L, H), and beyond the outer one (LL, HH)."""
STATES = {
    ".*(?:fault|error|alarm|trip).*": "#9a5a52",
    "(?:run|auto|producing|on\\b|active|true).*": "#7fa3bd",
    ".*(?:stop|down|off).*": "#5d656b",
    ".*(?:idle|setup|maint|wait|pause|hold|clean|false).*": "#b4babe",
}
"""Words of machines, as the pages read them: running is muted, standing still is grey, a fault is dark red."""

_SPELLING = {"Cel": "°C", "[degF]": "°F", "{rpm}": "rpm", "1": "", "Ohm": "Ω", "um": "µm", "us": "µs", "deg": "°"}
_SPELLING |= {"m3/h": "m³/h", "m3": "m³", "m2": "m²", "kW.h": "kWh", "L/min": "l/min", "[ppm]": "ppm"}
_POWERS = {"2": "²", "3": "³"}


def unit(code: str) -> str:
    """A unit of Grafana's that shows a UCUM code as people write it: never one that Grafana would convert."""
    plain = re.sub(r"\{([^}]*)\}", r"\1", code)
    text = _SPELLING.get(code, re.sub(r"([a-z])([23])\b", lambda found: found[1] + _POWERS[found[2]], plain))
    return f"suffix:{text}" if text else "none"


def states() -> list[model.ValueMapping]:
    """The colours of states, whatever they are called; the word itself stays as it is."""
    return [
        model.RegexMap(
            model.DashboardRegexMapOptions(
                pattern=f"/^({words})$/i", result=model.ValueMappingResult(text="$1", color=colour, index=rank)
            )
        )
        for rank, (words, colour) in enumerate(STATES.items())
    ]


def severities() -> list[model.ValueMapping]:
    """The colours of severities."""
    found = enumerate(SEVERITIES.items())
    return [
        model.ValueMap(
            {name: model.ValueMappingResult(text=name, color=colour, index=rank) for rank, (name, colour) in found}
        )
    ]

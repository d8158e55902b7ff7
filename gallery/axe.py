"""Axe: what a page does wrong to those who see, hear or move differently, by the rules of WCAG 2.2 AA and axe's own."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.async_api import Page as Tab

_SOURCE = Path(__file__).resolve().parents[1] / "web/node_modules/axe-core/axe.min.js"
_RUN = """rules => axe.run(document, {
  resultTypes: ["violations"],
  rules: { "target-size": { enabled: true } },
  ...(rules ? { runOnly: { type: "rule", values: rules } } : {}),
}).then(found => found.violations)"""
OF_COLOUR = ("color-contrast", "link-in-text-block")
"""What another theme can change; all else is the same in each."""


async def violations(tab: Tab, rules: tuple[str, ...] | None = None) -> list[str]:
    """What axe finds on the page that is shown, a line for each element: rule, element, and what is wrong with it."""
    if not await tab.evaluate("() => 'axe' in window"):
        await tab.evaluate(_source())
    found = await tab.evaluate(_RUN, list(rules) if rules else None)
    return [_line(violation, node) for violation in found for node in violation["nodes"]]


@cache
def _source() -> str:
    return _SOURCE.read_text()


def _line(violation: dict[str, Any], node: dict[str, Any]) -> str:
    why = " ".join(node["failureSummary"].split())
    return f"{violation['id']}: {node['html'][:160]} · {why[:240]}"

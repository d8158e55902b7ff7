"""The list of pages is whole: axe, screenshots and bench go through it, so what it lacks nobody looks at."""

import re
from pathlib import Path

from gallery.pages import PAGES

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r'(?:\b(?:page|viewed)\(\s*|path: )"(/[^"]*)"')
ELSEWHERE = {"/open-grafana"}
"""What leads to another place at once, and shows nothing of its own."""


def is_at(route: str, address: str) -> bool:
    """Whether an address is one of a route's."""
    pattern = re.sub(r"\\\$\w*", ".+", re.escape(route))
    return re.fullmatch(pattern, address.partition("?")[0]) is not None


def test_every_address_of_the_router_has_its_page() -> None:
    routes = set(ADDRESS.findall((ROOT / "web/src/router.tsx").read_text())) - ELSEWHERE
    assert len(routes) > 10, "the pattern here, or the router, has changed"
    lacking = {route for route in routes if not any(is_at(route, page.address) for page in PAGES)}
    assert not lacking, "gallery/pages.py lacks a line for each of these"


def test_every_page_is_told_apart() -> None:
    assert len({page.name for page in PAGES}) == len(PAGES)

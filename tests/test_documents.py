"""What the documents say is there: every link leads somewhere, every setting is listed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")
STORY = re.compile(r"\[`(test_\w+)`\]\(([^)#]+)\)")
VARIABLE = re.compile(r"ANDON_[A-Z0-9_]+")
SET_BY_UP = {"ANDON_AUTH_ISSUER"}
"""Secrets that no service reads, but nats-server."""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    missing = [target for target in LINK.findall(page.read_text()) if not (page.parent / target).exists()]
    assert not missing


def test_every_story_a_page_names_is_told() -> None:
    told = [(page, name, target) for page in PAGES for name, target in STORY.findall(page.read_text())]
    assert len(told) > 30, "the pattern here, or the page on what happens to a reading, has changed"
    missing = [name for page, name, target in told if f"def {name}(" not in (page.parent / target).read_text()]
    assert not missing


def test_every_setting_a_page_names_is_one() -> None:
    """All that there are, with their meaning, are on the made page: docs/reference/settings.md."""
    known = set(VARIABLE.findall((ROOT / "docs/reference/settings.md").read_text())) | SET_BY_UP
    page = (ROOT / "docs/how-to/configure.md").read_text()
    named = {name for name in VARIABLE.findall(page) if not name.endswith("_")}
    assert len(named) > 50, "the pattern here, or the page, has changed"
    assert named - known == set()

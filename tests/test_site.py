"""The documentation site: it builds without a missing page, link or anchor, and takes nothing from the internet."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from andon.cli.reference.markdown import anchor

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("deploy/**/*.md")])
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]*)#([^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FROM_ELSEWHERE = re.compile(r"<(?:script|link|img|iframe|source)[^>]+(?:src|href)=\"?(?:https?:)?//")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `./justw docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    given = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    ran = subprocess.run(command, cwd=ROOT, env=given, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder


def test_every_page_is_there(site: Path) -> None:
    for name in (
        "index",
        "tutorials/first-alarm",
        "reference/settings",
        "reference/http/query",
        "project/architecture",
    ):
        assert (site / f"{name}.html").is_file(), name
    assert "first alarm" in (site / "search/search_index.json").read_text()


def test_no_page_loads_anything_from_elsewhere(site: Path) -> None:
    found = {page.name: FROM_ELSEWHERE.findall(page.read_text()) for page in site.glob("**/*.html")}
    assert len(found) > 50
    assert {name: tags for name, tags in found.items() if tags} == {}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_anchor_of_a_link_is_there(page: Path) -> None:
    """Also in the pages that are no part of the site, and as forges show them."""
    missing = []
    for target, wanted in LINK.findall(CODE.sub("", page.read_text())):
        there = page.parent / target if target else page
        if there.suffix == ".md" and there.exists() and wanted not in _anchors(there):
            missing.append(f"{target}#{wanted}")
    assert missing == []


def _anchors(page: Path) -> set[str]:
    return {anchor(_words(heading)) for heading in HEADING.findall(CODE.sub("", page.read_text()))}


def _words(heading: str) -> str:
    """A heading as it reads: without the addresses of its links."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)

"""The house stands as ARCHITECTURE.md draws it: its paths exist, its files are small, its services know their place."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ["libs", "services", "simulator", "cli", "web", "deploy", "tests", "bench", "soak", "gallery", "docs"]
LONGEST_FILE = 400
SERVICES = ("ingest", "registry", "query", "alerting")
SOURCE = {".py", ".ts", ".tsx", ".css"}
IN_BACKTICKS = re.compile(r"`([\w./-]+)`")


def named_paths(page: str) -> list[str]:
    """Paths from the root that a page names."""
    return [p for p in IN_BACKTICKS.findall((ROOT / page).read_text()) if p.split("/")[0] in ROOMS and "/" in p]


def short_names(page: str) -> list[str]:
    """Python files a page calls by their name alone, since the text around says where they are."""
    return [p for p in IN_BACKTICKS.findall((ROOT / page).read_text()) if p.endswith(".py") and "/" not in p]


def tracked(*patterns: str) -> list[Path]:
    """Files under version control, so that neither build output nor somebody's scratch file counts."""
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, check=True, capture_output=True)  # noqa: S607
    return [path for name in listed.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()]


@pytest.mark.parametrize("page", ["ARCHITECTURE.md", "README.md", "CONTRIBUTING.md"])
def test_every_path_a_page_names_exists(page: str) -> None:
    named = named_paths(page)
    assert named, f"{page} names no path at all: the pattern here, or the page, has changed"
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_file_called_by_its_name_alone_exists() -> None:
    there = {path.name for path in tracked("*.py")}
    named = short_names("ARCHITECTURE.md")
    assert len(named) > 10
    assert sorted({name for name in named if name not in there}) == []


def test_no_file_is_long() -> None:
    files = [path for path in tracked() if path.suffix in SOURCE and "generated" not in path.parts]
    assert len(files) > 200
    long = {str(path.relative_to(ROOT)): n for path in files if (n := path.read_text().count("\n")) > LONGEST_FILE}
    assert long == {}


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_has_the_same_front(service: str) -> None:
    package = ROOT / "services" / service / "src" / "andon" / service
    assert {"__main__.py", "app.py", "settings.py"} <= {path.name for path in package.iterdir()}
    assert re.search(r"^def create_app\(", (package / "app.py").read_text(), re.MULTILINE)


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_starts_with_no_other_service_in_sight(service: str) -> None:
    """What one imports to build its app holds nothing of its neighbours', nor of what only tests need."""
    others = [f"andon.{other}" for other in (*SERVICES, "simulator", "cli") if other != service]
    script = (
        f"import sys, andon.{service}.app, andon.{service}.__main__\n"
        f"print([m for m in sys.modules if m.startswith({(*others, 'andon.common.testing')!r})])"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=False, capture_output=True, text=True)
    assert (ran.stdout.strip(), ran.stderr, ran.returncode) == ("[]", "", 0)

"""The committed OpenAPI documents are what the services say of themselves, whoever's machine writes them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

COMMITTED = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi"
SERVICES = ("registry", "ingest", "query", "alerting")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documents as they are now, written far from the repository and with nothing set."""
    folder = tmp_path_factory.mktemp("openapi")
    bare = {name: value for name, value in os.environ.items() if not name.startswith("ANDON_")}
    command = [sys.executable, "-m", "andon.cli", "openapi", str(folder)]
    ran = subprocess.run(command, cwd=folder, env=bare, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return folder


@pytest.mark.parametrize("service", SERVICES)
def test_the_committed_document_is_what_the_service_says(written: Path, service: str) -> None:
    committed, now = (folder / f"{service}.json" for folder in (COMMITTED, written))
    assert committed.exists(), f"docs/reference/openapi/{service}.json is missing. Run: ./justw reference"
    assert committed.read_text() == now.read_text(), (
        f"docs/reference/openapi/{service}.json is not what the service says. Run: ./justw reference"
    )


def test_there_is_a_document_for_each_service_and_no_other(written: Path) -> None:
    named = sorted(f"{service}.json" for service in SERVICES)
    assert [sorted(path.name for path in folder.glob("*.json")) for folder in (COMMITTED, written)] == [named, named]

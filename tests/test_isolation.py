"""Each member runs with what it declares, and nothing else: a container of one service installs no more."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
MEMBERS = {
    "andon-ingest": "andon.ingest.app",
    "andon-registry": "andon.registry.app",
    "andon-query": "andon.query.app",
    "andon-alerting": "andon.alerting.app",
    "andon-simulator": "andon.simulator.app",
    "andon": "andon.cli.__main__, andon.cli.api, andon.cli.up, andon.cli.tail",
}


@pytest.mark.parametrize(("member", "modules"), MEMBERS.items(), ids=list(MEMBERS))
def test_a_member_finds_all_it_imports(member: str, modules: str) -> None:
    alone = ["uv", "run", "--quiet", "--frozen", "--isolated", "--no-dev", "--package", member]
    done = subprocess.run(
        [*alone, "python", "-c", f"import {modules}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr

"""Who has other machines makes dashboards of their types; what is wrong is told in a line."""

import json
import subprocess
import sys
from pathlib import Path

PLANT = """
types:
  wash: {name: Washer, sensors: [{key: bath, name: Bath, unit: Cel, limits: {h: 60}}, {key: state, datatype: string}]}
  much-too-long-a-name-for-a-uid: {sensors: [{key: x}]}
"""


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deploy.grafana", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])


def test_it_makes_dashboards_of_ones_own_types_and_leaves_other_files_alone(tmp_path: Path) -> None:
    plant, out = tmp_path / "plant.yaml", tmp_path / "types"
    plant.write_text(PLANT, encoding="utf-8")
    out.mkdir()
    for name in ("andon-machine-gone.json", "andon-site.json"):
        (out / name).write_text("{}", encoding="utf-8")
    made = run("--plant", plant, "--out", out)
    assert "much-too-long-a-name-for-a-uid: no dashboard of its own" in made.stdout
    assert sorted(path.name for path in out.iterdir()) == [
        "andon-machine-wash.json",
        "andon-sensor-wash.json",
        "andon-site.json",
    ]
    titles = [panel["title"] for panel in json.loads((out / "andon-machine-wash.json").read_text())["panels"]]
    assert titles == ["States", "Bath", "Alarms", "Alarms"]


def test_what_is_no_plant_file_is_told(tmp_path: Path) -> None:
    plant = tmp_path / "plant.yaml"
    plant.write_text("types: [1]", encoding="utf-8")
    told = run("--plant", plant, "--out", tmp_path)
    assert told.returncode == 1
    assert "is no plant file" in told.stderr
    assert "Traceback" not in told.stderr
    assert "Give both" in run("--plant", plant).stderr

"""`python -m deploy.grafana`: write what Grafana needs.

Without options: all files of this folder, with the dashboards of the demo plant's machine types. With `--plant` and
`--out`: the dashboards of your own machine types, for the folder `types` of your Grafana.
"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from andon.common.errors import AndonError
from deploy.grafana import files, machine_types, uids

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "simulator/src/andon/simulator/demo/plant.yaml"
app = typer.Typer(add_completion=False)


@app.command()
def grafana(
    *,
    plant: Annotated[Path | None, typer.Option(help="Your plant file, as the page Plant exports it.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the dashboards of its machine types.")] = None,
) -> None:
    """Write Grafana's files: all of deploy/grafana, or the dashboards of your own machine types."""
    if (plant is None) != (out is None):
        sys.exit("Give both --plant and --out, or neither of them.")
    try:
        types = machine_types.read(plant or DEMO)
    except AndonError as error:
        sys.exit(str(error))
    made = files.of_types(types, ".") if out else files.general() | files.of_types(types)
    folder = out or HERE
    _clear(folder if out else folder / files.TYPES)
    for path, text in made.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    for one in machine_types.without_dashboard(types):
        print(f"{one.slug}: no dashboard of its own, for Grafana takes uids of 40 characters at most")
    print(f"{len(made)} files in {folder}")


def _clear(folder: Path) -> None:
    """Remove dashboards of types that were made before: a type may be gone. All else in the folder stays."""
    for uid in (uids.MACHINE, uids.SENSOR):
        for old in folder.glob(f"{uid}-*.json"):
            old.unlink()


if __name__ == "__main__":
    app(prog_name="python -m deploy.grafana")

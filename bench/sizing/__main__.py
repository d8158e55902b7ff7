"""`python -m bench.sizing [RESULT.json]`: docs/reference/sizing.md, computed from a result of the bench.

With a result it is cleaned and kept as docs/reference/benchmark.json first; without one the page is written of that.
"""

import sys
from pathlib import Path
from typing import Annotated

import orjson
import typer

from bench.sizing.page import page
from bench.sizing.result import UnusableError, cleaned

FOLDER = Path(__file__).resolve().parents[2] / "docs/reference"
KEPT, PAGE = "benchmark.json", "sizing.md"

app = typer.Typer(add_completion=False)


@app.command()
def sizing(
    result: Annotated[
        Path | None, typer.Argument(help="What `./justw bench` wrote [docs/reference/benchmark.json]")
    ] = None,
    folder: Annotated[Path, typer.Option(help="Where to write.")] = FOLDER,
) -> None:
    """Compute how large an installation must be."""
    if result is not None:
        try:
            kept = cleaned(orjson.loads(result.read_bytes()))
        except (OSError, orjson.JSONDecodeError, UnusableError) as error:
            sys.exit(f"{result} cannot be used: {error}. Give the file that `./justw bench` names at its end.")
        (folder / KEPT).write_bytes(orjson.dumps(kept, option=orjson.OPT_INDENT_2) + b"\n")
    (folder / PAGE).write_text(made(folder))
    print(f"  ✓ {folder / PAGE}")


def made(folder: Path = FOLDER) -> str:
    """The page, of the result that is kept, if there is one."""
    kept = folder / KEPT
    return page(orjson.loads(kept.read_bytes()) if kept.exists() else None)


if __name__ == "__main__":
    app(prog_name="python -m bench.sizing")

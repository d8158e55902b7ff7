"""The `andon` command."""

import asyncio
import signal
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated

import typer

from andon.cli.settings import UpSettings, load_running, use_unpacked_programs
from andon.common.errors import AndonError, SetupError
from andon.common.settings import load

app = typer.Typer(
    help="Andon: an open factory IoT platform. Start with [bold]andon up[/].",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
plant_app = typer.Typer(help="Load the plant from a file.", no_args_is_help=True)
app.add_typer(plant_app, name="plant")
deadletters_app = typer.Typer(invoke_without_command=True)
app.add_typer(deadletters_app, name="deadletters")

Under = Annotated[str, typer.Option(help="Part of the plant, like 'berlin/painting'; '' is all of it.")]


@app.command()
def up(*, demo: Annotated[bool, typer.Option(help="With a live demo factory.")] = True) -> None:
    """Start everything on this machine; Ctrl-C stops it."""
    from andon.cli.up import up as run  # noqa: PLC0415 - each command imports only what it needs

    run(load(UpSettings), with_demo=demo)


@app.command()
def down() -> None:
    """Stop the Andon that was started with 'up'."""
    from andon.cli.down import down as run  # noqa: PLC0415

    run(load(UpSettings))


@app.command()
def status(
    url: Annotated[str, typer.Option(help="The Andon to ask, like 'https://andon.example.com'; or ANDON_URL.")] = "",
) -> None:
    """Is everything ready? Versions, lags, streams. Exit status 1 when something is not."""
    from andon.cli.status import status as run  # noqa: PLC0415

    settings = load_running()
    if not asyncio.run(run(settings.model_copy(update={"url": url}) if url else settings)):
        raise typer.Exit(1)


@app.command()
def doctor() -> None:
    """What is wrong on this machine, and what to do about it."""
    from andon.cli.doctor import doctor as run  # noqa: PLC0415

    if not run(load_running()):
        raise typer.Exit(1)


@app.command()
def tail(
    under: Under = "",
    max_hz: Annotated[float, typer.Option(help="At most this many values a second for each sensor.")] = 2.0,
) -> None:
    """Show live values as they arrive; Ctrl-C ends."""
    from andon.cli.tail import tail as run  # noqa: PLC0415

    asyncio.run(run(load_running(), under, max_hz))


@app.command()
def trace(
    sensor: Annotated[str, typer.Argument(help="Path of the sensor, or <machine id>/<key>.")],
    ts: Annotated[str, typer.Argument(help="Time of the value: epoch milliseconds, or ISO 8601.")],
) -> None:
    """Show the message that a stored value came by, and when it was where."""
    from andon.cli.trace import trace as run  # noqa: PLC0415

    asyncio.run(run(load_running(), sensor, ts))


@app.command()
def export(
    *,
    sensor: Annotated[list[str] | None, typer.Argument(help="Sensors by path or <machine id>/<key>.")] = None,
    under: Annotated[str, typer.Option(help="All sensors of a machine or a part of the plant.")] = "",
    from_: Annotated[str, typer.Option("--from", help="ISO 8601, epoch ms, or like '-7d', '-2w', '-1y'.")] = "-1h",
    to: Annotated[str, typer.Option(help="Where it ends; not included.")] = "now",
    format_: Annotated[
        str, typer.Option("--format", help="csv, xlsx, parquet, arrow, json or ndjson; else as --output ends, or csv.")
    ] = "",
    layout: Annotated[
        str, typer.Option(help="'wide': a column a sensor; 'long': a row a value, with quality.")
    ] = "wide",
    agg: Annotated[str, typer.Option(help="Of each bucket: mean, max, twa, last ...; several with commas.")] = "",
    bucket: Annotated[str, typer.Option(help="Like '1m', '8h', 'shift', 'day', 'week' or 'month'.")] = "",
    tz: Annotated[str, typer.Option(help="Time zone of the times and of days, like 'Europe/Berlin'.")] = "UTC",
    shifts: Annotated[str, typer.Option(help="When shifts begin, like '06:00,14:00,22:00'.")] = "",
    output: Annotated[str, typer.Option("--output", "-o", help="A file or folder; '-' is standard output.")] = "",
) -> None:
    """Write history to a file: every value, or one for each bucket."""
    from andon.cli.export import export as run  # noqa: PLC0415

    wanted: dict[str, object] = {"sensor": sensor or [], "from": from_, "to": to, "layout": layout}
    wanted |= {"tz": tz, **_given(under=under, agg=agg, bucket=bucket, shifts=shifts, format=format_)}
    asyncio.run(run(load_running(), wanted, output))


PlantFile = Annotated[Path, typer.Argument(help="A plant file, YAML or JSON; '-' reads standard input.")]


@plant_app.command("plan")
def plant_plan(file: PlantFile) -> None:
    """Say what 'apply' would do, and what it would refuse."""
    from andon.cli.plant import apply  # noqa: PLC0415

    asyncio.run(apply(load_running(), file, plan=True, yes=False))


@plant_app.command("apply")
def plant_apply(
    *,
    file: PlantFile,
    yes: Annotated[bool, typer.Option("--yes", help="Take sensors away where the file does.")] = False,
) -> None:
    """Load a plant file: machine types, the tree, channels and rules. Again and again, with the same result."""
    from andon.cli.plant import apply  # noqa: PLC0415

    asyncio.run(apply(load_running(), file, plan=False, yes=yes))


Reason = Annotated[str, typer.Option(help="Why they were refused, like 'unknown-asset'; '' is whatever reason.")]
Text = Annotated[str, typer.Option(help="Text in the topic, the device, the reason or the bytes.")]


@deadletters_app.callback()
def deadletters(
    context: typer.Context,
    under: Under = "",
    reason: Reason = "",
    text: Text = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most this many, the newest ones.")] = 20,
) -> None:
    """Show what came in and could not be used, and why; 'replay' uses it once the cause is mended."""
    from andon.cli.deadletters import show  # noqa: PLC0415

    wanted = _given(under=under, reason=reason, q=text)
    if context.invoked_subcommand is None:
        asyncio.run(show(load_running(), wanted, limit))
    elif wanted:  # it would be taken for one that narrows the command, and does not
        raise SetupError("Nothing is done.", f"Write the filter behind '{context.invoked_subcommand}'.")


@deadletters_app.command("replay")
def deadletters_replay(
    *,
    under: Under = "",
    reason: Reason = "",
    text: Text = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it; without, say how many can be used now.")] = False,
) -> None:
    """Make readings of the dead letters whose cause is mended, oldest first, each at its own time."""
    from andon.cli.deadletters import replay as run  # noqa: PLC0415

    asyncio.run(run(load_running(), _given(under=under, reason=reason, q=text), yes=yes))


@app.command("import")
def import_file(
    *,
    file: Annotated[Path, typer.Argument(help="A CSV, XLSX or Parquet file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what stands in it.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Import what can be used without asking.")] = False,
    asset: Annotated[str, typer.Option(help="Machine whose sensors' keys the columns' names are.")] = "",
    tz: Annotated[str, typer.Option(help="Zone of times without an offset, like Europe/Berlin.")] = "",
    time_format: Annotated[str, typer.Option(help="How times are written, like '%d.%m.%Y %H:%M:%S'.")] = "",
    layout: Annotated[str, typer.Option(help="wide or long, where the header does not tell.")] = "",
    separator: Annotated[str, typer.Option(help="Of CSV's columns: , ; | or tab.")] = "",
    decimal: Annotated[str, typer.Option(help="Decimal mark of CSV's numbers: . or ,")] = "",
    encoding: Annotated[str, typer.Option(help="Of CSV: utf-8, utf-16, windows-1252 or latin-1.")] = "",
    sheet: Annotated[str, typer.Option(help="Of a workbook; without, its first.")] = "",
    refused: Annotated[Path | None, typer.Option(help="Where to write what cannot be used, as CSV.")] = None,
) -> None:
    """Import history from a file: look at it first, then import it. Again and again, with the same result."""
    from andon.cli.imports import run  # noqa: PLC0415

    how = _given(asset=asset, tz=tz, time_format=time_format, layout=layout, separator=separator, decimal=decimal)
    how |= _given(encoding=encoding, sheet=sheet)
    asyncio.run(run(load_running(), file, how, dry_run=dry_run, yes=yes, refused=refused))


def _given(**wanted: str) -> dict[str, str]:
    return {name: value for name, value in wanted.items() if value}


@app.command(hidden=True)
def api() -> None:
    """Serve registry, query, alerting and the web pages on one port ('up' runs this)."""
    from andon.cli.api import run  # noqa: PLC0415

    run(load(UpSettings))


@app.command()
def web() -> None:
    """Serve the web pages and the health of the whole, where the services run apart, behind a proxy."""
    from andon.cli.web import run  # noqa: PLC0415

    run()


@app.command()
def demo() -> None:
    """Load the demo factory into an Andon that runs elsewhere (ANDON_URL), and run its simulator."""
    from andon.cli.demo import elsewhere as run  # noqa: PLC0415

    run(load(UpSettings))


@app.command()
def secrets(
    *,
    out: Annotated[str, typer.Option(help="A file of NAME=value lines, or a folder (DIR/) with a file for each.")] = "",
    group: Annotated[bool, typer.Option("--group", help="Let the owner's group read them, too.")] = False,
    kubernetes: Annotated[str, typer.Option(help="Name of a Secret; asked from inside a pod.")] = "",
    namespace: Annotated[str, typer.Option(help="Of the Secret; without, the pod's own.")] = "",
) -> None:
    """Make the secrets that an installation lacks; what is there is never changed. Again and again."""
    if bool(out) == bool(kubernetes):
        raise SetupError("Nothing is done.", "Say where to: --out FILE, --out DIR/, or --kubernetes NAME.")
    if kubernetes:
        from andon.cli.kubernetes import to_secret  # noqa: PLC0415

        to_secret(kubernetes, namespace)
    else:
        from andon.cli.secrets import to_files  # noqa: PLC0415

        to_files(out, for_group=group)


@app.command()
def backup(
    *,
    place: Annotated[Path, typer.Argument(help="A file; or a folder, in which it gets a name by its time.")],
    keep: Annotated[int, typer.Option(min=0, help="How many of the folder stay, the newest; 0: all.")] = 0,
) -> None:
    """Write everything Andon keeps to one file, while it goes on working."""
    from andon.cli.backup.backup import backup as run  # noqa: PLC0415

    _to_its_end(run(load_running(), place, keep=keep))


@app.command()
def restore(
    *,
    file: Annotated[Path, typer.Argument(help="What 'backup' has written.")],
    replace: Annotated[bool, typer.Option("--replace", help="Also where something is already.")] = False,
) -> None:
    """Fill an Andon that does not run with what a backup holds."""
    from andon.cli.backup.restore import restore as run  # noqa: PLC0415

    _to_its_end(run(load_running(), file, replace=replace))


def _to_its_end(work: Coroutine[None, None, None]) -> None:
    """Run it. SIGTERM, by which containers are stopped, ends it as Ctrl-C does: what it began is taken back."""

    async def run() -> None:
        task = asyncio.ensure_future(work)
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await task

    try:
        asyncio.run(run())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


@app.command()
def openapi(folder: Annotated[Path, typer.Argument(help="Where to write <service>.json.")]) -> None:
    """Write each service's OpenAPI description."""
    from andon.cli.openapi import write  # noqa: PLC0415

    write(folder)


@app.command()
def asyncapi(
    folder: Annotated[Path, typer.Argument(help="Where to write <protocol>.json.")],
) -> None:
    """Write what travels over MQTT, NATS and WebSocket, as AsyncAPI."""
    from andon.cli.asyncapi.write import write  # noqa: PLC0415

    write(folder)


@app.command()
def reference(folder: Annotated[Path, typer.Argument(help="Where openapi/ and asyncapi/ are.")]) -> None:
    """Write the reference pages: of these documents, of all settings and of all commands."""
    from andon.cli.reference.write import write  # noqa: PLC0415

    write(folder)


def main() -> None:
    """Run a command; what goes wrong is a sentence with the next step, and exit status 1."""
    from andon.cli.progress import hint, say, stderr  # noqa: PLC0415

    use_unpacked_programs()
    try:
        app()
    except AndonError as error:
        say("✗", str(error), on=stderr)
        if isinstance(error, SetupError) and error.hint:
            hint(error.hint, on=stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()

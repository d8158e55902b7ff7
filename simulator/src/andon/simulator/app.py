"""The command line: `andon-simulator run | fault | replay | load | plant`."""

import asyncio
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from andon.common import logs
from andon.common.errors import AndonError, InvalidError
from andon.common.reading import NS_PER_S
from andon.common.times import parse_duration
from andon.simulator.crew import new_stop, run_load
from andon.simulator.faults import FaultKind
from andon.simulator.live import live, runs, until_stopped
from andon.simulator.load import LoadPlan
from andon.simulator.load_plant import load_plant
from andon.simulator.orders import find_target, give_order, make_fault, orders_file
from andon.simulator.plant_file import demo_plant_text, read_plant
from andon.simulator.publish import Publisher
from andon.simulator.replay import read_recording
from andon.simulator.replay import replay as play
from andon.simulator.settings import find_broker, home

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A believable factory on real MQTT.")

PlantOption = Annotated[Path | None, typer.Option("--plant", help="Plant file; without it, the demo plant.")]
BrokerOption = Annotated[str | None, typer.Option("--broker", help="mqtt://host:port [ANDON_SIMULATOR_BROKER]")]
UserOption = Annotated[str | None, typer.Option("--username", help="Device's name [ANDON_SIMULATOR_USERNAME]")]
PasswordOption = Annotated[
    Path | None, typer.Option("--password-file", help="File with its password [ANDON_SIMULATOR_PASSWORD_FILE]")
]


@app.command()
def run(
    *,
    plant: PlantOption = None,
    broker: BrokerOption = None,
    username: UserOption = None,
    password_file: PasswordOption = None,
    seed: Annotated[int, typer.Option(help="Another seed, another factory.")] = 1,
    rate: Annotated[float, typer.Option(min=0.01, max=100, help="Reports per machine and second.")] = 1.0,
    backfill: Annotated[
        str, typer.Option(help="History to send first, like 2h; what was sent before is left out.")
    ] = "0",
) -> None:
    """Run the factory until Ctrl-C."""
    with sentences():
        past = parse_duration(backfill) / NS_PER_S
        found = find_broker(broker, username, password_file)
        asyncio.run(live(found, read_plant(plant), seed=seed, rate=rate, backfill=past, home=home()))


@app.command()
def fault(
    target: Annotated[str, typer.Argument(help="<machine path>/<sensor>, or a machine path")],
    kind: FaultKind,
    duration: Annotated[str, typer.Option("--for", help="How long, like 60s.")] = "60s",
    to: Annotated[float | None, typer.Option(help="Value to reach; seconds of a clock skew.")] = None,
    plant: PlantOption = None,
) -> None:
    """Let something go wrong in the running factory."""
    with sentences():
        machine, sensor = find_target(read_plant(plant), target)
        wanted = make_fault(machine, sensor, kind, parse_duration(duration) / NS_PER_S, to)
        if not runs(home()):
            raise InvalidError(f"no simulator runs on {home()}; ./justw up starts one, ANDON_HOME names another folder")
        give_order(orders_file(home()), wanted)
        typer.echo(f"{kind.value} of {target} for {duration}, carried out by the simulator that runs on {home()}.")


@app.command()
def replay(
    *,
    file: Annotated[Path, typer.Argument(help="CSV: time, then one column per sensor path; or time,sensor,value")],
    broker: BrokerOption = None,
    username: UserOption = None,
    password_file: PasswordOption = None,
    speed: Annotated[float, typer.Option(min=0.01, help="2 plays twice as fast.")] = 1.0,
    now: Annotated[bool, typer.Option("--now", help="As if it happened now.")] = False,
) -> None:
    """Play a recording again."""
    with sentences():
        found = find_broker(broker, username, password_file)

        async def play_it() -> None:
            publisher = Publisher(found)

            async def story() -> None:
                count = await play(read_recording(file), publisher, speed=speed, now=now)
                typer.echo(f"{count} reports replayed.")

            await until_stopped(publisher, story)

        asyncio.run(play_it())


@app.command()
def load(
    *,
    broker: BrokerOption = None,
    username: UserOption = None,
    password_file: PasswordOption = None,
    machines: Annotated[int, typer.Option(help="Machines that speak.")] = 1000,
    values: Annotated[int, typer.Option(help="Values per message.")] = 1,
    rate: Annotated[float, typer.Option(help="Messages per second; 0 is as fast as the broker takes them.")] = 1000,
    qos: Annotated[int, typer.Option(help="0 or 1.")] = 1,
    duration: Annotated[str, typer.Option("--for", help="How long, like 30s.")] = "30s",
    processes: Annotated[int, typer.Option(help="Publishing processes.")] = 1,
    journal: Annotated[Path | None, typer.Option(help="File for what was acknowledged: machine, ts, seq.")] = None,
) -> None:
    """Load the broker. The machines must be in the plant: `plant --machines N --values M`."""
    with sentences():
        found = find_broker(broker, username, password_file)
        seconds = parse_duration(duration) / NS_PER_S
        plan = LoadPlan(
            found, machines=machines, values=values, rate=rate, qos=qos, seconds=seconds, processes=processes
        )
        stop = new_stop()
        signal.signal(signal.SIGINT, lambda *_: stop.set())
        report = run_load(plan, stop)
        if journal is not None:
            report.journal.write(journal)
        speed = report.sent / report.seconds if report.seconds else 0.0
        typer.echo(f"{report.sent} sent, {report.acknowledged} acknowledged, {speed:,.0f} messages per second")


@app.command()
def plant(
    machines: Annotated[int, typer.Option(help="Instead: the plant of `load`, with so many machines.")] = 0,
    values: Annotated[int, typer.Option(help="Sensors of each of them.")] = 1,
) -> None:
    """Print the demo plant's file."""
    typer.echo(load_plant(machines, values) if machines else demo_plant_text(), nl=False)


def main() -> None:
    """Entry of the `andon-simulator` command."""
    logs.setup("simulator")
    app(prog_name="andon-simulator")


@contextmanager
def sentences() -> Iterator[None]:
    """An error of ours ends the command with status 2 and its sentence, not with a traceback."""
    try:
        yield
    except AndonError as error:
        typer.echo(f"simulator: {error} {getattr(error, 'hint', '')}".strip(), err=True)
        sys.exit(2)

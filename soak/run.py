"""Run: one Andon under load, one fault after the other, each with its verdict, until the time is over."""

from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from rich.console import Console

from soak.faults import Fault
from soak.plan import order
from soak.report import Report, line
from soak.scene import Outcome, Scene

PAUSE = 0.02
"""Seconds between two samples of one press; each is on disk in the journal before it counts as acknowledged."""


async def run(faults: list[Fault], report: Report, console: Console, *, minutes: float) -> None:
    """Break it until the time is over, and each fault has struck once at least."""
    end = monotonic() + minutes * 60
    with TemporaryDirectory(prefix="andon-soak-") as folder:
        async with Scene(Path(folder), durable=True, pause=PAUSE) as scene:
            scene.patience = 120.0
            for number, struck in enumerate(order(faults, report.seed)):
                if number >= len(faults) and monotonic() > end:
                    break
                await _one(scene, struck, report, console)
            report.memory = dict(scene.watch.memory)
            report.acknowledged = scene.journal.acknowledged
            if report.complaints:
                report.story = scene.story()


async def _one(scene: Scene, struck: tuple[Fault, ...], report: Report, console: Console) -> None:
    name = " + ".join(fault.name for fault in struck)
    with console.status(f"{name} ..."):
        try:
            outcome = await scene.suffer(*struck)
        except (AssertionError, TimeoutError) as error:  # it did not come back at all: that is a finding, not the end
            scene.give_up()
            outcome = Outcome.fallen(name, f"{type(error).__name__}: {error}"[:500])
    report.outcomes.append(outcome)
    console.print(line(outcome))
    for complaint in outcome.complaints:
        console.print(f"        [red]{complaint}[/]", highlight=False)

"""The demo plant: how much memory it takes, and how long the second start takes."""

import time

from andon.common.testing.factory import Factory
from andon.common.testing.waiting import eventually
from bench.processes import NAMES, SERVERS, parent, resident
from bench.row import Row, Target
from bench.stage import Stage

_RUNNING = "Andon is running"
_PATIENCE = 240.0


async def run(stage: Stage) -> list[Row]:
    """Start, stop, start again."""
    factory = Factory(stage.folder / "demo", demo=True)
    await _start(factory, 1)
    await factory.stop()
    began = time.monotonic()
    await _start(factory, 2)
    took = time.monotonic() - began
    sizes = {shown: resident(factory.pid(name)) for name, shown in {**NAMES, "simulator": "simulator"}.items()}
    sizes["up"] = resident(parent(factory.pid("api")))
    await factory.__aexit__(None, None, None)
    own = sum(size for name, size in sizes.items() if name not in SERVERS)
    memory = Row("start", "memory, demo plant", own, "MB", Target(500, at_most=True))
    memory.details = dict(sizes)
    second = Row("start", "second start", took, "s", Target(10, at_most=True))
    return [second, memory]


async def _start(factory: Factory, times: int) -> None:
    await factory.start()
    await eventually(
        lambda: factory.output.read_text().count(_RUNNING) == times, timeout=_PATIENCE, what="the demo factory runs"
    )

"""Demo: a whole Andon with its demo factory, in which something has gone wrong and people have done something about it.

Stories that look at every page, screenshots and bench see the same: alarms of every severity, one acknowledged, one
shelved; a machine that is silent, a sensor that sticks; a rota, people, a device, dead letters, mail that went out.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import time
from typing import Any

import yaml

from andon.common.testing.factory import Factory
from andon.common.testing.ports import free_port
from andon.common.testing.sinks import Mailbox
from andon.common.testing.waiting import eventually
from andon.simulator.faults import Fault, FaultKind
from andon.simulator.orders import give_order, orders_file

ALERTING, REGISTRY, INGEST = "/api/alerting/v1", "/api/registry/v1", "/api/ingest/v1"
LINE = "berlin/pressing/line-1"
PRESS = f"{LINE}/press-1"
OIL = f"{PRESS}/oil_temperature"
OVER_LIMIT = {
    OIL: 71.8,
    "berlin/utilities/energy/compressor-1/pressure": 5.9,
    "berlin/painting/line-1/robot-2/gearbox_temperature": 78.4,
    "berlin/painting/line-1/robot-3/air_pressure": 4.6,
    "munich/machining/line-1/cnc-mill-3/coolant_level": 17.5,
}
"""Sensors with a rule, and what each drifts to."""
ACKNOWLEDGED = "berlin/painting/line-1/robot-2/gearbox_temperature"
SHELVED = "munich/machining/line-1/cnc-mill-3/coolant_level"
SAVED = {
    "Press shop, last shift": f"/plant/{OIL}?range=8h",
    "Unacknowledged in Berlin": "/alarms?state=unacknowledged&under=berlin",
}
"""Views that people keep: name -> address."""
SILENT = "munich/machining/line-2/cnc-mill-5"
STUCK = "munich/utilities/energy/pump-1/flow"

_LASTS = 6 * 3600.0
_RISE = 0.4  # of a drift's time, in which it rises


@asynccontextmanager
async def demo(folder: Path, *, rise: float = 0.0) -> AsyncIterator[Factory]:
    """The demo, alive. `rise`: seconds in which values drift over their limits; 0 for a jump, which is quicker."""
    mailbox = Mailbox(free_port())
    mailbox.start()
    try:
        settings = {"ANDON_ALERTING_SMTP_URL": f"smtp://127.0.0.1:{mailbox.port}"}
        async with Factory(folder, demo=True, environment=settings) as factory:
            await _runs(factory)
            await _arrange(factory)
            _go_wrong(factory, rise)
            await _act(factory, await _alarms(factory, rise))
            yield factory
    finally:
        mailbox.stop()


async def _runs(factory: Factory) -> None:
    """Wait until the simulator has sent its history and speaks for now: then it takes orders."""
    mark = factory.folder / "simulator-until"
    await eventually(mark.exists, timeout=180, what="the demo factory runs")


async def _arrange(factory: Factory) -> None:
    arranged = yaml.safe_load((Path(__file__).parent / "arranged.yaml").read_text())
    await factory.call("POST", f"{ALERTING}/apply", json=arranged)
    for name, role, scope in (("ada", "engineer", ""), ("ben", "operator", "berlin"), ("board", "viewer", "berlin")):
        person = {"username": name, "password": f"the-long-password-of-{name}", "role": role, "scope": scope}
        await factory.call("POST", f"{REGISTRY}/people", json=person)
    for name, address in SAVED.items():
        await factory.call("POST", f"{REGISTRY}/views", json={"name": name, "address": address, "shared": True})
    gateway = await factory.add_device("press shop gateway", "berlin/pressing")
    await factory.add_device("paint shop gateway", "berlin/painting")
    async with factory.device(gateway) as client:
        for topic, said in (("line-1/press-9", '{"values": {"oil_temperature": 48.2}}'), ("line-1/press-1", "48,2 °C")):
            await client.publish(f"factory/berlin/pressing/{topic}", said, qos=1)


def _go_wrong(factory: Factory, rise: float) -> None:
    """Each value rises in its time, and then stays where it is: a drift, and what follows upon it."""
    now, orders = time(), orders_file(factory.folder)
    for sensor, to in OVER_LIMIT.items():
        machine, _, key = sensor.rpartition("/")
        if rise:
            give_order(orders, Fault(machine, key, FaultKind.DRIFT, now, rise / _RISE, to))
        give_order(orders, Fault(machine, key, FaultKind.SPIKE, now + rise, _LASTS, to))
    give_order(orders, Fault(SILENT, "", FaultKind.DROP_OUT, now, _LASTS))
    machine, _, key = STUCK.rpartition("/")
    give_order(orders, Fault(machine, key, FaultKind.STUCK, now, _LASTS))


async def _alarms(factory: Factory, rise: float) -> dict[str, str]:
    """Wait for all alarms; sensor -> id."""

    async def raised() -> dict[str, str] | None:
        items = (await factory.call("GET", f"{ALERTING}/alarms"))["items"]
        found = {item["sensor"]: item["id"] for item in items}
        return found if found.keys() >= OVER_LIMIT.keys() else None

    alarms: dict[str, str] = await eventually(raised, timeout=rise + 60, what="alarms of all that went wrong")
    return alarms


async def _act(factory: Factory, alarms: dict[str, str]) -> None:
    async def do(sensor: str, deed: str, body: dict[str, Any]) -> None:
        await factory.call("POST", f"{ALERTING}/alarms/{alarms[sensor]}/{deed}", json=body)

    await do(ACKNOWLEDGED, "ack", {"comment": "Grease ordered, runs at half speed"})
    await do(ACKNOWLEDGED, "assign", {"to": "ada"})
    await do(SHELVED, "shelve", {"for": "4h", "reason": "Refill is planned for the change of shift"})

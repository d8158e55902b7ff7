"""The demo factory: its plant and rules are loaded, its device gets a credential, the simulator runs as that device."""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from andon.cli.client import Client
from andon.cli.home import Home
from andon.cli.progress import Progress, say
from andon.cli.settings import UpSettings
from andon.cli.supervisor import Supervisor
from andon.common import secrets
from andon.common.errors import SetupError
from andon.common.servers.process import ServerProcess

DEVICE = "simulator"
DEVICES = "/api/registry/v1/devices"
QUOTA = 50_000
"""Messages per second it may send: it speaks for all machines, and its history comes at once."""
HISTORY = "2h"
"""What the simulator sends of the past at its first start; later it goes on where it stopped."""

NOT_THE_SIMULATORS = ("ANDON_ADMIN_PASSWORD", "ANDON_TOKEN")
"""Of the environment: it needs no more than its device's password."""
RUN = ("-m", "andon.simulator", "run", "--backfill", HISTORY)

FLOW_SECONDS = 60.0


async def start(
    client: Client, supervisor: Supervisor, home: Home, environment: Mapping[str, str], progress: Progress
) -> None:
    """Load the demo plant and keep the simulator running; returns when its readings arrive.

    Raises:
        SetupError: a part of it was refused, or nothing arrived in time.
    """
    with progress.step("demo plant and rules"):
        await load_once(client, home.demo_loaded)
        username = await credential(client, home.simulator_password)
    process = simulator(home, environment, username)
    with progress.step("readings arrive"):
        await supervisor.start(process)
        await _flow(client, process)


def elsewhere(settings: UpSettings) -> None:
    """Load the demo plant into an Andon that runs elsewhere, and become the simulator (ANDON_SIMULATOR_BROKER).

    Raises:
        SetupError: Andon does not answer, or refuses a part of it.
    """
    home = Home(settings.home.resolve())
    home.open()
    username = asyncio.run(_prepare(settings, home))
    command = [sys.executable, *RUN]
    handed_on = {name: value for name, value in os.environ.items() if name not in NOT_THE_SIMULATORS}
    own = {"ANDON_SIMULATOR_USERNAME": username, "ANDON_SIMULATOR_PASSWORD_FILE": str(home.simulator_password)}
    os.execve(command[0], command, {**handed_on, **own})  # noqa: S606 - signals and exit status are the simulator's


async def _prepare(settings: UpSettings, home: Home) -> str:
    """Load what the demo needs; the name of its device."""
    async with Client(settings) as client:
        await load_once(client, home.demo_loaded)
        username = await credential(client, home.simulator_password)
    say("✓", f"demo plant and rules are at {settings.api_url}; the simulator runs as {username}")
    return username


async def load_once(client: Client, mark: Path) -> None:
    """Load plant, channels and rules of the demo, at the first start alone: from then on they are the user's."""
    if mark.exists():
        return
    from andon.simulator.plant_file import demo_plant_text  # noqa: PLC0415 - only the demo needs it

    text = demo_plant_text()
    await client.apply_plant(text.encode(), "application/yaml")
    await client.apply_rules(yaml.safe_load(text))
    mark.touch()


async def credential(client: Client, file: Path) -> str:
    """User name of the demo device, whose password is in `file`; made anew when the device or the file is gone."""
    found = await _find(client)
    if found and file.exists():
        return str(found["username"])
    if found:
        made = await client.call("POST", f"{DEVICES}/{found['id']}/rotate")
    else:
        made = await client.call("POST", DEVICES, json={"name": DEVICE, "scope": "", "quota": QUOTA})
    secrets.replace(file, str(made["password"]))
    return str(made["username"])


async def _find(client: Client) -> dict[str, Any] | None:
    """The demo device, unless it is revoked or was never made."""
    cursor = ""
    while True:
        page = await client.call("GET", DEVICES, params={"cursor": cursor})
        for device in page["items"]:
            if device["name"] == DEVICE and device["revoked"] is None:
                return dict(device)
        cursor = page["next_cursor"]
        if not cursor:
            return None


def simulator(home: Home, environment: Mapping[str, str], username: str) -> ServerProcess:
    """The simulator's process; it counts as ready as soon as it runs, its readings prove the rest."""
    return ServerProcess(
        name="simulator",
        command=[sys.executable, *RUN],
        log=home.logs / "simulator.log",
        ready=lambda: True,
        environment={
            **environment,
            "ANDON_SIMULATOR_BROKER": environment["ANDON_INGEST_MQTT_URL"],
            "ANDON_SIMULATOR_USERNAME": username,
            "ANDON_SIMULATOR_PASSWORD_FILE": str(home.simulator_password),
        },
    )


async def _flow(client: Client, process: ServerProcess) -> None:
    deadline = asyncio.get_running_loop().time() + FLOW_SECONDS
    while not (await client.call("GET", "/api/query/v1/latest"))["items"]:
        if asyncio.get_running_loop().time() > deadline:
            raise SetupError(f"No reading arrived within {FLOW_SECONDS:.0f} s.", process.log_end())
        await asyncio.sleep(0.2)

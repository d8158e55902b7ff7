"""`andon up`: one machine, one command. Read this first.

home and lock -> ports and disk -> nats-server, InfluxDB -> ingest, derive, api -> ready -> demo -> watch until Ctrl-C
"""

import asyncio
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from andon.alerting.settings import AlertingSettings
from andon.cli import children, demo, lock, ports, welcome
from andon.cli.client import Client
from andon.cli.command import andon
from andon.cli.home import Home, Room
from andon.cli.progress import Progress, console, hint, say
from andon.cli.settings import UpSettings
from andon.cli.supervisor import Supervisor
from andon.common import jobs
from andon.common.errors import SetupError
from andon.common.secrets import load_or_create
from andon.common.servers.process import ServerProcess
from andon.common.settings import load

READY_SECONDS = 60.0
TRIM_SECONDS = 60.0


@dataclass(frozen=True)
class Plan:
    """What this start is to do: where, with which secrets, and for the first time or not."""

    settings: UpSettings
    home: Home
    room: Room
    secrets: dict[str, str]
    first: bool
    with_demo: bool

    @property
    def environment(self) -> dict[str, str]:
        """What Andon's own processes read."""
        return children.environment(self.settings, self.home, self.secrets, self.room)


def up(settings: UpSettings, *, with_demo: bool) -> None:
    """Run Andon until Ctrl-C or SIGTERM.

    Raises:
        SetupError: it cannot start; nothing is left running.
    """
    home = Home(settings.home.resolve())
    home.open()
    with lock.held(home.lock, settings.ports):
        asyncio.run(_run(prepare(settings, home, with_demo=with_demo)))


def prepare(settings: UpSettings, home: Home, *, with_demo: bool) -> Plan:
    """Look before anything is started.

    Raises:
        SetupError: a setting is wrong, a port is taken, or the disk is too full.
    """
    warn_of_links(load(AlertingSettings), settings.port)
    ports.require_free(ports.wanted(settings))
    room = home.room()
    home.trim_logs()
    first = not home.admin_password.exists()
    return Plan(settings, home, room, load_or_create(home.secrets), first, with_demo)


def warn_of_links(alerting: AlertingSettings, port: int) -> None:
    """Say that mails will link to an address that is good on this machine alone, if they will."""
    if alerting.smtp_url.get_secret_value() and "public_url" not in alerting.model_fields_set:
        say("!", f"Mails about alarms will link to http://127.0.0.1:{port}, which others cannot open.")
        hint(f"Set ANDON_ALERTING_PUBLIC_URL, like http://{socket.gethostname()}:{port}")


async def _run(plan: Plan) -> None:
    supervisor = Supervisor(say)
    stop = _stop_on_signals(supervisor.kill)
    work = asyncio.create_task(_work(plan, supervisor))
    asked = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        await jobs.end(work, asked)
        await _stop(supervisor)


async def _work(plan: Plan, supervisor: Supervisor) -> None:
    progress = Progress()
    with progress.shown():
        await _start(plan, supervisor, progress)
    await _all(supervisor.watch(), _trim(plan.home), _welcome(plan, supervisor))


async def _welcome(plan: Plan, supervisor: Supervisor) -> None:
    """Wait until all is ready and the demo factory runs; then tell where to go."""
    progress = Progress()
    with progress.shown():
        sick = await _ready(plan.settings, progress)
        moving = plan.with_demo and await _demo(plan, supervisor, progress)
    if sick:
        say("!", "Not everything is ready yet: " + "; ".join(sick))
        hint(f"It heals by itself when its neighbours are there. '{andon('status')}' shows it; logs: {plan.home.logs}")
    console.print(welcome.panel(plan.settings, plan.home, first=plan.first, moving=moving))


async def _start(plan: Plan, supervisor: Supervisor, progress: Progress) -> None:
    """Start the servers, then Andon's own processes; each group at once, for each would wait for the others anyway."""
    settings, home = plan.settings, plan.home
    servers = []
    if not settings.nats_url:
        servers.append(children.nats(settings, home, plan.secrets, plan.room))
    if not settings.influx_url:
        servers.append(children.influxdb(settings, home))
    own = [one(settings, home, plan.environment) for one in (children.ingest, children.derive, children.api)]

    async def one(process: ServerProcess) -> None:
        with progress.step(process.name):
            await supervisor.start(process)

    for group in (servers, own):
        await _all(*(one(process) for process in group))


async def _all(*steps: object) -> None:
    """Run steps at once; the first that fails ends the others, and its error is raised as it is."""
    tasks = [asyncio.ensure_future(step) for step in steps]  # type: ignore[call-overload]
    try:
        await asyncio.gather(*tasks)
    finally:
        await jobs.end(*tasks)


async def _ready(settings: UpSettings, progress: Progress) -> list[str]:
    """Wait until nobody is sick, at most READY_SECONDS; who is sick then."""
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    async with httpx.AsyncClient(timeout=5, trust_env=False) as http:
        with progress.step("everything is ready"):
            while sick := await find_sick(http, settings):
                if asyncio.get_running_loop().time() > deadline:
                    break
                await asyncio.sleep(0.1)
    return sick


async def find_sick(http: httpx.AsyncClient, settings: UpSettings) -> list[str]:
    """What /readyz of each process finds wrong."""
    found = list[str]()
    places = (("ingest", settings.ingest_port), ("derive", settings.derive_port), ("api", settings.port))
    for name, port in places:
        try:
            answer = (await http.get(f"http://127.0.0.1:{port}/readyz")).json()
            found += [f"{neighbour}: {wrong}" for neighbour, wrong in answer["sick"].items()]
        except (httpx.HTTPError, ValueError, KeyError) as error:
            found.append(f"{name} does not answer ({type(error).__name__})")
    return found


async def _demo(plan: Plan, supervisor: Supervisor, progress: Progress) -> bool:
    """Start the demo factory; without it Andon is still of use, so what goes wrong is only told."""
    async with Client(plan.settings) as client:
        try:
            await demo.start(client, supervisor, plan.home, plan.environment, progress)
        except SetupError as error:
            say("!", f"The demo factory does not run: {error}")
            hint(error.hint)
            return False
    return True


async def _trim(home: Home) -> None:
    while True:
        await asyncio.sleep(TRIM_SECONDS)
        home.trim_logs()


async def _stop(supervisor: Supervisor) -> None:
    if not supervisor.busy:
        return
    progress = Progress()
    with progress.shown(), progress.step("stopping; Ctrl-C again kills"):
        await supervisor.stop()


def _stop_on_signals(kill: Callable[[], None]) -> asyncio.Event:
    """An event that the first Ctrl-C, SIGTERM or closed terminal sets; a second one kills."""
    stop = asyncio.Event()

    def on_signal() -> None:
        if stop.is_set():
            kill()
        stop.set()

    for which in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(which, on_signal)
    return stop

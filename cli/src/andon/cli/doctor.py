"""`andon doctor`: looks at this machine and says what is wrong and what to do about it."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing

from andon.cli import examinations as examine
from andon.cli import lock, ports
from andon.cli.children import answers
from andon.cli.command import andon
from andon.cli.examinations import Finding
from andon.cli.home import Home
from andon.cli.progress import console, hint, say
from andon.cli.settings import UpSettings
from andon.common.errors import UnavailableError
from andon.common.influx import Influx
from andon.common.settings import InfluxSettings, load


def doctor(settings: UpSettings) -> bool:
    """Print all findings; whether Andon can run here (warnings do not count)."""
    home = Home(settings.home.resolve())
    pid = lock.holder(home.lock)
    well = True
    for title, findings in (
        ("Programs", examine.programs()),
        ("Machine", examine.machine(home)),
        ("Home folder", examine.home_folder(home)),
        ("Running, pid " + str(pid) if pid else "Ports", running(settings) if pid else free_ports(settings)),
    ):
        console.print(f"\n [bold]{title}[/]")
        for finding in findings:
            well = well and finding.mark != "✗"
            say(finding.mark, finding.text)
            if finding.advice:
                hint(finding.advice)
    console.print()
    say("✓" if well else "✗", "Andon can run here." if well else "Something is to be put right first.")
    return well


def free_ports(settings: UpSettings) -> Iterator[Finding]:
    """Each port `up` will want."""
    for port in ports.wanted(settings):
        if ports.is_free(port):
            yield Finding("✓", f"{port.number:>5}  {port.purpose}")
        else:
            taken = f"{port.number:>5}  {port.purpose}: taken by {ports.owner(port.number) or 'another program'}"
            advice = [f"Stop that program, or move Andon: {port.setting}=<port>", ports.instead(port)]
            yield Finding("✗", taken, "\n".join(filter(None, advice)))


def running(settings: UpSettings) -> Iterator[Finding]:
    """Each process and server of the Andon that runs: does it answer?"""
    places = {
        "api": f"{settings.api_url}/healthz",
        "ingest": f"http://127.0.0.1:{settings.ingest_port}/healthz",
        "derive": f"http://127.0.0.1:{settings.derive_port}/healthz",
    }
    if not settings.nats_url:
        places["nats-server"] = f"http://127.0.0.1:{settings.nats_monitor_port}/healthz"
    if settings.influx_url:
        yield influxdb(settings.influx_url)
    else:
        places["InfluxDB"] = f"http://127.0.0.1:{settings.influx_port}/query?q=SHOW+DATABASES"
    for name, url in places.items():
        if answers(url):
            yield Finding("✓", f"{name} answers")
        else:
            yield Finding(
                "✗", f"{name} does not answer at {url}", f"'{andon('status')}' tells more; logs are in the home folder"
            )


def influxdb(url: str) -> Finding:
    """An InfluxDB of one's own: which it is, or why it does not let us in."""

    async def version() -> str:
        async with aclosing(Influx(load(InfluxSettings, url=url))) as influx:
            return str(await influx.version())

    try:
        return Finding("✓", f"{asyncio.run(version())} answers")
    except UnavailableError as error:
        return Finding("✗", f"InfluxDB at {url}: {error}", "Is ANDON_INFLUX_URL right, and ANDON_INFLUX_TOKEN?")

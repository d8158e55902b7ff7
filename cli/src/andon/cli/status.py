"""`andon status`: what /readyz says, as a table; and of any Andon, wherever it runs, versions, lags and streams."""

import httpx
from rich.table import Table
from rich.text import Text

from andon.cli import lock, standing
from andon.cli.client import Client
from andon.cli.command import andon
from andon.cli.home import Home
from andon.cli.progress import console, hint
from andon.cli.settings import UpSettings
from andon.common.errors import SetupError


async def status(settings: UpSettings) -> bool:
    """Print the table; whether everything is ready."""
    home = Home(settings.home.resolve())
    pid = lock.holder(home.lock)
    places = {"api": settings.api_url}
    if not settings.url:
        places["ingest"] = f"http://127.0.0.1:{settings.ingest_port}"
        places["derive"] = f"http://127.0.0.1:{settings.derive_port}"
    table = Table("process", "where", "state", "what is wrong", box=None, padding=(0, 2), header_style="dim")
    well = True
    async with httpx.AsyncClient(timeout=10, trust_env=False) as http:
        for name, url in places.items():
            sick = await ask(http, url)
            well = well and not sick
            mark = Text("✗ sick", "bold red") if sick else Text("✓ ready", "green")
            table.add_row(name, url, mark, Text("\n".join(f"{k}: {v}" for k, v in sick.items())))
    console.print(table)
    await _tell_more(settings)
    if not settings.url:
        console.print(Text(f"  andon up runs, pid {pid}" if pid else "  andon up does not run here", style="dim"))
    if not well and not settings.url:
        hint(f"Logs: {home.logs}; '{andon('doctor')}' looks for the cause." if pid else f"Start: '{andon('up')}'.")
    return well


async def _tell_more(settings: UpSettings) -> None:
    """Versions, lags and streams; for who may see them."""
    try:
        async with Client(settings) as client:
            standing.show(await client.call("GET", "/api/ingest/v1/platform"))
    except SetupError as error:
        hint(f"Lags, versions and streams are not told: {error} {error.hint}".strip())


async def ask(http: httpx.AsyncClient, url: str) -> dict[str, str]:
    """What a process finds wrong; that it does not answer is such a thing, too."""
    try:
        answer = await http.get(f"{url}/readyz")
        return {str(k): str(v) for k, v in answer.json()["sick"].items()}
    except httpx.HTTPError as error:
        return {"process": f"does not answer ({type(error).__name__})"}
    except (ValueError, KeyError):
        return {"process": f"answers {answer.status_code}, but not as Andon does"}

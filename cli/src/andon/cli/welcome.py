"""What `andon up` says when all is running: where to go, how to sign in, what next."""

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from andon.cli.command import andon, shown
from andon.cli.home import Home
from andon.cli.settings import UpSettings


def panel(settings: UpSettings, home: Home, *, first: bool, moving: bool) -> RenderableType:
    """The panel. `first`: show the password, this once; `moving`: the demo factory runs."""
    return Panel(
        Group(_addresses(settings, home, first=first), Text(), _next(moving=moving)),
        title="[bold green]Andon is running[/]",
        subtitle="[dim]Ctrl-C stops it[/]",
        border_style="green",
        box=box.ROUNDED,
        padding=(1, 2),
        expand=False,
    )


def _addresses(settings: UpSettings, home: Home, *, first: bool) -> Table:
    address = f"http://localhost:{settings.port}"
    table = Table.grid(padding=(0, 3))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    table.add_row("Pages", Text(address, style=f"bold link {address}"))
    table.add_row("User", Text("admin", style="bold"))
    table.add_row("Password", _password(home, first=first))
    if settings.nats_url:
        table.add_row("Broker", Text("your own; see ANDON_INGEST_MQTT_URL"))
    else:
        table.add_row("MQTT", Text(f"localhost:{settings.mqtt_port}"))
    table.add_row("API", Text(f"{address}/api/registry/v1/docs"))
    table.add_row("Logs", Text(shown(home.logs)))
    return table


def _password(home: Home, *, first: bool) -> Text:
    place = shown(home.admin_password)
    if not first or not home.admin_password.exists():
        return Text(f"in {place}")
    word = home.admin_password.read_text().strip()
    return Text.assemble((word, "bold"), ("  shown this once, kept in ", "dim"), (place, "dim"))


def _next(*, moving: bool) -> Text:
    if moving:
        return Text("A demo factory is running. Open the pages, then pull the cord: watch a machine, set a rule.")
    return Text(
        f"Load your plant ({andon('plant apply plant.yaml')}), give a device its credential (page Devices), send."
    )

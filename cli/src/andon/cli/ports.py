"""The ports `andon up` needs: are they free, and if not, who has them and which setting moves ours?"""

import socket
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from pwd import getpwuid

from andon.cli.settings import UpSettings
from andon.common.errors import SetupError

PROC = Path("/proc")
LISTEN = "0A"


@dataclass(frozen=True)
class Port:
    """One port: what it is for, where it will be bound, and the setting that moves it."""

    purpose: str
    host: str
    number: int
    setting: str


def wanted(settings: UpSettings) -> list[Port]:
    """The ports `up` will bind with these settings."""
    loopback = "127.0.0.1"
    ports = [
        Port("web pages and API", settings.host, settings.port, "ANDON_PORT"),
        Port("ingest", loopback, settings.ingest_port, "ANDON_INGEST_PORT"),
        Port("derive", loopback, settings.derive_port, "ANDON_DERIVE_PORT"),
    ]
    if not settings.nats_url:
        ports += [
            Port("MQTT", settings.host, settings.mqtt_port, "ANDON_MQTT_PORT"),
            Port("NATS", loopback, settings.nats_port, "ANDON_NATS_PORT"),
            Port("NATS monitor", loopback, settings.nats_monitor_port, "ANDON_NATS_MONITOR_PORT"),
        ]
    if not settings.influx_url:
        ports += [
            Port("InfluxDB", loopback, settings.influx_port, "ANDON_INFLUX_PORT"),
            Port("InfluxDB backups", loopback, settings.influx_backup_port, "ANDON_INFLUX_BACKUP_PORT"),
        ]
    return ports


def require_free(ports: list[Port]) -> None:
    """See that every port can be bound, and no two are the same.

    Raises:
        SetupError: names each port that is taken, who has it, and its setting.
    """
    numbers = [port.number for port in ports]
    twice = [port for port in ports if numbers.count(port.number) > 1]
    if twice:
        names = " and ".join(port.setting for port in twice)
        raise SetupError(f"Port {twice[0].number} is asked for twice.", f"Give {names} different ports.")
    taken = [port for port in ports if not is_free(port)]
    if taken:
        found = [f"Port {p.number} ({p.purpose}) is taken by {owner(p.number) or 'another program'}." for p in taken]
        settings = " ".join(f"{port.setting}=<port>" for port in taken)
        uses = "".join(f"\n{use}" for port in taken if (use := instead(port)))
        raise SetupError("\n".join(found), f"Stop that program, or move Andon: {settings}{uses}")


def instead(port: Port) -> str:
    """How to use the server that may already run on this port, for those that Andon can use."""
    if port.setting == "ANDON_INFLUX_PORT":
        return f"Is it an InfluxDB you want to use? ANDON_INFLUX_URL=http://127.0.0.1:{port.number}"
    return ""


def is_free(port: Port) -> bool:
    """Whether a server could bind it now.

    Raises:
        SetupError: not allowed to, or no such address.
    """
    family = socket.AF_INET6 if ":" in port.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
            probe.listen()
        except PermissionError:
            hint = f"Take one above 1023: {port.setting}=<port>"
            raise SetupError(f"Port {port.number} ({port.purpose}) needs root.", hint) from None
        except socket.gaierror:
            raise SetupError(f"There is no address '{port.host}' here.", "Correct ANDON_HOST.") from None
        except OSError as error:
            if error.errno in _NO_ADDRESS:
                raise SetupError(f"There is no address '{port.host}' here.", "Correct ANDON_HOST.") from None
            return False
    return True


_NO_ADDRESS = (99, 49)  # EADDRNOTAVAIL of Linux, of macOS


def owner(number: int) -> str:
    """Who listens on a port, like `nginx (pid 812)` or `a program of user influxdb`; '' when that is not to be seen."""
    sockets = dict[str, int]()
    for name in ("tcp", "tcp6"):
        table = PROC / "net" / name
        if table.exists():
            sockets |= listeners(table.read_text(), number)
    for folder in PROC.glob("[0-9]*"):
        if sockets.keys() & _sockets_of(folder):
            return f"{_words(folder)} (pid {folder.name}{_unit(folder)})"
    for user in sockets.values():  # another user's, whose open files are hidden from us
        with suppress(KeyError):
            return f"a program of user {getpwuid(user).pw_name}"
    return ""


def listeners(table: str, number: int) -> dict[str, int]:
    """Inodes of the sockets that listen on a port, and their users, from the text of /proc/net/tcp."""
    found = dict[str, int]()
    for line in table.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 9 and fields[3] == LISTEN and int(fields[1].rpartition(":")[2], 16) == number:
            found[fields[9]] = int(fields[7])
    return found


def unit_of(cgroup: str) -> str:
    """The systemd service in the text of /proc/<pid>/cgroup, like `influxdb.service`; '' when it is of none."""
    names = [part for line in cgroup.splitlines() for part in line.split("/") if part.endswith(".service")]
    return names[-1] if names and not names[-1].startswith("user@") else ""


def _unit(folder: Path) -> str:
    try:
        unit = unit_of((folder / "cgroup").read_text())
    except OSError:
        return ""
    return f", systemctl stop {unit}" if unit else ""


def _sockets_of(folder: Path) -> set[str]:
    """Inodes of the sockets a process has open; none when it is not ours to see or has ended."""
    found = set[str]()
    try:
        for link in (folder / "fd").iterdir():
            target = str(link.readlink())
            if target.startswith("socket:["):
                found.add(target[8:-1])
    except OSError:
        return found
    return found


def _words(folder: Path) -> str:
    """The first words of a process's command line."""
    try:
        words = folder.joinpath("cmdline").read_bytes().decode(errors="replace").split("\0")
        name = folder.joinpath("comm").read_text().strip()
    except OSError:
        return "a program that has just ended"
    module = [word for word in words[1:4] if word.startswith("andon")]
    return f"{name} {' '.join(module)}".strip()

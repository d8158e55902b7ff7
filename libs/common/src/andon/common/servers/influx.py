"""InfluxDB 1.x as a child process, with its memory bounded."""

import urllib.request
from pathlib import Path
from urllib.error import URLError

from andon.common.servers.process import ServerProcess, find_program

CONFIG = Path(__file__).with_name("influxdb.conf")


def influx_server(folder: Path, *, port: int, backup_port: int, host: str = "127.0.0.1") -> ServerProcess:
    """An influxd with its data in `folder`/influxdb and its log in `folder`/logs/influxdb.log."""
    data = folder / "influxdb"
    data.mkdir(parents=True, exist_ok=True)

    def ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/ping", timeout=1) as answer:
                return bool(answer.status == 204)
        except (URLError, OSError):
            return False

    return ServerProcess(
        name="InfluxDB",
        command=[find_program("influxd", "ANDON_INFLUXD"), "-config", str(CONFIG)],
        log=folder / "logs" / "influxdb.log",
        ready=ready,
        environment={
            "INFLUXDB_BIND_ADDRESS": f"127.0.0.1:{backup_port}",
            "INFLUXDB_HTTP_BIND_ADDRESS": f"{host}:{port}",
            "INFLUXDB_META_DIR": str(data / "meta"),
            "INFLUXDB_DATA_DIR": str(data / "data"),
            "INFLUXDB_DATA_WAL_DIR": str(data / "wal"),
            "HOME": str(data),
            "GOGC": "400",  # garbage is collected at five times what lives: half again as many samples a second,
            "GOMEMLIMIT": "1GiB",  # and sooner where memory nears this
        },
        patience=60.0,
    )

"""InfluxDB 1.x as a child process, with its memory bounded."""

import json
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import URLError

from andon.common.servers.fault import ANSWER_SECONDS, is_full
from andon.common.servers.process import ServerProcess, find_program
from andon.common.servers.shards import mend

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
        fault=Writes(f"http://{host}:{port}", data).fault,
        prepare=lambda: mend(data / "data"),
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


class Writes:
    """Whether influxd still takes writes, by its own counters.

    After one failed write to the disk a shard refuses all that follow, also when there is space again; `/ping` stays
    well. A shard whose errors grow and whose successes do not is such a one; asking costs no write of our own.
    """

    def __init__(self, url: str, data: Path) -> None:
        self._url = url
        self._data = data
        self._seen: dict[str, tuple[int, int]] = {}
        self.refusing: set[str] = set()

    def fault(self) -> str:
        """What is wrong and would be mended by a new start; '' when nothing is."""
        try:
            with urllib.request.urlopen(f"{self._url}/debug/vars", timeout=ANSWER_SECONDS) as answer:  # noqa: S310
                counters = json.load(answer)
        except (OSError, HTTPException):
            return "does not answer"
        except ValueError:
            return ""  # its counters are of another shape: nothing is known against it
        self.look(counters)
        return "refuses every write" if self.refusing and not is_full(self._data) else ""

    def look(self, counters: dict[str, Any]) -> None:
        """Compare the counters of each shard with what they were; one that wrote nothing meanwhile stays as it was."""
        shards = {
            name: (found["values"]["writeReqOk"], found["values"]["writeReqErr"])
            for name, found in counters.items()
            if isinstance(found, dict) and found.get("name") == "shard"
        }
        self.refusing &= shards.keys()
        for name, (well, failed) in shards.items():
            before = self._seen.get(name, (well, failed))
            if well != before[0] or failed < before[1]:  # it took one, or has been started anew
                self.refusing.discard(name)
            elif failed > before[1]:
                self.refusing.add(name)
        self._seen = shards

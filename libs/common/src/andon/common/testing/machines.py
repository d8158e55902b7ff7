"""Machines for tests, and what they said, written to InfluxDB as the store writes it."""

from andon.common.influx import Influx, join_lines, line, line_prefix
from andon.common.plant import Asset, Sensor
from andon.common.reading import Reading


def a_machine(path: str, *, id: str, type: str = "press") -> Asset:  # noqa: A002 - the asset's words
    """A machine with a temperature, a switch and a state."""
    sensors = (
        Sensor("temperature", f"{path}/temperature", unit="Cel"),
        Sensor("running", f"{path}/running", datatype="bool"),
        Sensor("state", f"{path}/state", datatype="string"),
    )
    return Asset(id=id, path=path, kind="machine", slug=path.rpartition("/")[2], name=path, type=type, sensors=sensors)


async def store(influx: Influx, machine: Asset, *readings: Reading) -> None:
    """Write to InfluxDB as store does."""
    prefix = line_prefix(machine)
    answer = await influx.write(join_lines(line(prefix, reading) for reading in readings))
    assert answer.stored, answer

"""MQTT to InfluxDB, QoS 1, one value per message, alarms evaluated."""

from bench.flood import flood
from bench.row import Row, Target
from bench.stage import Stage

MESSAGES = 900_000


async def run(stage: Stage) -> list[Row]:
    """Flood with small messages."""
    found = await flood(stage, "one", int(stage.scaled(MESSAGES)))
    row = Row("one-value", "1 value per message", found.stored, "msg/s", Target(30_000))
    row.limit, row.limit_of = stage.limits.get("broker"), "broker"
    row.loss = found.lost
    row.details = {"evaluated/s": found.evaluated, "PUBACKs/s": found.acknowledged, **found.cores, **found.memory}
    return [row]

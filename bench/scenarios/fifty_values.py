"""MQTT to InfluxDB, QoS 1, 50 values per message, alarms evaluated."""

from bench.flood import flood
from bench.row import Row, Target
from bench.stage import PLANTS, Stage

MESSAGES = 180_000
VALUES = PLANTS["fifty"]


async def run(stage: Stage) -> list[Row]:
    """Flood with large messages."""
    found = await flood(stage, "fifty", int(stage.scaled(MESSAGES)))
    samples = found.stored * VALUES
    limit = stage.limits.get("influx-50", 0.0)
    row = Row("fifty-values", "50 values per message", samples, "samples/s")
    row.target = Target(max(300_000, limit / 2))
    row.limit, row.limit_of = limit, "InfluxDB"
    row.loss = found.lost
    row.details = {
        "msg/s": found.stored,
        "evaluated/s": found.evaluated,
        "PUBACKs/s": found.acknowledged,
        **found.cores,
        **found.memory,
    }
    return [row]

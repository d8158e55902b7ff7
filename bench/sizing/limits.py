"""Limits of the engines Andon stands on, from where they are known, and what to do then."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """One limit: what ends, where, how that is known, and what to do then."""

    what: str
    where: str
    source: str
    then: str


_SET = "set: `influxdb.conf`"
LIMITS = [
    Limit(
        "InfluxDB 1.x: series of a database",
        "1,000,000. A series of Andon is a machine, not a sensor, and one for each type it ever had",
        _SET,
        "no plant has so many machines; several Andons before that",
    ),
    Limit(
        "InfluxDB 1.x: values of a tag",
        "100,000, with the index in memory; Andon's is on disk (`tsi1`), where the engine does not ask",
        _SET,
        "keep `index-version` as it is",
    ),
    Limit(
        "InfluxDB 1.x: values written",
        "a value that has a line of its own takes two to four times what it takes among fifty",
        "measured: *InfluxDB alone* below, and earlier runs",
        "send a machine's values in one message; faster disks and more cores; InfluxDB 2 or 3; several Andons",
    ),
    Limit(
        "InfluxDB 1.x: nodes",
        "one: the open version does not cluster",
        "its documentation",
        "history waits in the stream while it is away; InfluxDB 3, or one that is managed, by one setting",
    ),
    Limit(
        "InfluxDB 3 Core: columns of a table",
        "500, so that a machine type has at most about 200 sensors, where some come late",
        "its documentation",
        "divide the type",
    ),
    Limit(
        "InfluxDB 3 Core: files of one question",
        "432, about 72 hours, unless raised",
        "its documentation",
        "rollups answer longer ranges; raise it where samples of more are wanted",
    ),
    Limit(
        "nats-server: messages of MQTT with QoS 1",
        "*the broker alone* below, of one node with a core of its own; each session is written by one leader",
        "measured",
        "an external broker with shared subscriptions; several values in a message; several Andons",
    ),
    Limit(
        "nats-server: messages on the way to intake",
        "8,192 of a partition; with half of it throughput was 32,000 instead of 56,000 messages a second",
        "measured: decision 0009",
        "more partitions",
    ),
    Limit(
        "nats-server: devices connected",
        "20,000 of each node",
        "set: `nats.conf`",
        "gateways that speak for many; more nodes",
    ),
    Limit(
        "nats-server: three nodes",
        "each holds all of the streams and writes all of it: more nodes are safer, not faster",
        "how it replicates; its price was not measured",
        "partitions have leaders on different nodes; several Andons",
    ),
    Limit(
        "nats-server: each message to the disk at once (`sync: always`)",
        "some 3,500 messages a second where 105,000 went with `100ms`: a disk's flushes",
        "recorded, two cores",
        "leave it at `100ms` with three nodes, of which one may lose its power",
    ),
    Limit(
        "Andon: ingests and alertings that share the work",
        "12 partitions, chosen once",
        "set: [run several](../how-to/run-several.md)",
        "several Andons",
    ),
    Limit(
        "Andon: derive",
        "one core, one at a time; behind it rollups are late, and charts read samples",
        "decision 0019, [run several](../how-to/run-several.md)",
        "several Andons: one for each plant, with an InfluxDB of its own",
    ),
    Limit(
        "Andon: a query's feed",
        "one core for all of the stream, however many queries there are",
        "decision 0005",
        "several values in a message; several Andons",
    ),
]

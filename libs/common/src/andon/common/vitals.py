"""Vitals: metrics of the processes themselves, and of the servers they lean on: HTTP, NATS, InfluxDB, neighbours.

As in `metrics.py` nothing is counted per sensor or device; of HTTP the route as the API names it, never the path.
"""

from andon.common.metering import ANSWERS, FAST, LONG, counter, gauge, histogram

INFLUX_SECONDS = histogram(
    "andon_influx_seconds",
    "Seconds until InfluxDB answered, by what it was asked: write, query or other",
    ("op",),
    LONG,
    by="ingest, query, derive, alerting",
    rises="InfluxDB needs more memory, faster disks, or shorter questions: docs/how-to/keep-history.md",
)
INFLUX_ERRORS = counter(
    "andon_influx_errors",
    "Questions to InfluxDB that brought no answer, by what it was asked: write, query or other",
    ("op",),
    by="ingest, query, derive, alerting",
    rises="InfluxDB is away or restarts: its log",
)
BUS_DROPPED = counter(
    "andon_bus_dropped",
    "Messages of NATS dropped because their listener was too slow",
    by="every process",
    rises="The process is overloaded: `andon_loop_late_seconds`. What is stored is not touched",
)
BUS_CONNECTS = counter(
    "andon_bus_connects",
    "Connections to NATS made, the first one and each after a loss",
    by="every process",
    rises="NATS restarts, or the network breaks",
)
STREAM_BYTES = gauge(
    "andon_stream_bytes",
    "Bytes in a stream of JetStream",
    ("stream",),
    by="ingest (the first)",
    rises="TELEMETRY near its limit: a reader is behind (`andon_consumer_waiting`); full, it takes nothing more and "
    "the broker keeps what comes",
)
STREAM_LIMIT = gauge(
    "andon_stream_limit_bytes",
    "Bytes that a stream may have",
    ("stream",),
    by="ingest (the first)",
    rises="Nothing: it is a setting, ANDON_NATS_TELEMETRY_BYTES and its like: docs/how-to/configure.md",
)
CONSUMER_WAITING = gauge(
    "andon_consumer_waiting",
    "Batches that a reader of TELEMETRY has not been sent yet, by its durable: store, evaluate, derive, ...",
    ("durable",),
    by="ingest (the first)",
    rises="That reader is behind: store waits for InfluxDB, evaluate for the database of alarms, derive for InfluxDB",
)
CONSUMER_UNACKNOWLEDGED = gauge(
    "andon_consumer_unacknowledged",
    "Batches that a reader of TELEMETRY was sent and has not acknowledged",
    ("durable",),
    by="ingest (the first)",
    rises="As for andon_consumer_waiting",
)
HTTP_REQUESTS = counter(
    "andon_http_requests",
    "Requests answered, by route as the API names it ('(none)': no such path) and status",
    ("service", "method", "route", "status"),
    by="every process with HTTP",
    rises="5xx: the log has a line for each, by its request id: docs/how-to/read-the-logs.md",
)
HTTP_SECONDS = histogram(
    "andon_http_seconds",
    "Seconds until the answer to a request began",
    ("service", "method", "route"),
    ANSWERS,
    by="every process with HTTP",
    rises="Routes of query: InfluxDB, `andon_influx_seconds`; all at once: the process, `andon_loop_late_seconds`",
)
HTTP_OPEN = gauge(
    "andon_http_open",
    "Requests whose answer has not ended, event streams and downloads too",
    ("service",),
    by="every process with HTTP",
    rises="Pages are open, or answers hang: `andon_http_seconds`",
)
NEIGHBOUR_UP = gauge(
    "andon_neighbour_up",
    "1 while nothing is wrong with a neighbour, as a service sees it; 0 while /readyz names it",
    ("service", "neighbour"),
    by="every service",
    rises="At 0: /readyz of that service says what is wrong, `andon status` of all of them",
)
LOOP_LATE = histogram(
    "andon_loop_late_seconds",
    "Seconds by which a process comes too late to its heartbeat: its event loop was busy",
    buckets=FAST,
    by="every service",
    rises="The process needs more CPU, or another instance",
)
BUILD = gauge(
    "andon_build_info",
    "1; its labels tell which Andon runs, and which Python",
    ("service", "version", "python"),
    by="every process",
    rises="Two versions at once: an upgrade is under way, or stopped half-way",
)

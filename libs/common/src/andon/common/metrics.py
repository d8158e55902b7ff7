"""Metrics of the path of a reading, named `andon_<hop>_<what>`; `vitals.py` has those of the processes around it.

Names and labels are few and fixed; nothing is counted per sensor or device, and nothing per sample: a batch at a time.
"""

from prometheus_client import generate_latest

from andon.common.metering import LONG, counter, gauge, histogram

RECEIVED = counter(
    "andon_intake_messages",
    "Messages taken from the broker or over HTTP",
    ("source",),
    by="ingest",
    rises="Falls to 0 while devices send: look at `andon_neighbour_up` and `andon_broker_waiting`",
)
RECEIVED_BYTES = counter(
    "andon_intake_bytes",
    "Bytes of the payloads of messages from the broker",
    by="ingest",
    rises="Size the disks of NATS by it: docs/how-to/run-several.md",
)
DUPLICATES = counter(
    "andon_intake_duplicates",
    "Messages the broker sent again while the first copy was on its way",
    by="ingest",
    rises="The connection to the broker breaks, or acknowledgements are slow: `andon_hop_seconds{hop='publish'}`",
)
RETAINED = counter(
    "andon_intake_retained",
    "Retained messages: told again by the broker, and not new",
    by="ingest",
    rises="Nothing: the broker tells them at each new connection",
)
IN_FLIGHT = gauge(
    "andon_intake_in_flight",
    "Messages taken and not yet acknowledged to the broker",
    by="ingest",
    rises="JetStream is slow or away: `andon_hop_seconds{hop='publish'}`, `andon_publish_retries_total`",
)
BUNDLE_MESSAGES = histogram(
    "andon_bundle_messages",
    "Messages that leave for JetStream together",
    buckets=(1, 3, 10, 30, 100, 300, 1000, 2000),
    by="ingest",
    rises="Near 2000 all the time: intake is at its limit; add an ingest",
)
BATCH_SECONDS = histogram(
    "andon_hop_seconds",
    "Seconds a batch spends in one hop: resolve (decode, too), bundle (waiting to leave), publish, store, evaluate, "
    "live, callout",
    ("hop",),
    by="ingest, alerting, query, registry",
    rises="That hop is the slow one: publish is NATS' disk, store InfluxDB, evaluate the database of alarms",
)
SAMPLES = counter(
    "andon_publish_samples",
    "Samples handed to JetStream",
    by="ingest",
    rises="Falls behind what devices send: `andon_publish_retries_total`",
)
PUBLISH_RETRIES = counter(
    "andon_publish_retries",
    "Messages that JetStream did not acknowledge, and that are published again",
    by="every process that publishes",
    rises="NATS is away, its disk slow, or the stream full: `andon_stream_bytes`. Nothing is lost, the broker keeps it",
)
RAW = counter(
    "andon_raw_messages",
    "Messages kept as they came, for who traces a value; or not: outcome is kept or dropped",
    ("outcome",),
    by="ingest",
    rises="dropped: NATS takes too little; readings are not touched, but cannot be traced back",
)
DEADLETTERS = counter(
    "andon_deadletters",
    "Messages, or parts, that could not be used, by reason",
    ("reason",),
    by="ingest, alerting, registry",
    rises="Look at the page Dead letters, or `andon deadletters`: docs/how-to/mend-dead-letters.md",
)
REPLAYED = counter(
    "andon_deadletters_replayed",
    "Dead letters that became readings after all",
    by="ingest, api",
    rises="Nothing: somebody mends them",
)
STORED = counter(
    "andon_store_readings",
    "Readings acknowledged by InfluxDB",
    by="ingest",
    rises="Falls below what comes in: `andon_consumer_waiting{durable=~'store.*'}` grows",
)
STORE_RETRIES = counter(
    "andon_store_retries",
    "Writes that InfluxDB did not answer with success, and that are written again",
    by="ingest",
    rises="InfluxDB is away, full or overloaded: its log. Nothing is lost, the stream keeps what waits",
)
EVALUATED = counter(
    "andon_evaluate_readings",
    "Readings held against the rules",
    by="alerting",
    rises="Falls below what is published: `andon_consumer_waiting{durable=~'evaluate.*'}` grows",
)
TRANSITIONS = counter(
    "andon_alarm_transitions",
    "Transitions of alarms written by the evaluation, by event: raised, cleared, escalated, ...",
    ("event",),
    by="alerting",
    rises="raised: an alarm flood; the page Alarm figures names the rules: docs/how-to/judge-your-alarms.md",
)
NOTIFICATIONS = counter(
    "andon_notify_messages",
    "Notifications by channel and outcome: sent, retry, failed, superseded, ...",
    ("channel", "outcome"),
    by="alerting",
    rises="failed: the page Messages has the receiver's words; the channel's address or password may be wrong",
)
NOTIFY_SECONDS = histogram(
    "andon_notify_seconds",
    "Seconds from writing a notification until its receiver had it",
    buckets=(0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600),
    by="alerting",
    rises="A receiver is slow or away: `andon_notify_messages_total{outcome='retry'}` names its channel",
)
NOTIFY_WAITING = gauge(
    "andon_notify_waiting",
    "Notifications that wait to be delivered, those that are tried again too",
    by="alerting",
    rises="As for andon_notify_seconds",
)
LIVE_READINGS = counter(
    "andon_live_readings",
    "Readings that came in to the live feed",
    by="query",
    rises="Differs between instances: one of them has lost NATS",
)
LIVE_CLIENTS = gauge(
    "andon_live_clients",
    "Open live connections",
    by="query",
    rises="At 500 an instance takes no more: add a query",
)
LIVE_SENT = counter(
    "andon_live_samples_sent",
    "Samples that live clients have taken",
    by="query",
    rises="Falls while clients are connected: `andon_live_conflated_total`, `andon_live_cut_off_total`",
)
LIVE_CONFLATED = counter(
    "andon_live_conflated",
    "Values replaced by newer ones before a slow client took them",
    by="query",
    rises="Usual: a page draws a few times a second. Nothing is lost, history has them",
)
LIVE_LOST = counter(
    "andon_live_lost",
    "Values left out because a client that wants every one was too slow",
    by="query",
    rises="A program that reads the feed is too slow; it reads the gap from /series",
)
LIVE_CUT_OFF = counter(
    "andon_live_cut_off",
    "Live clients that were sent away: slow (takes nothing more), full (no place for another)",
    ("reason",),
    by="query",
    rises="slow: their network; full: add a query",
)
READING_AGE = histogram(
    "andon_reading_age_seconds",
    "Seconds from a reading's event time, as the device's clock has it, until it was: stored, live (with those who "
    "listen), judged, alarm (the alarm is in the database). Of the last reading of a batch; not of what was late",
    ("at",),
    LONG,
    by="ingest, query, alerting",
    rises="With `andon_reading_transit_seconds`: Andon is slow, see `andon_hop_seconds`. Without: the devices, their "
    "clocks or their network are",
)
READING_TRANSIT = histogram(
    "andon_reading_transit_seconds",
    "Seconds from a batch's arrival at Andon until it was: stored, live, judged. No clock of a device is in it",
    ("at",),
    LONG,
    by="ingest, query, alerting",
    rises="Andon is slow: `andon_hop_seconds` says where, `andon_consumer_waiting` who is behind",
)
READING_LATE = counter(
    "andon_reading_late_batches",
    "Batches whose last reading was measured over a minute before it came (a device that catches up), or after: they "
    "say nothing of how long a reading takes",
    ("at",),
    by="ingest, query, alerting",
    rises="Devices catch up after an outage, or their clocks are wrong",
)
CALCULATED = counter(
    "andon_calculated",
    "Times a sensor was calculated as readings came, by outcome: value or none",
    ("outcome",),
    by="derive",
    rises="none: what an expression needs does not come: docs/how-to/calculated-sensors.md",
)
DERIVE_SECONDS = histogram(
    "andon_derive_seconds",
    "Seconds that a round of rollups takes, or a step of their backlog",
    ("work",),
    LONG,
    by="derive",
    rises="A round near 60 s: InfluxDB is slow: `andon_influx_seconds`",
)
DERIVE_SAMPLES = counter(
    "andon_derive_samples",
    "Samples read to be rolled up",
    by="derive",
    rises="Nothing: a backlog is worked off",
)
DERIVE_UNTIL = gauge(
    "andon_derive_until_timestamp_seconds",
    "Up to when all is rolled up, epoch seconds; 0 where another derive does it",
    by="derive",
    rises="More than 300 s ago: rollups stand still, and charts of long ranges end earlier. /readyz of derive says why",
)
DERIVE_BACKLOG = gauge(
    "andon_derive_backlog_machines",
    "Machines of which something older is still to be rolled up",
    by="derive",
    rises="Falls by itself after an import or a change of a type; as long as it does, all is well",
)
EXPORTS = counter(
    "andon_export_jobs",
    "Exports to files, by outcome: done or failed",
    ("outcome",),
    by="query",
    rises="failed: GET /api/query/v1/exports says why",
)
IMPORTS = counter(
    "andon_import_jobs",
    "Imports of files, by outcome: done, failed, stopped",
    ("outcome",),
    by="ingest, api",
    rises="failed: GET /api/ingest/v1/imports says why",
)
ADMISSIONS = counter(
    "andon_callout_devices",
    "Devices that asked to come in, by outcome: admitted or refused",
    ("outcome",),
    by="registry",
    rises="refused: the registry's log says `device refused` and why: a wrong password, revoked, or ingest is missing",
)
QUARANTINED = gauge(
    "andon_quarantine_devices",
    "Devices kept out because they sent too much",
    by="registry",
    rises="The page Devices names them: mend the device, then let it in again",
)
QUARANTINES = counter(
    "andon_quarantine_times",
    "Times a device was kept out because it sent too much",
    by="registry",
    rises="As for andon_quarantine_devices",
)
LEDGER_UNEXPLAINED = gauge(
    "andon_ledger_unexplained",
    "Messages that intake took and that are nowhere; to be 0",
    by="ingest (the first)",
    rises="docs/how-to/read-the-ledger.md",
)
LEDGER_LOST = gauge(
    "andon_ledger_lost",
    "Readings and batches that were in the stream and never reached the store; to be 0",
    by="ingest (the first)",
    rises="docs/how-to/read-the-ledger.md",
)
LEDGER_MISSING = gauge(
    "andon_ledger_missing",
    "Numbers of devices that never came",
    by="ingest (the first)",
    rises="A device or its network loses messages before the broker has them: docs/how-to/read-the-ledger.md",
)
BROKER_LOST = counter(
    "andon_broker_lost",
    "Messages the broker acknowledged to devices and then lost, as far as known",
    by="ingest",
    rises="The broker lost its disk or its queue was full: docs/how-to/use-mosquitto.md has the settings",
)
BROKER_WAITING = gauge(
    "andon_broker_waiting",
    "Messages that wait at the broker for intake",
    by="ingest",
    rises="Ingest is away or JetStream full; at its limit the broker turns devices away",
)
PROBE_SECONDS = histogram(
    "andon_probe_seconds",
    "Seconds from publishing a canary until the broker has it, until it is stored, and until it comes by the live feed",
    ("hop",),
    (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
    by="ingest (the first)",
    rises="What people feel: `andon_hop_seconds` says which hop it is",
)
PROBE_AGE = gauge(
    "andon_probe_age_seconds",
    "Seconds since the last canary that came everywhere was published",
    by="ingest (the first)",
    rises="Above 30: readings do not get through; /readyz of ingest names the hop",
)
PROBE_LOST = counter(
    "andon_probe_lost",
    "Canaries that were not seen within 15 s",
    ("hop",),
    by="ingest (the first)",
    rises="As for andon_probe_age_seconds",
)


def render() -> bytes:
    """All metrics of this process in Prometheus' text format, those of the process itself (memory, CPU, files) too."""
    return generate_latest()

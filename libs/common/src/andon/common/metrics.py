"""Metrics: Prometheus counters, gauges and histograms, named `andon_<hop>_<what>`.

Names and labels are few and fixed; nothing is counted per sensor.
"""

from prometheus_client import Counter, Gauge, Histogram, generate_latest

RECEIVED = Counter("andon_intake_messages", "Messages taken from the broker or over HTTP", ["source"])
DUPLICATES = Counter("andon_intake_duplicates", "Messages the broker sent again while the first copy was on its way")
RETAINED = Counter("andon_intake_retained", "Retained messages: told again by the broker, and not new")
SAMPLES = Counter("andon_publish_samples", "Samples handed to JetStream")
RAW = Counter("andon_raw_messages", "Messages kept as they came, for who traces a value; or not", ["outcome"])
DEADLETTERS = Counter("andon_deadletters", "Messages, or parts, that could not be used", ["reason"])
REPLAYED = Counter("andon_deadletters_replayed", "Dead letters that became readings after all")
STORED = Counter("andon_store_readings", "Readings acknowledged by InfluxDB")
STORE_RETRIES = Counter("andon_store_retries", "Writes that InfluxDB did not answer with success")
IN_FLIGHT = Gauge("andon_intake_in_flight", "Messages taken and not yet acknowledged to the broker")
LEDGER_UNEXPLAINED = Gauge("andon_ledger_unexplained", "Messages that intake took and that are nowhere")
LEDGER_LOST = Gauge("andon_ledger_lost", "Readings and batches that were in the stream and never reached the store")
LEDGER_MISSING = Gauge("andon_ledger_missing", "Numbers of devices that never came")
BROKER_LOST = Counter("andon_broker_lost", "Messages the broker acknowledged to devices and then lost, as far as known")
BROKER_WAITING = Gauge("andon_broker_waiting", "Messages that wait at the broker for intake")
CALCULATED = Counter("andon_calculated", "Times a sensor was calculated as readings came, by outcome", ["outcome"])
EVALUATED = Counter("andon_evaluate_readings", "Readings held against the rules")
BUS_DROPPED = Counter("andon_bus_dropped", "Messages dropped because their listener was too slow")
LIVE_CLIENTS = Gauge("andon_live_clients", "Open live connections")
LIVE_CONFLATED = Counter("andon_live_conflated", "Values replaced by newer ones before a slow client took them")
LIVE_LOST = Counter("andon_live_lost", "Values left out because a client that wants every one was too slow")
NOTIFICATIONS = Counter("andon_notify_messages", "Notifications by outcome", ["channel", "outcome"])
ADMISSIONS = Counter("andon_callout_devices", "Devices that asked to come in, by outcome", ["outcome"])
QUARANTINED = Gauge("andon_quarantine_devices", "Devices kept out because they sent too much")
QUARANTINES = Counter("andon_quarantine_times", "Times a device was kept out because it sent too much")
BATCH_SECONDS = Histogram(
    "andon_hop_seconds",
    "Seconds a batch spends in one hop",
    ["hop"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
DERIVE_SECONDS = Histogram(
    "andon_derive_seconds",
    "Seconds that a round of rollups takes, or a step of their backlog",
    ["work"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
DERIVE_SAMPLES = Counter("andon_derive_samples", "Samples read to be rolled up")
PROBE_SECONDS = Histogram(
    "andon_probe_seconds",
    "Seconds from publishing a canary until the broker has it, until it is stored, and until it comes by the live feed",
    ["hop"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15),
)
PROBE_AGE = Gauge("andon_probe_age_seconds", "Seconds since the last canary that came everywhere was published")
PROBE_LOST = Counter("andon_probe_lost", "Canaries that were not seen within 15 s", ["hop"])


def render() -> bytes:
    """All metrics of this process in Prometheus' text format."""
    return generate_latest()

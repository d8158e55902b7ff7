"""The streams and buckets on the backbone, and how much each may hold."""

from nats.js.api import DiscardPolicy, KeyValueConfig, StoreCompression, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, BadRequestError, NotFoundError

from andon.common import logs, subjects
from andon.common.settings import NatsSettings

log = logs.get("streams")

RAW_DAYS = 7
"""Longest that messages are kept as they came; less where they fill their room sooner."""
_BUCKETS = (
    (subjects.PLANT_BUCKET, 256 * 2**20),
    (subjects.INTAKE_BUCKET, 2**20),
    (subjects.LEDGER_BUCKET, 2**24),
    (subjects.DERIVE_BUCKET, 2**26),
    (subjects.LEASES_BUCKET, 2**20),
    (subjects.EXPORTS_BUCKET, 2**25),
    (subjects.IMPORTS_BUCKET, 2**25),
    (subjects.QUARANTINE_BUCKET, 2**24),
    (subjects.CLIENTS_BUCKET, 2**26),
)
_SECONDS = {
    subjects.QUARANTINE_BUCKET: 3600.0,
    subjects.EXPORTS_BUCKET: 86_400.0,
    subjects.IMPORTS_BUCKET: 7 * 86_400.0,
}
"""How long an entry is kept, where it is not for ever."""
_READ_AT_ONCE = (subjects.EXPORTS_BUCKET, subjects.IMPORTS_BUCKET)
"""What one process has written another reads a moment later: from the leader, for a follower may not have it yet."""


async def ensure_streams(js: JetStreamContext, settings: NatsSettings) -> None:
    """Create or update the streams and buckets of section 4.2; all bounded.

    A full stream refuses what is new, so that its giver waits. Dead letters and raw messages alone give way to newer
    ones: were the room for refusals a wait for everybody, one broken device could stop all the others. Telemetry has
    no age: what is not in InfluxDB yet is never forgotten, and ingest trims what is.
    """
    for config in _streams(settings):
        await _ensure(js, config)
    try:
        await _ensure(js, _raw(settings))
    except APIError as error:  # nothing on the path of a reading needs it
        log.warning("messages cannot be kept as they came", error=error.description or str(error))
    for name, size in _BUCKETS:
        try:
            config = (await (await js.key_value(name)).status()).stream_info.config
            if config.num_replicas != settings.replicas:
                await js.update_stream(config.evolve(num_replicas=settings.replicas))
        except NotFoundError:
            await js.create_key_value(
                KeyValueConfig(
                    bucket=name,
                    max_bytes=size,
                    ttl=_SECONDS.get(name),
                    replicas=settings.replicas,
                    direct=name not in _READ_AT_ONCE,
                )
            )


async def _ensure(js: JetStreamContext, config: StreamConfig) -> None:
    try:
        await js.add_stream(config)
    except BadRequestError:
        await js.update_stream(config)


def _streams(settings: NatsSettings) -> list[StreamConfig]:
    new, old = DiscardPolicy.NEW, DiscardPolicy.OLD
    return [
        _stream(settings, subjects.TELEMETRY, subjects.TELEMETRY_ALL, size=settings.telemetry_bytes, days=0, full=new),
        _stream(settings, subjects.DEADLETTER, subjects.DEADLETTER_ALL, size=2**30, days=30, full=old),
        _stream(settings, subjects.EVENTS, subjects.EVENTS_ALL, size=2**28, days=7, full=new),
    ]


def _raw(settings: NatsSettings) -> StreamConfig:
    """Compressed, for topics and payloads repeat each other."""
    size, full = settings.raw_bytes, DiscardPolicy.OLD
    raw = _stream(settings, subjects.RAW, subjects.RAW_ALL, size=size, days=RAW_DAYS, full=full)
    return raw.evolve(compression=StoreCompression.S2)


def _stream(
    settings: NatsSettings, name: str, subject: str, *, size: int, days: int, full: DiscardPolicy
) -> StreamConfig:
    return StreamConfig(
        name=name,
        subjects=[subject],
        max_bytes=size,
        max_age=days * 86_400.0,
        discard=full,
        num_replicas=settings.replicas,
        duplicate_window=120,
        allow_direct=True,
    )

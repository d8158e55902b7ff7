"""The streams and buckets on the backbone, and how much each may hold."""

from nats.js.api import DiscardPolicy, KeyValueConfig, StreamConfig
from nats.js.client import JetStreamContext
from nats.js.errors import BadRequestError, NotFoundError

from andon.common import subjects
from andon.common.settings import NatsSettings

_BUCKETS = ((subjects.PLANT_BUCKET, 256 * 2**20), (subjects.INTAKE_BUCKET, 2**20), (subjects.LEDGER_BUCKET, 2**24))


async def ensure_streams(js: JetStreamContext, settings: NatsSettings) -> None:
    """Create or update the streams and buckets of section 4.2; all bounded.

    A full stream refuses what is new, so that its giver waits. Dead letters alone give way to newer ones: were the
    room for refusals a wait for everybody, one broken device could stop all the others. Telemetry has no age: what is
    not in InfluxDB yet is never forgotten, and ingest trims what is.
    """
    for config in _streams(settings):
        try:
            await js.add_stream(config)
        except BadRequestError:
            await js.update_stream(config)
    for name, size in _BUCKETS:
        try:
            config = (await (await js.key_value(name)).status()).stream_info.config
            if config.num_replicas != settings.replicas:
                await js.update_stream(config.evolve(num_replicas=settings.replicas))
        except NotFoundError:
            await js.create_key_value(
                KeyValueConfig(bucket=name, max_bytes=size, replicas=settings.replicas, direct=True)
            )


def _streams(settings: NatsSettings) -> list[StreamConfig]:
    def stream(name: str, subject: str, size: int, seconds: float, full: DiscardPolicy) -> StreamConfig:
        return StreamConfig(
            name=name,
            subjects=[subject],
            max_bytes=size,
            max_age=seconds,
            discard=full,
            num_replicas=settings.replicas,
            duplicate_window=120,
            allow_direct=True,
        )

    day = 86_400.0
    return [
        stream(subjects.TELEMETRY, subjects.TELEMETRY_ALL, settings.telemetry_bytes, 0, DiscardPolicy.NEW),
        stream(subjects.DEADLETTER, subjects.DEADLETTER_ALL, 2**30, 30 * day, DiscardPolicy.OLD),
        stream(subjects.EVENTS, subjects.EVENTS_ALL, 2**28, 7 * day, DiscardPolicy.NEW),
    ]

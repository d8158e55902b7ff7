"""Streams: the readings themselves, what could not be used, and messages as they came (`andon.common.wire`)."""

from andon.cli.asyncapi.spec import MSGPACK, Channel, Example, Message, Way
from andon.common import subjects
from andon.common.errors import Reason
from andon.common.reading import Reading
from andon.common.wire import Batch, DeadLetter, Note, RawBatch, RawMessage, Source, Stored

AT = 1_732_380_000_000_000_000
MACHINE = "k3f9a1c2"
GATEWAY = "press shop gateway"
TOPIC = b"factory/berlin/pressing/line-1/press-1"
PARTITION = {"partition": "Number of the partition: a stable hash of the machine's id."}


def stream(name: str, keeps: str, full: str) -> dict[str, object]:
    """What JetStream does with the messages of a channel."""
    return {"x-jetstream": {"stream": name, "keeps": keeps, "full": full}}


TELEMETRY = stream(subjects.TELEMETRY, "until store, evaluate and ledger have it", "it refuses what is new")
DEADLETTER = stream(subjects.DEADLETTER, "30 days", "the oldest goes")
RAW = stream(subjects.RAW, "7 days at most", "the oldest goes")

BATCH = Message(
    name="batch",
    title="Batch",
    summary="Readings of one partition, packed; at most 512 KiB.",
    of=Batch,
    content_type=MSGPACK,
    examples=(
        Example(
            name="two",
            summary="Two readings; the second has a value that is not good, and a number of the device's own",
            value=Batch(
                AT + 5_000_000,
                [
                    Reading(MACHINE, AT, {"oil_temperature": 53.9, "state": "RUN"}),
                    Reading(MACHINE, AT + 1, {"oil_temperature": 71.0}, {"oil_temperature": "uncertain"}, 17, "a1"),
                ],
            ),
        ),
        Example(
            name="noted",
            summary="Nothing but a note: one message of a topic that names no machine became a dead letter",
            value=Batch(AT, [], {"berlin/pressing/line-1/press-9/": Note(extra=1, dead_lettered=1)}),
        ),
    ),
)
LETTER = Message(
    name="dead-letter",
    title="Dead letter",
    summary="What could not be used: the bytes, where they came from, why, and when.",
    of=DeadLetter,
    content_type=MSGPACK,
    examples=(
        Example(
            name="text",
            summary="A text where a number belongs",
            value=DeadLetter(
                reason=Reason.BAD_VALUE,
                detail="oil_temperature: expected a number, got text",
                source=TOPIC.decode(),
                payload=b'{"values": {"oil_temperature": "hot"}}',
                size=38,
                at=AT,
                device="press shop gateway",
            ),
        ),
    ),
)
RECEIVED = Message(
    name="raw-batches",
    title="Messages as they came",
    summary="Messages, and of which readings they are the origin; kept while there is room.",
    of=list[RawBatch],
    content_type=MSGPACK,
    examples=(
        Example(
            name="one",
            summary="One message that became one reading",
            value=[
                RawBatch(
                    Source.MQTT,
                    AT + 6_000_000,
                    4711,
                    [RawMessage(TOPIC, b'{"values": {"oil_temperature": 53.9}}', AT, MACHINE, AT, "press shop")],
                )
            ],
        ),
    ),
)
STORED = Message(
    name="stored",
    title="Stored",
    summary="When batches of TELEMETRY were written to InfluxDB.",
    of=Stored,
    content_type=MSGPACK,
    examples=(Example(name="three", summary="Three batches", value=Stored(AT + 40_000_000, 4709, 4711)),),
)

STREAMS = (
    Channel(
        name="telemetry",
        address="telemetry.{partition}",
        title="Readings",
        summary="The path of every reading: whatever came, by MQTT or HTTP, and what is calculated.",
        parameters=PARTITION,
        messages=(BATCH,),
        ways=(
            Way(action="send", summary="Ingest and derive publish, and wait for the acknowledgement."),
            Way(action="receive", summary="Store, evaluate, ledger, rollups, and the live feed read."),
        ),
        tag="Streams",
        extra=TELEMETRY,
    ),
    Channel(
        name="deadletter",
        address="deadletter.{reason}",
        title="Dead letters",
        summary="What could not be used, by reason.",
        parameters={"reason": [str(reason) for reason in Reason]},
        messages=(LETTER,),
        ways=(
            Way(action="send", summary="Ingest and alerting publish."),
            Way(action="receive", summary="Ingest reads them for people, and replays them."),
        ),
        tag="Streams",
        extra=DEADLETTER,
    ),
    Channel(
        name="raw-received",
        address="raw.received.{partition}",
        title="Messages as they came",
        summary="For who traces a stored value back to its message.",
        parameters=PARTITION,
        messages=(RECEIVED,),
        ways=(
            Way(action="send", summary="Ingest publishes, beside the path of the readings."),
            Way(action="receive", summary="Ingest searches them."),
        ),
        tag="Streams",
        extra=RAW,
    ),
    Channel(
        name="raw-stored",
        address="raw.stored.{partition}",
        title="When batches were stored",
        summary="The last step of a traced value.",
        parameters=PARTITION,
        messages=(STORED,),
        ways=(
            Way(action="send", summary="Store publishes once InfluxDB has answered 204."),
            Way(action="receive", summary="Ingest searches them."),
        ),
        tag="Streams",
        extra=RAW,
    ),
)
"""What is stored."""

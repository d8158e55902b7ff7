"""NATS: what services tell each other. Subjects are those of `andon.common.subjects`."""

from andon.cli.asyncapi.buckets import BUCKETS
from andon.cli.asyncapi.happenings import HAPPENINGS
from andon.cli.asyncapi.pulses import PULSES
from andon.cli.asyncapi.spec import Document
from andon.cli.asyncapi.streams import STREAMS

DOCUMENT = Document(
    title="Andon: NATS",
    description=(
        "What Andon's services tell each other, in the NATS account ANDON, which no device can reach. It is for those "
        "who build a service beside them: read freely, publish only where you are told to. A struct that travels as an "
        "array may get more parts at its end, one that travels as an object more fields; ignore what you do not know. "
        "Messages of `application/x-msgpack` are shown as JSON here, byte strings in base64; `x-packed` has the bytes "
        "of each example in hexadecimal."
    ),
    servers={
        "backbone": {
            "host": "localhost:4222",
            "protocol": "nats",
            "description": "nats-server, account ANDON; a cluster of three where Andon runs on many machines.",
            "security": [{"$ref": "#/components/securitySchemes/service"}],
        }
    },
    security={"service": {"type": "userPassword", "description": "ANDON_NATS_USER and ANDON_NATS_PASSWORD."}},
    channels=(*STREAMS, *HAPPENINGS, *PULSES, *BUCKETS),
)
"""What services tell each other."""

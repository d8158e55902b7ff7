"""MQTT: what devices publish. Topics are spelled by `andon.common.topics`, payloads read by `andon.ingest.decode`."""

from andon.cli.asyncapi.spec import TEXT, Channel, Document, Example, Message, Way
from andon.common import topics
from andon.ingest import decode
from andon.ingest.decode import MAX_MESSAGES, MAX_PAYLOAD, MAX_TEXT

AT = 1_732_380_000_000
WHERE = {
    "site": "Slug of the site (factory).",
    "area": "Slug of the area, or process.",
    "line": "Slug of the line.",
    "machine": "Slug of the machine.",
}
PATH = "{site}/{area}/{line}/{machine}"
QOS = {"mqtt": {"qos": 1, "retain": False, "bindingVersion": "0.2.0"}}
DOUBT = {"oil_temperature": "uncertain"}
NUMBERED = {
    "type": "object",
    "description": "User properties of MQTT 5, for devices that cannot change their payload.",
    "properties": {
        "seq": {"type": "string", "pattern": "^[0-9]{1,18}$", "description": "Number of the message, counting by one."},
        "boot": {"type": "string", "maxLength": 64, "description": "Which start of the device counts so."},
    },
}

READING = Message(
    name="reading",
    title="Reading",
    summary="Values that one machine measured at one instant.",
    of=decode.Message,
    headers=NUMBERED,
    examples=(
        Example(
            name="several",
            summary="Several values of one instant; `ts` is when they were measured",
            value={"ts": AT, "values": {"oil_temperature": 53.9, "state": "RUN"}},
        ),
        Example(name="now", summary="The time of arrival counts", value={"values": {"oil_temperature": 53.9}}),
        Example(
            name="iso",
            summary="Time in ISO 8601",
            value={"ts": "2024-11-23T16:40:00Z", "values": {"oil_temperature": 53.9}},
        ),
        Example(
            name="doubted",
            summary="A sensor that doubts what it measured",
            value={"ts": AT, "values": {"oil_temperature": 53.9, "state": "RUN"}, "quality": DOUBT},
        ),
        Example(
            name="bad",
            summary="Nothing of it can be trusted",
            value={"ts": AT, "values": {"oil_temperature": 53.9}, "quality": "bad"},
        ),
        Example(
            name="numbered",
            summary="A device that numbers its messages; a gap shows a loss",
            value={"ts": AT, "values": {"oil_temperature": 53.9}, "seq": 17, "boot": "a1"},
        ),
        Example(
            name="properties",
            summary="The same as user properties of MQTT 5",
            value={"ts": AT, "values": {"oil_temperature": 53.9}},
            headers={"seq": "17", "boot": "a1"},
        ),
    ),
)
READINGS = Message(
    name="readings",
    title="Readings",
    summary=f"Several readings of one machine, at most {MAX_MESSAGES:,}: what a device kept while it was offline.",
    of=list[decode.Message],
    examples=(
        Example(
            name="backlog",
            summary="Two instants in one message",
            value=[
                {"ts": AT, "values": {"oil_temperature": 53.9}},
                {"ts": AT + 1000, "values": {"oil_temperature": 54.1, "state": "STOP"}},
            ],
        ),
    ),
)
VALUE = Message(
    name="value",
    title="Value",
    summary="The value alone, in JSON; the time of arrival counts.",
    of=float | bool | str,
    headers=NUMBERED,
    examples=(
        Example(name="number", summary="A number", value=53.9),
        Example(name="boolean", summary="A boolean; a sensor of numbers takes it as 1", value=True),
    ),
)
WORD = Message(
    name="text",
    title="Text",
    summary=f"For a sensor of texts: the text as it is, without quotes, at most {MAX_TEXT} characters.",
    of=str,
    content_type=TEXT,
    examples=(Example(name="state", summary="A state", value="RUN"),),
)

DOCUMENT = Document(
    title="Andon: MQTT",
    description=(
        "What devices publish. A device has a credential of its own, and may publish below its own part of the plant. "
        "At QoS 1 a message is on disk when its PUBACK comes; QoS 0 is best effort. A retained message is taken for an "
        f"old one and left out. A payload has at most {MAX_PAYLOAD:,} bytes. What cannot be used becomes a dead "
        "letter, with the reason; fields that are not described here are ignored."
    ),
    servers={
        "default": {
            "host": "localhost:1883",
            "protocol": "mqtt",
            "protocolVersion": "3.1.1",
            "description": "nats-server; with TLS `mqtts`, port 8883, where that is set up.",
            "security": [{"$ref": "#/components/securitySchemes/device"}],
        },
        "own": {
            "host": "broker.example:8883",
            "protocol": "mqtts",
            "protocolVersion": "5",
            "description": "A broker of one's own, named by ANDON_INGEST_MQTT_URL; it decides who may publish.",
            "security": [{"$ref": "#/components/securitySchemes/device"}],
        },
    },
    security={"device": {"type": "userPassword", "description": "From the page Devices, or POST /devices."}},
    channels=(
        Channel(
            name="machine",
            address=topics.machine_topic(PATH),
            title="A machine",
            summary="JSON objects, each one instant of one machine.",
            parameters={**WHERE},
            messages=(READING, READINGS),
            ways=(Way(action="receive", summary="Intake takes what devices publish.", bindings=QOS),),
        ),
        Channel(
            name="sensor",
            address=topics.sensor_topic(PATH, "{sensor}"),
            title="A sensor",
            summary="Bare values of one sensor of a machine.",
            parameters={**WHERE, "sensor": "Key of the sensor."},
            messages=(VALUE, WORD),
            ways=(Way(action="receive", summary="Intake takes what devices publish.", bindings=QOS),),
        ),
    ),
)
"""What devices publish."""

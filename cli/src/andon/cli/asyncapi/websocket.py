"""The live feed by WebSocket and server-sent events, and the alarms' events: `andon.query.live`, `andon.alerting`."""

from andon.alerting.routes.alarm_shapes import Alarm
from andon.cli.asyncapi.spec import Channel, Document, Example, Message, Way
from andon.cli.asyncapi.told import ALARM
from andon.common.reading import Quality
from andon.query.live.guest import RESTARTS, TRY_LATER
from andon.query.live.messages import (
    LATEST_MS,
    MAX_HZ,
    MAX_PATHS,
    MIN_HZ,
    Auth,
    Goodbye,
    Problem,
    Samples,
    Subscribe,
    Unsubscribe,
    Wrong,
)

AT = 1_732_380_000_000
OIL = "berlin/pressing/line-1/press-1/oil_temperature"
TICKET = {
    "type": "string",
    "maxLength": 128,
    "description": "From POST /api/query/v1/live/ticket, in place of a token.",
}
WANTED = {
    "under": {"type": "array", "items": {"type": "string"}, "maxItems": MAX_PATHS, "description": "Paths or ids."},
    "max_hz": {"type": "number", "minimum": MIN_HZ, "maximum": MAX_HZ, "description": "Events per second."},
    "every": {"type": "boolean", "description": "All samples, not only the newest of each sensor."},
    "since": {"type": "integer", "minimum": 0, "maximum": LATEST_MS, "description": "Epoch ms: what happened since."},
    "ticket": TICKET,
}
GET = {"method": "GET", "bindingVersion": "0.3.0"}

AUTH = Message(
    name="auth",
    title="Sign in",
    summary="The first message, within five seconds, unless a ticket let the client in; later with a fresh token.",
    of=Auth,
    examples=(
        Example(name="auth", summary="A bearer token", value={"op": "auth", "token": "eyJhbGciOiJIUzI1NiJ9.e30.token"}),
    ),
)
SUBSCRIBE = Message(
    name="subscribe",
    title="Subscribe",
    summary="What to follow from now on. Answered with a frame.",
    of=Subscribe,
    examples=(
        Example(
            name="area",
            summary="All below an area",
            value={"op": "subscribe", "under": ["berlin/pressing"], "max_hz": 5},
        ),
        Example(name="more", summary="This sensor, too", value={"op": "subscribe", "under": [OIL], "add": True}),
        Example(
            name="resume",
            summary="What happened since comes first",
            value={"op": "subscribe", "under": [""], "since": AT},
        ),
    ),
)
UNSUBSCRIBE = Message(
    name="unsubscribe",
    title="Unsubscribe",
    summary="What to follow no more. Answered with a frame.",
    of=Unsubscribe,
    examples=(
        Example(
            name="line", summary="All below a line", value={"op": "unsubscribe", "under": ["berlin/pressing/line-1"]}
        ),
    ),
)
SAMPLES = Message(
    name="samples",
    title="Samples",
    summary="A frame: the newest values, as they come. As server-sent event without a name; `id` is the newest time.",
    of=Samples,
    examples=(
        Example(
            name="two",
            summary="Two samples",
            value=Samples([(OIL, AT, 53.9, Quality.GOOD), (OIL, AT + 1000, 54.1, Quality.GOOD)]),
        ),
        Example(name="gap", summary="After a long absence", value=Samples([], (AT, AT + 60_000))),
        Example(
            name="lost",
            summary="Of `every`, some were left out",
            value=Samples([(OIL, AT, 53.9, Quality.UNCERTAIN)], lost=12),
        ),
    ),
)
WRONG = Message(
    name="error",
    title="Error",
    summary="What is wrong with what the client said.",
    of=Wrong,
    examples=(Example(name="unknown", summary="No such place", value=Wrong("there is no 'berlin/paint'")),),
)
PROBLEM = Message(
    name="problem",
    title="Problem",
    summary="Event `problem`: what is wrong with a name.",
    of=Problem,
    examples=(Example(name="unknown", summary="No such place", value=Problem("there is no 'berlin/paint'")),),
)
GOODBYE = Message(
    name="goodbye",
    title="Goodbye",
    summary="Event `goodbye`: why the stream ends.",
    of=Goodbye,
    examples=(
        Example(
            name="restart", summary="Connect again", value=Goodbye(RESTARTS, "The service restarts; connect again")
        ),
        Example(name="slow", summary="Try later", value=Goodbye(TRY_LATER, "The client takes nothing more")),
    ),
)
ALARM_MESSAGE = Message(
    name="alarm",
    title="Alarm",
    summary="Event `alarm`: an alarm as it stands after a transition.",
    of=Alarm,
    examples=(Example(name="raised", summary="It was raised", value=Alarm.model_validate(ALARM)),),
)

DOCUMENT = Document(
    title="Andon: live values and alarms",
    description=(
        "What browsers and programs are told as it happens. By WebSocket, which takes messages too; by server-sent "
        "events, where the JSON described here is the `data` of an event. Everybody is told of their own part of the "
        "plant alone. A WebSocket is closed with 4401 (not signed in, or no longer), 1008 (too many frames), 1009 (a "
        "message too large), 1012 (the service restarts) or 1013 (try later)."
    ),
    servers={
        "live": {
            "host": "localhost:8000",
            "protocol": "ws",
            "description": "`wss` behind TLS.",
        },
        "events": {
            "host": "localhost:8000",
            "protocol": "http",
            "description": "Server-sent events; `https` behind TLS.",
            "security": [{"$ref": "#/components/securitySchemes/bearer"}],
        },
    },
    security={
        "bearer": {"type": "http", "scheme": "bearer", "description": "From POST /api/registry/v1/auth/token."},
    },
    channels=(
        Channel(
            name="live",
            address="/api/query/v1/live",
            title="Live values",
            summary="Values as they come, of what the client subscribes to.",
            servers=("live",),
            messages=(AUTH, SUBSCRIBE, UNSUBSCRIBE, SAMPLES, WRONG),
            ways=(
                Way(action="receive", summary="What a client may say.", messages=(AUTH, SUBSCRIBE, UNSUBSCRIBE)),
                Way(action="send", summary="What it is told.", messages=(SAMPLES, WRONG)),
            ),
            bindings={"ws": {"query": {"type": "object", "properties": {"ticket": TICKET}}, "bindingVersion": "0.1.0"}},
        ),
        Channel(
            name="live-events",
            address="/api/query/v1/live/events",
            title="Live values, as server-sent events",
            summary="The same for those who only listen. `Last-Event-ID` is as `since`.",
            servers=("events",),
            messages=(SAMPLES, PROBLEM, GOODBYE),
            ways=(
                Way(
                    action="send",
                    summary="What a listener is told.",
                    bindings={"http": {**GET, "query": {"type": "object", "properties": WANTED}}},
                ),
            ),
        ),
        Channel(
            name="alarms",
            address="/api/alerting/v1/alarms/stream",
            title="Alarms, as server-sent events",
            summary="Each transition of an alarm; a comment every 15 seconds where there is none.",
            servers=("events",),
            messages=(ALARM_MESSAGE,),
            ways=(Way(action="send", summary="What a listener is told.", bindings={"http": GET}),),
        ),
    ),
)
"""What is told as it happens."""

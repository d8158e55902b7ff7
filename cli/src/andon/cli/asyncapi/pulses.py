"""What processes tell each other without storing it: heartbeats, counts, and requests with their answers."""

from andon.cli.asyncapi.spec import MSGPACK, TEXT, Channel, Example, Message, Way
from andon.cli.asyncapi.streams import AT
from andon.cli.asyncapi.told import RegistryTold
from andon.common import subjects
from andon.common.board import Ask
from andon.common.health import Beat
from andon.ingest.ledger.tally import Tally
from andon.ingest.prober.probe import HopTimes, Probe
from andon.query.derive.anew import Answer, Wanted

HOUR = 3600 * 10**9


BEAT = Message(
    name="heartbeat",
    title="Heartbeat",
    summary="Once a second: that a process lives, and what is wrong with its neighbours.",
    of=Beat,
    content_type=MSGPACK,
    examples=(
        Example(name="well", summary="All is well", value=Beat("ingest", {"nats": "", "influxdb": ""}, 1200.5)),
        Example(
            name="sick",
            summary="A neighbour is missing",
            value=Beat("query", {"influxdb": "does not answer within 1.5 s"}, 1200.5),
        ),
    ),
)
TALLY = Message(
    name="tally",
    title="Tally",
    summary="Once a second: what one ingest has counted since its start.",
    of=Tally,
    content_type=MSGPACK,
    examples=(
        Example(
            name="counted",
            summary="All that was received is published",
            value=Tally(instance="5f0c2a91", since=AT, received=1000, published=1000, published_readings=1000),
        ),
    ),
)
PROBE = Message(
    name="probe",
    title="Probe",
    summary="Once a second: how long a reading takes to each place, in seconds.",
    of=Probe,
    content_type=MSGPACK,
    examples=(
        Example(
            name="well",
            summary="The last canary came everywhere",
            value=Probe(AT, "", {"broker": HopTimes(0.002, 0.002, 0.006), "stored": HopTimes(0.041, 0.039, 0.11)}),
        ),
    ),
)
WANTED = Message(
    name="wanted",
    title="What is to be made anew",
    summary="A range of time (UTC nanoseconds) of all at or below a path.",
    of=Wanted,
    examples=(
        Example(
            name="hour", summary="One hour of a line", value=Wanted("berlin/pressing/line-1", AT, AT + 3600 * 10**9)
        ),
    ),
)
ANSWER = Message(
    name="answer",
    title="Answer",
    summary="How many it names, once the order is kept.",
    of=Answer,
    examples=(
        Example(name="kept", summary="Twelve are named", value=Answer(12)),
        Example(name="refused", summary="It cannot be kept", value=Answer(0, "ask again in a moment")),
    ),
)

REGISTRY_TOLD = Message(
    name="registry-told",
    title="What a registry tells",
    summary="That it is there, once a second, and what the others must know at once.",
    of=RegistryTold,
    examples=(
        Example(name="here", summary="It is there", value={"by": "6b1f09c2d4e8a733"}),
        Example(
            name="tried", summary="A sign-in", value={"by": "6b1f09c2d4e8a733", "name": "ada", "address": "10.0.0.7"}
        ),
    ),
)
ASK = Message(
    name="ask",
    title="What is asked of a job",
    summary="A piece of its file from `at` on, or its end.",
    of=Ask,
    examples=(Example(name="piece", summary="The first piece", value=Ask("x7k2", 0, 65536)),),
)
PIECE = Message(
    name="piece",
    title="Piece",
    summary="The bytes that were asked for.",
    of=bytes,
    content_type="application/octet-stream",
    examples=(Example(name="bytes", summary="Four bytes", value=b"time"),),
)
TICKET = Message(
    name="ticket",
    title="Ticket",
    summary="A ticket for the live feed, as it was given.",
    of=str,
    content_type=TEXT,
    examples=(Example(name="ticket", summary="A ticket", value="6b1f09c2d4e8a733.Zm9v"),),
)
HOLDER = Message(
    name="holder",
    title="Holder",
    summary="The token it stands for, for a ticket that is good; else empty.",
    of=str,
    content_type=TEXT,
    examples=(Example(name="none", summary="It is good no more", value=""),),
)
PULSES = (
    Channel(
        name="health",
        address=subjects.health("{service}"),
        title="Heartbeats",
        summary="Not stored. Who has not beaten for four seconds is called silent.",
        parameters={"service": "Name of the service."},
        messages=(BEAT,),
        ways=(
            Way(action="send", summary="Every process tells."),
            Way(action="receive", summary="Every process listens, for its `/readyz`."),
        ),
        tag="Once a second",
    ),
    Channel(
        name="ledger",
        address=subjects.ledger("{instance}"),
        title="What is counted",
        summary="Not stored. The ledger shows the sum of all ingests.",
        parameters={"instance": "Name of the ingest's process, which it draws at its start."},
        messages=(TALLY,),
        ways=(
            Way(action="send", summary="Every ingest tells."),
            Way(action="receive", summary="Every ingest listens, for `GET /api/ingest/v1/ledger`."),
        ),
        tag="Once a second",
    ),
    Channel(
        name="probe",
        address=subjects.PROBE,
        title="How long a reading takes",
        summary="Not stored.",
        messages=(PROBE,),
        ways=(
            Way(action="send", summary="The first ingest tells."),
            Way(action="receive", summary="Every ingest listens, for `GET /api/ingest/v1/probe`."),
        ),
        tag="Once a second",
    ),
    Channel(
        name="rebuild",
        address=subjects.REBUILD,
        title="Roll up anew",
        summary="A request; the answer comes once the order is kept.",
        messages=(WANTED,),
        ways=(Way(action="receive", summary="Derive answers.", reply=ANSWER),),
        tag="Requests",
    ),
    Channel(
        name="recalculate",
        address=subjects.RECALCULATE,
        title="Calculate anew",
        summary="A request; the answer comes once the order is kept.",
        messages=(WANTED,),
        ways=(Way(action="receive", summary="Derive answers.", reply=ANSWER),),
        tag="Requests",
    ),
    Channel(
        name="registry",
        address=subjects.registries("{verb}"),
        title="Among registries",
        summary="Not stored; what matters is in the database or a bucket as well.",
        parameters={"verb": "What is told: `here`, or what happened."},
        messages=(REGISTRY_TOLD,),
        ways=(
            Way(action="send", summary="Every registry tells."),
            Way(action="receive", summary="The other registries listen."),
        ),
        tag="Once a second",
    ),
    Channel(
        name="jobs",
        address=subjects.jobs("{bucket}", "{process}"),
        title="Files of jobs",
        summary="A request to the process that has the file of an export or import.",
        parameters={"bucket": [subjects.EXPORTS_BUCKET, subjects.IMPORTS_BUCKET], "process": "Which process."},
        messages=(ASK,),
        ways=(Way(action="receive", summary="Who has the job answers.", reply=PIECE),),
        tag="Requests",
    ),
    Channel(
        name="tickets",
        address=subjects.tickets("{process}"),
        title="Tickets",
        summary="A request to the query service that gave a ticket.",
        parameters={"process": "Which process."},
        messages=(TICKET,),
        ways=(Way(action="receive", summary="Who gave it answers.", reply=HOLDER),),
        tag="Requests",
    ),
)
"""What is told and not stored."""

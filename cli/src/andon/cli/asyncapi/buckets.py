"""Buckets: the key-value entries on NATS, which are messages of the stream behind each bucket."""

from collections.abc import Mapping
from typing import Any

from msgspec import Raw

from andon.cli.asyncapi.spec import TEXT, Channel, Example, Message, Way
from andon.cli.asyncapi.told import Dropped, Session
from andon.common import subjects
from andon.common.auth import Principal, Role
from andon.common.devices import Device
from andon.common.lease import Holding
from andon.common.plant import Asset, Limits, Sensor
from andon.ingest.imports.job import State
from andon.ingest.imports.shared import Entry as Import
from andon.ingest.ledger.account import Account, Row
from andon.query.derive.anew import Wanted
from andon.query.derive.calculate.pending import Entry
from andon.query.derive.calculate.slips import Mark
from andon.query.export.record import Record
from andon.query.tiers.coverage import Progress, Ranges
from andon.registry.claims import Claim
from andon.registry.stays import Stay

AT = 1_732_380_000_000_000_000
HOUR = 3600 * 10**9
MACHINE = "k3f9a1c2"
PRESS = "berlin/pressing/line-1/press-1"
OF_MACHINE = {"id": "Id of the machine."}
EXPORT = Record(
    id="9f3c1a7be02d4465",
    process="6b1f09c2d4e8a733",
    instance="query-0",
    owner=Principal(id="p1", name="anna", role=Role.VIEWER),
    wish={"sensor": [f"{PRESS}/force"], "from": "2024-11-23T15:40:00+00:00", "to": "2024-11-23T16:40:00+00:00"},
    name="force.csv",
    format="csv",
    layout="wide",
    sensors=1,
    assets=[PRESS],
    start=AT - HOUR,
    end=AT,
)


def _entry(
    bucket: str,
    key: str,
    title: str,
    summary: str,
    *,
    of: Any,
    value: Any,
    by: str,
    name: str = "",
    parameters: Mapping[str, str | list[str]] | None = None,
    content_type: str = "application/json",
) -> Channel:
    """An entry of a bucket: who writes it, and a value as it may be."""
    name = name or f"{bucket}-{key.partition('.')[0]}"
    example = Example(name="entry", summary=title, value=value)
    message = Message(
        name=f"{name}-entry", title=title, summary=summary, of=of, examples=(example,), content_type=content_type
    )
    return Channel(
        name=name,
        address=f"$KV.{bucket}.{key}",
        title=f"{bucket}: {key}",
        summary=summary,
        messages=(message,),
        ways=(Way(action="send", summary=f"{by} writes it; others follow it."),),
        parameters=parameters or {},
        tag="Buckets",
        extra={"x-bucket": bucket},
    )


_PRESS = Asset(
    id=MACHINE,
    path=PRESS,
    kind="machine",
    slug="press-1",
    name="Press 1",
    type="press",
    sensors=(
        Sensor("oil_temperature", f"{PRESS}/oil_temperature", "Oil temperature", "Cel", limits=Limits(h=65, hh=75)),
    ),
)

BUCKETS = (
    _entry(
        subjects.PLANT_BUCKET,
        subjects.asset_key("{id}"),
        "An asset",
        "A node of the plant, with its sensors where it is a machine.",
        of=Asset,
        value=_PRESS,
        by="The registry",
        parameters={"id": "Id of the asset."},
    ),
    _entry(
        subjects.PLANT_BUCKET,
        subjects.device_key("{id}"),
        "A device",
        "A credential, and the part of the plant it speaks for. No secret.",
        of=Device,
        value=Device("d81c", "press shop gateway", "press-shop-gateway-d81c", "berlin/pressing"),
        by="The registry",
        parameters={"id": "Id of the device."},
    ),
    _entry(
        subjects.PLANT_BUCKET,
        subjects.revoked_key("{jti}"),
        "A revoked token",
        "There as long as the token would be good; the value says nothing.",
        of=str,
        value="revoked",
        by="The registry",
        parameters={"jti": "Id of the token."},
        content_type=TEXT,
    ),
    _entry(
        subjects.INTAKE_BUCKET,
        subjects.session_key(0, 1),
        "The session of intake",
        "The broker keeps a session for intake: devices may come in.",
        of=Session,
        value=Session("127.0.0.1:1883", "andon-intake", "2024-11-23T16:40:00.000Z"),
        by="Ingest",
    ),
    _entry(
        subjects.INTAKE_BUCKET,
        f"{subjects.INTAKE_SESSION_KEY}.{{partitions}}.{{partition}}",
        "The session of a partition",
        "The same of one of several partitions.",
        of=Session,
        value=Session("127.0.0.1:1883", "andon-intake-3-0", "2024-11-23T16:40:00.000Z"),
        by="Ingest",
        name="intake-sessions",
        parameters={"partitions": "How many there are.", "partition": "Which one, from 0 on."},
    ),
    _entry(
        subjects.INTAKE_BUCKET,
        subjects.INTAKE_DROPPED_KEY,
        "What the broker dropped",
        "How many messages a broker that counts that had dropped when it last said so.",
        of=Dropped,
        value=Dropped(0),
        by="Ingest",
    ),
    _entry(
        subjects.LEDGER_BUCKET,
        subjects.ACCOUNT_KEY,
        "The account",
        "What came from each machine, and what became of it. msgpack, compressed by zlib.",
        of=Account,
        value=Account(since=AT, at=4711, rows={MACHINE: Row(messages=1000, readings=1000, settled=1000, last=AT)}),
        by="One ingest",
        content_type="application/zlib",
    ),
    _entry(
        subjects.DERIVE_BUCKET,
        subjects.PROGRESS_KEY,
        "How far is rolled up",
        "Up to when all minutes and hours are made.",
        of=Progress,
        value=Progress(AT, AT - HOUR, 4711),
        by="Derive",
    ),
    _entry(
        subjects.DERIVE_BUCKET,
        subjects.GONE_KEY,
        "What is kept no longer",
        "By tier: values from before may be gone (UTC nanoseconds).",
        of=dict[str, int],
        value={"raw": AT - 90 * 24 * HOUR},
        by="Derive",
    ),
    _entry(
        subjects.DERIVE_BUCKET,
        subjects.BEGIN_KEY,
        "All is to be rolled up",
        "There while all that is stored is still to be put down as not rolled up; empty.",
        of=str,
        value="",
        by="Derive",
        content_type=TEXT,
    ),
    _entry(
        subjects.DERIVE_BUCKET,
        subjects.pending_key("{id}"),
        "What is still to be rolled up",
        "Ranges of one machine, from and to (UTC nanoseconds).",
        of=Ranges,
        value=[(AT - HOUR, AT)],
        by="Derive",
        parameters=OF_MACHINE,
    ),
    _entry(
        subjects.DERIVE_BUCKET,
        subjects.CALCULATED_KEY,
        "How far is calculated",
        "Where in the stream calculation is.",
        of=Mark,
        value=Mark(4711, AT),
        by="Derive",
    ),
    _entry(
        subjects.DERIVE_BUCKET,
        subjects.calculated_key("{id}", "{key}"),
        "A calculated sensor",
        "Its expression, and the ranges it is still to be calculated for.",
        of=Entry,
        value=Entry("power / 3.6", [(AT - HOUR, AT)]),
        by="Derive",
        name="derive-calculated-sensor",
        parameters={**OF_MACHINE, "key": "Key of the sensor."},
    ),
    _entry(
        subjects.DERIVE_BUCKET,
        subjects.order_key("{what}", 0).replace(".0", ".{number}"),
        "An order",
        "What somebody asked to have made anew, until it is entered for all that it names.",
        of=Wanted,
        value=Wanted("berlin/pressing/line-1", AT - HOUR, AT),
        by="Derive",
        parameters={"what": [subjects.REBUILD, subjects.RECALCULATE], "number": "One of few, taken again and again."},
    ),
    _entry(
        subjects.LEASES_BUCKET,
        "{what}",
        "A lease",
        "Which of several instances does what one alone may do; renewed every 1.5 seconds.",
        of=Holding,
        value=Holding("derive-0", "6b1f09c2d4e8a733"),
        by="Who holds it",
        name="lease",
        parameters={"what": [subjects.DERIVE_LEASE, subjects.REGISTRY_LEASE]},
    ),
    _entry(
        subjects.EXPORTS_BUCKET,
        "{id}",
        "An export",
        "How far it is, what was asked for, and which process has its file.",
        of=Record,
        value=EXPORT,
        by="The query service that makes it",
        name="export",
        parameters={"id": "Of the export."},
    ),
    _entry(
        subjects.IMPORTS_BUCKET,
        "{id}",
        "An import",
        "As people see it, who asked for it, and which process has its file.",
        of=Import,
        value=Import(
            "6b1f09c2d4e8a733",
            "p1",
            "berlin",
            State.RUNNING,
            "2026-11-23T12:00:00Z",
            Raw(b'{"id": "92fdadb5d55a", "state": "running"}'),
        ),
        by="The ingest that reads it",
        name="import",
        parameters={"id": "Of the import."},
    ),
    _entry(
        subjects.QUARANTINE_BUCKET,
        "{username}",
        "A device that is kept out",
        "Until when, why, and how often it was lately; kept for an hour.",
        of=Stay,
        value=Stay(AT, AT + 5 * 10**9, "sends too much", 1),
        by="The registry that leads",
        name="quarantine",
        parameters={"username": "Of the device."},
    ),
    _entry(
        subjects.CLIENTS_BUCKET,
        "{hash}",
        "An MQTT client id",
        "Which device it belongs to.",
        of=Claim,
        value=Claim("press-shop-gateway-d81c"),
        by="The registry that admitted the device",
        name="clients",
        parameters={"hash": "Of the client id."},
    ),
)
"""The entries of all buckets."""

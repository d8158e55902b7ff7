"""The ledger as people see it: who sent what, what became of it, and whether it adds up. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from andon.common.answer import Answer
from andon.common.devices import Device, Devices
from andon.common.plant import Plant, is_below
from andon.common.platform import SITE, is_platform
from andon.common.times import ns_to_iso
from andon.ingest.bundle import OTHERS
from andon.ingest.ledger.account import Account, Row

REMOVED = "(removed machines)"
ITSELF = Device(id=SITE, name="Andon itself", username="", scope=SITE)
"""Speaks for the platform's own machines; no id of a device is like its."""


class Counts(Answer):
    """Messages: received = published + dead_lettered + duplicate + retained. Readings: of the published ones.

    readings = stored + refused + lost + in_flight; `refused` became dead letters at the store, `lost` is to be 0.
    missing: numbers that the device gave and that never came; None where it does not number. repeated: that came again.
    """

    received: int = 0
    published: int = 0
    dead_lettered: int = 0
    duplicate: int = 0
    retained: int = 0
    readings: int = 0
    stored: int = 0
    refused: int = 0
    lost: int = 0
    in_flight: int = 0
    missing: int | None = None
    repeated: int = 0
    last: str | None = None


class DeviceLine(Counts):
    """What came for the machines a device speaks for; `device` is empty where none does.

    Devices with the same part of the plant share a line, for MQTT does not tell who of them published.
    """

    device: str
    device_ids: list[str]
    scope: str | None
    machines: int


class MachineLine(Counts):
    """One machine, or a topic that names none. `gaps`: of the device's present start, first and last missing number."""

    machine: str
    known: bool
    device: str
    boot: str | None = None
    number: int | None = None
    gaps: list[tuple[int, int]] = Field(default=[])


@dataclass(frozen=True)
class Seen:
    """The plant and its devices, as far as somebody may see them."""

    plant: Plant
    devices: Devices
    may_see: Callable[[str], bool]


def device_lines(account: Account, seen: Seen) -> list[DeviceLine]:
    """A line for each device that was heard, the one with most messages first."""
    plant, devices, may_see = seen.plant, seen.devices, seen.may_see
    groups: dict[tuple[str, ...], list[Row]] = {}
    for source, row in account.rows.items():
        path = path_of(source, plant)
        if may_see(path):
            ids = (SITE,) if is_platform(path) else tuple(d.id for d in devices.speakers(path))
            groups.setdefault(ids, []).append(row)
    known = {device.id: device for device in devices} | {SITE: ITSELF}
    lines = [
        DeviceLine(
            device=", ".join(known[i].name for i in ids),
            device_ids=[i for i in ids if i != SITE],
            scope=known[ids[0]].scope if ids else None,
            machines=len(rows),
            **counts(rows),
        )
        for ids, rows in groups.items()
    ]
    return sorted(lines, key=lambda line: (-line.received, line.device))


def machine_lines(
    account: Account, seen: Seen, *, under: str = "", device: str = "", after: str = "", most: int | None = None
) -> list[MachineLine]:
    """A line for each machine below a path, and for topics that name none, in order of path.

    after, most: only so many, behind this path.
    """
    rows: dict[str, list[Row]] = {}
    for source, row in account.rows.items():
        path = path_of(source, seen.plant)
        if (not after or path > after) and seen.may_see(path) and is_below(path, under):
            rows.setdefault(path, []).append(row)
    paths = sorted(rows)
    if device:
        paths = [path for path in paths if device in {d.id for d in seen.devices.speakers(path)}]
    return [_machine_line(path, rows[path], seen) for path in paths[:most]]


def _machine_line(path: str, rows: list[Row], seen: Seen) -> MachineLine:
    """Of several rows with one path: those of machines that are gone, or of a topic that became a machine."""
    numbers = max((row for row in rows if row.numbers is not None), key=lambda row: row.last, default=Row()).numbers
    asset = seen.plant.find(path)
    return MachineLine(
        machine=path,
        known=asset is not None and asset.kind == "machine",
        device=", ".join(d.name for d in seen.devices.speakers(path)),
        boot=numbers.boot if numbers else None,
        number=numbers.last if numbers else None,
        gaps=numbers.gaps if numbers else [],
        **counts(rows),
    )


def path_of(source: str, plant: Plant) -> str:
    """Path of a source of the account."""
    asset = plant.find(source)
    if asset is not None:
        return asset.path
    return source.strip("/") if "/" in source or source == OTHERS else REMOVED


def counts(rows: Iterable[Row]) -> dict[str, Any]:
    """The sum of rows, as fields of `Counts`."""
    rows = list(rows)
    numbers = [row.numbers for row in rows if row.numbers is not None]
    last = max(row.last for row in rows)
    summed = {
        name: sum(getattr(row, name) for row in rows)
        for name in ("dead_lettered", "duplicate", "retained", "readings", "stored", "refused", "lost", "in_flight")
    }
    received = sum(row.messages for row in rows)
    return {
        **summed,
        "received": received,
        "published": received - summed["dead_lettered"] - summed["duplicate"] - summed["retained"],
        "missing": sum(n.missing for n in numbers) if numbers else None,
        "repeated": sum(n.repeated for n in numbers),
        "last": ns_to_iso(last) if last else None,
    }

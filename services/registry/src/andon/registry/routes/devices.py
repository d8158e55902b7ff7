"""Devices: credentials for the MQTT broker."""

from collections.abc import Sequence

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel

from andon.common.api import Caller, Page, needs
from andon.common.auth import Principal, Role
from andon.common.errors import ForbiddenError
from andon.common.times import ns_to_iso
from andon.registry.names import Name, Quota, Scope, Strict
from andon.registry.routes.state import Cursor, Limit, Registry, State
from andon.registry.stays import Stay
from andon.registry.storage import devices
from andon.registry.storage.platform import refuse_platform
from andon.registry.storage.tables import DeviceRow

KICK = "kick"
"""What the other registries are told: to end the connections of `username`, and whether it is to be `thorough`."""

router = APIRouter(tags=["devices"], dependencies=[Depends(needs(Role.ADMIN))])


class NewDevice(Strict):
    """A device that may publish at and below `scope`; '' is the whole plant."""

    name: Name
    scope: Scope
    quota: Quota | None = None


class DeviceChange(Strict):
    """`quota`: messages per second it may send; null for as many as its part of the plant calls for."""

    quota: Quota | None


class QuarantineOut(BaseModel):
    """The device is kept out: since and until when, why (it is the subject of the sentence), and how often so far."""

    since: str
    until: str
    reason: str
    times: int


class DeviceOut(BaseModel):
    """A device; `revoked` says since when it may no longer come in.

    rate, bytes_rate: messages and bytes it sends in a second, now. quota: messages per second it may send.
    quarantines: how often it was kept out, until it has behaved for ten minutes; `quarantine` is there while it is out.
    connected: whether it is, to nats-server; null where that does not tell, or not yet. last_seen: when it last sent
    something; null: never.
    """

    id: str
    name: str
    scope: str
    username: str
    created: str
    revoked: str | None
    rate: float
    bytes_rate: float
    quota: int
    connected: bool | None
    last_seen: str | None
    quarantines: int
    quarantine: QuarantineOut | None


class Credential(DeviceOut):
    """A device with its secret, which is shown this once, and the broker's port."""

    password: str
    mqtt_port: int


def _out(registry: State, row: DeviceRow) -> DeviceOut:
    return _outs(registry, [row])[0]


def _outs(registry: State, rows: Sequence[DeviceRow]) -> list[DeviceOut]:
    connected = registry.quarantine.connected()
    return [_one(registry, row, connected) for row in rows]


def _one(registry: State, row: DeviceRow, connected: set[str] | None) -> DeviceOut:
    rate, bytes_rate, quarantines = registry.quarantine.standing(row.username)
    last_seen = registry.quarantine.last_seen.of(row)
    return DeviceOut(
        id=row.id,
        name=row.name,
        scope=row.scope,
        username=row.username,
        created=ns_to_iso(row.created),
        revoked=None if row.revoked is None else ns_to_iso(row.revoked),
        rate=round(rate, 1),
        bytes_rate=round(bytes_rate),
        quota=round(registry.quotas.of_device(row.quota, row.scope).messages),
        connected=None if connected is None else row.username in connected,
        last_seen=None if last_seen is None else ns_to_iso(last_seen),
        quarantines=quarantines,
        quarantine=_stay(registry.quarantine.stays.of(row.username)),
    )


def _stay(stay: Stay | None) -> QuarantineOut | None:
    if stay is None:
        return None
    since, until = ns_to_iso(stay.since), ns_to_iso(stay.until)
    return QuarantineOut(since=since, until=until, reason=stay.reason, times=stay.times)


def _tell(registry: State) -> None:
    """All who need to know of a change do."""
    registry.publisher.wake()
    registry.quarantine.wake()


async def _kick(registry: State, username: str, *, thorough: bool) -> None:
    """End its connections; another registry does so as well, should this one end before it could."""
    registry.kicker.kick(username, thorough=thorough)
    await registry.peers.tell(KICK, username=username, thorough=thorough)


def _require_share(registry: State, caller: Principal, quota: int | None, scope: str) -> None:
    """Refuse to give away what belongs to all: the broker is one, whoever's part of the plant a device speaks for.

    Raises:
        ForbiddenError: the quota is larger than the common one, and the caller sees but a part of the plant.
    """
    common = registry.quotas.of_device(None, scope).messages
    if caller.scope and quota is not None and quota > common:
        raise ForbiddenError(f"More than the common {common:.0f} messages/s is given by who sees the whole plant")


@router.get("/devices")
async def list_devices(registry: Registry, caller: Caller, cursor: Cursor = "", limit: Limit = 100) -> Page[DeviceOut]:
    """List devices in order of user name, revoked ones too."""
    async with registry.database.read() as session:
        rows = await devices.page(session, scope=caller.scope, after=cursor, limit=limit + 1)
    more = rows[limit - 1].username if len(rows) > limit else None
    return Page(items=_outs(registry, rows[:limit]), next_cursor=more)


@router.post("/devices", status_code=status.HTTP_201_CREATED)
async def create_device(registry: Registry, caller: Caller, body: NewDevice) -> Credential:
    """Create a device."""
    caller.require_path(body.scope)
    refuse_platform(body.scope)
    _require_share(registry, caller, body.quota, body.scope)
    async with registry.database.write() as session:
        row, secret = await devices.create(session, name=body.name, scope=body.scope, quota=body.quota)
    _tell(registry)
    await registry.bus.announce("device", "created", {"id": row.id, "name": row.name, "scope": row.scope})
    return Credential(**_out(registry, row).model_dump(), password=secret, mqtt_port=registry.mqtt_port)


@router.get("/devices/{device_id}")
async def get_device(registry: Registry, caller: Caller, device_id: str) -> DeviceOut:
    """One device: what it sends, and whether it is kept out."""
    async with registry.database.read() as session:
        return _out(registry, await devices.visible(session, device_id, caller.scope))


@router.patch("/devices/{device_id}")
async def change_device(registry: Registry, caller: Caller, device_id: str, body: DeviceChange) -> DeviceOut:
    """Give a device a quota of its own, or take it away; who sees the whole plant may give more than the common one."""
    async with registry.database.write() as session:
        row = await devices.visible(session, device_id, caller.scope)
        _require_share(registry, caller, body.quota, row.scope)
        row.quota = body.quota
    _tell(registry)
    return _out(registry, row)


@router.delete("/devices/{device_id}/quarantine", status_code=status.HTTP_204_NO_CONTENT)
async def lift_quarantine(registry: Registry, caller: Caller, device_id: str) -> None:
    """Let a device in again at once; for one that is not kept out nothing changes."""
    async with registry.database.read() as session:
        row = await devices.visible(session, device_id, caller.scope)
    await registry.quarantine.lift(row.username)


@router.delete("/devices/{device_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_device(registry: Registry, caller: Caller, device_id: str) -> None:
    """Revoke a device and end its connections at once."""
    async with registry.database.write() as session:
        row = await devices.revoke(session, device_id, caller.scope)
    await _kick(registry, row.username, thorough=True)
    _tell(registry)
    await registry.bus.announce("device", "revoked", {"id": row.id, "name": row.name, "scope": row.scope})


@router.post("/devices/{device_id}/rotate")
async def rotate_device(registry: Registry, caller: Caller, device_id: str) -> Credential:
    """Give a device a new secret; who is connected with the old one is disconnected."""
    async with registry.database.write() as session:
        row, secret = await devices.rotate(session, device_id, caller.scope)
    await _kick(registry, row.username, thorough=False)
    return Credential(**_out(registry, row).model_dump(), password=secret, mqtt_port=registry.mqtt_port)

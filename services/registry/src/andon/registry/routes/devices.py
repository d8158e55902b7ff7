"""Devices: credentials for the MQTT broker."""

from fastapi import APIRouter, Depends, status
from pydantic import BaseModel

from andon.common.api import Caller, Page, needs
from andon.common.auth import Role
from andon.common.times import ns_to_iso
from andon.registry.names import Name, Scope, Strict
from andon.registry.routes.state import Cursor, Limit, Registry
from andon.registry.storage import devices
from andon.registry.storage.platform import refuse_platform
from andon.registry.storage.tables import DeviceRow

router = APIRouter(tags=["devices"], dependencies=[Depends(needs(Role.ADMIN))])


class NewDevice(Strict):
    """A device that may publish at and below `scope`; '' is the whole plant."""

    name: Name
    scope: Scope


class DeviceOut(BaseModel):
    """A device; `revoked` says since when it may no longer come in."""

    id: str
    name: str
    scope: str
    username: str
    created: str
    revoked: str | None


class Credential(DeviceOut):
    """A device with its secret, which is shown this once, and the broker's port."""

    password: str
    mqtt_port: int


def _out(row: DeviceRow) -> DeviceOut:
    return DeviceOut(
        id=row.id,
        name=row.name,
        scope=row.scope,
        username=row.username,
        created=ns_to_iso(row.created),
        revoked=None if row.revoked is None else ns_to_iso(row.revoked),
    )


@router.get("/devices")
async def list_devices(registry: Registry, caller: Caller, cursor: Cursor = "", limit: Limit = 100) -> Page[DeviceOut]:
    """List devices in order of user name, revoked ones too."""
    async with registry.database.read() as session:
        rows = await devices.page(session, scope=caller.scope, after=cursor, limit=limit + 1)
    more = rows[limit - 1].username if len(rows) > limit else None
    return Page(items=[_out(row) for row in rows[:limit]], next_cursor=more)


@router.post("/devices", status_code=status.HTTP_201_CREATED)
async def create_device(registry: Registry, caller: Caller, body: NewDevice) -> Credential:
    """Create a device."""
    caller.require_path(body.scope)
    refuse_platform(body.scope)
    async with registry.database.write() as session:
        row, secret = await devices.create(session, name=body.name, scope=body.scope)
    registry.publisher.wake()
    await registry.bus.announce("device", "created", {"id": row.id, "name": row.name, "scope": row.scope})
    return Credential(**_out(row).model_dump(), password=secret, mqtt_port=registry.mqtt_port)


@router.delete("/devices/{device_id}", status_code=status.HTTP_204_NO_CONTENT)
async def revoke_device(registry: Registry, caller: Caller, device_id: str) -> None:
    """Revoke a device and end its connections at once."""
    async with registry.database.write() as session:
        row = await devices.revoke(session, device_id, caller.scope)
    registry.kicker.kick(row.username)
    registry.publisher.wake()
    await registry.bus.announce("device", "revoked", {"id": row.id, "name": row.name, "scope": row.scope})


@router.post("/devices/{device_id}/rotate")
async def rotate_device(registry: Registry, caller: Caller, device_id: str) -> Credential:
    """Give a device a new secret; who is connected with the old one is disconnected."""
    async with registry.database.write() as session:
        row, secret = await devices.rotate(session, device_id, caller.scope)
    registry.kicker.kick(row.username, thorough=False)
    return Credential(**_out(row).model_dump(), password=secret, mqtt_port=registry.mqtt_port)

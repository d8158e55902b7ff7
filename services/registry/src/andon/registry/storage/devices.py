"""Devices: who may publish for which part of the plant."""

import re
from collections.abc import Mapping, Sequence
from time import time_ns

from sqlalchemy import BigInteger, String, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from andon.common.devices import Device
from andon.common.errors import ConflictError, NotFoundError
from andon.common.plant import is_below
from andon.registry.names import new_id
from andon.registry.secrets import hash_secret, new_secret
from andon.registry.storage.tables import DeviceRow
from andon.registry.storage.within import within


async def page(session: AsyncSession, *, scope: str, after: str, limit: int) -> Sequence[DeviceRow]:
    """Up to `limit` devices in order of user name, revoked ones too, in `scope`, those after the user name `after`."""
    query = select(DeviceRow).where(DeviceRow.username > after, within(DeviceRow.scope, scope))
    return (await session.scalars(query.order_by(DeviceRow.username).limit(limit))).all()


async def by_username(session: AsyncSession, username: str) -> DeviceRow | None:
    """The device that signs in with this user name, revoked or not."""
    found: DeviceRow | None = await session.scalar(select(DeviceRow).where(DeviceRow.username == username))
    return found


async def admitted(session: AsyncSession) -> Sequence[DeviceRow]:
    """All devices that are not revoked."""
    return (await session.scalars(select(DeviceRow).where(DeviceRow.revoked.is_(None)))).all()


def to_device(row: DeviceRow) -> Device:
    """The device as the other services see it."""
    return Device(id=row.id, name=row.name, username=row.username, scope=row.scope)


async def revoked_since(session: AsyncSession, since: int) -> Sequence[str]:
    """User names of devices revoked at or after `since` (UTC nanoseconds)."""
    return (await session.scalars(select(DeviceRow.username).where(DeviceRow.revoked >= since))).all()


async def create(session: AsyncSession, *, name: str, scope: str, quota: int | None = None) -> tuple[DeviceRow, str]:
    """A new device and its secret, which is nowhere kept.

    Raises:
        ConflictError: a device that is not revoked has this name.
    """
    taken = select(DeviceRow.id).where(DeviceRow.name == name, DeviceRow.revoked.is_(None))
    if await session.scalar(taken):
        raise ConflictError(f"There is a device '{name}' already; revoke it first, or rotate its secret")
    device_id, secret = new_id(), new_secret()
    readable = re.sub(r"[^a-z0-9]+", "-", name.lower())[:40].strip("-") or "device"
    row = DeviceRow(
        id=device_id,
        name=name,
        scope=scope,
        username=f"{readable}-{device_id}",
        secret=hash_secret(secret),
        created=time_ns(),
        quota=quota,
    )
    session.add(row)
    return row, secret


async def rotate(session: AsyncSession, device_id: str, scope: str) -> tuple[DeviceRow, str]:
    """Give a device a new secret; the old one is good no longer.

    Raises:
        NotFoundError: there is no such device in `scope`.
        ConflictError: it is revoked.
    """
    row, secret = await visible(session, device_id, scope), new_secret()
    if row.revoked is not None:
        raise ConflictError(f"The device '{row.name}' is revoked; create a new one")
    row.secret = hash_secret(secret)
    return row, secret


async def revoke(session: AsyncSession, device_id: str, scope: str) -> DeviceRow:
    """Let a device in no longer; for one that is revoked already nothing changes.

    Raises:
        NotFoundError: there is no such device in `scope`.
    """
    row = await visible(session, device_id, scope)
    row.revoked = row.revoked or time_ns()
    return row


async def saw(session: AsyncSession, seen: Mapping[str, int]) -> None:
    """Keep when devices last sent something: UTC nanoseconds by user name. What another knows that is later stays."""
    earlier = or_(DeviceRow.last_seen.is_(None), DeviceRow.last_seen < bindparam("at", type_=BigInteger))
    changed = update(DeviceRow).where(DeviceRow.username == bindparam("device", type_=String), earlier)
    changed = changed.values(last_seen=bindparam("at", type_=BigInteger))
    rows = [{"device": username, "at": at} for username, at in seen.items()]
    await (await session.connection()).execute(changed, rows)  # one statement for all


async def visible(session: AsyncSession, device_id: str, scope: str) -> DeviceRow:
    """The device, if it publishes within `scope`.

    Raises:
        NotFoundError: there is none, or none the caller may see.
    """
    row = await session.get(DeviceRow, device_id)
    if row is None or not is_below(row.scope, scope):
        raise NotFoundError(f"There is no device '{device_id:.64}'")
    return row

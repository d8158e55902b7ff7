"""Routes of channels."""

import asyncio
from time import time_ns
from typing import Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel

from andon.alerting.channel import Channel, ChannelDraft, ChannelPatch, masked
from andon.alerting.couriers import services
from andon.alerting.couriers.courier import send
from andon.alerting.couriers.signature import new_secret
from andon.alerting.rules.rulebook import put_channel, refuse_used, to_channel
from andon.alerting.tables import ChannelRow
from andon.alerting.tables.written import all_by_name, find
from andon.common.api import Caller, Page
from andon.common.auth import Principal, Role
from andon.common.errors import ForbiddenError, InvalidError
from andon.common.times import ns_to_iso

router = APIRouter(tags=["channels"])


def require_channel_admin(caller: Caller) -> None:
    """Refuse all but an admin of the whole plant: channels lead out of it, carry secrets, and serve every part of it.

    Raises:
        ForbiddenError: another role, or an admin of a part.
    """
    caller.require_role(Role.ADMIN)
    if caller.scope:
        raise ForbiddenError(f"Channels serve the whole plant; you are an admin of '{caller.scope}' alone")


_admin = [Depends(require_channel_admin)]


class Delivery(BaseModel):
    """A message that arrived."""

    delivered: bool


@router.get("/channels")
async def list_channels(request: Request, caller: Caller) -> Page[Channel]:
    """All channels by name."""
    async with request.app.state.database.read() as session:
        rows = await all_by_name(session, ChannelRow)
    return Page(items=[_shown(to_channel(row), caller) for row in rows])


@router.get("/channels/{channel_id}")
async def read_channel(channel_id: str, request: Request, caller: Caller) -> Channel:
    """One channel."""
    async with request.app.state.database.read() as session:
        return _shown(to_channel(await find(session, ChannelRow, channel_id)), caller)


@router.post("/channels", status_code=201, dependencies=_admin)
async def create_channel(draft: ChannelDraft, request: Request) -> Channel:
    """Make a channel. A webhook's `secret`, with which its messages are signed, is told here and never again."""
    await _prepare(draft.kind)
    async with request.app.state.database.write() as session:
        row = await put_channel(session, draft)
        row.secret = new_secret() if draft.kind == "webhook" else None
    return to_channel(row)


@router.post("/channels/{channel_id}/secret", dependencies=_admin)
async def renew_secret(channel_id: str, request: Request) -> Channel:
    """Make a new secret for a webhook, and tell it this once; messages are signed with it from now on."""
    async with request.app.state.database.write() as session:
        row = await find(session, ChannelRow, channel_id)
        if row.kind != "webhook":
            raise InvalidError(f"'{row.name}' is no webhook; only their messages are signed")
        row.secret = new_secret()
    return to_channel(row)


@router.patch("/channels/{channel_id}", dependencies=_admin)
async def change_channel(channel_id: str, patch: ChannelPatch, request: Request) -> Channel:
    """Change some fields of a channel; waiting notifications go to the new target."""
    await _prepare(patch.kind)
    async with request.app.state.database.write() as session:
        row = await find(session, ChannelRow, channel_id)
        known = to_channel(row).model_dump(exclude={"id", "secret"})
        asked = patch.model_dump(exclude_unset=True)  # null takes a fallback away, and changes nothing else
        new = {name: value for name, value in asked.items() if value is not None or name == "fallback"}
        await put_channel(session, ChannelDraft.model_validate(known | new), row)
        if row.kind != "webhook":
            row.secret = None
    return to_channel(row).model_copy(update={"secret": None})


@router.delete("/channels/{channel_id}", status_code=204, dependencies=_admin)
async def delete_channel(channel_id: str, request: Request) -> None:
    """Remove a channel that no rule names."""
    async with request.app.state.database.write() as session:
        row = await find(session, ChannelRow, channel_id)
        await refuse_used(session, row.name)
        await session.delete(row)


@router.post("/channels/{channel_id}/test", dependencies=_admin)
async def test_channel(channel_id: str, request: Request, caller: Caller) -> Delivery:
    """Send a sample message now; the answer is an error that says why when it did not arrive."""
    async with request.app.state.database.read() as session:
        channel = to_channel(await find(session, ChannelRow, channel_id))
    await send(request.app.state.couriers, channel, _sample(caller))
    return Delivery(delivered=True)


async def _prepare(kind: str | None) -> None:
    """Have ready what checks such a channel; reading apprise's plugins takes a while."""
    if kind == "apprise":
        await asyncio.to_thread(services.load)


def _shown(channel: Channel, caller: Principal) -> Channel:
    """A channel without its secret; a URL often is one, too, and below admin is not shown."""
    hidden: dict[str, str | None] = {"secret": None}
    if caller.role < Role.ADMIN or caller.scope:
        hidden |= {"target": masked(channel.kind, channel.target)}
    return channel.model_copy(update=hidden)


def _sample(caller: Principal) -> dict[str, Any]:
    """A notification in the shape of a real one."""
    now, number = time_ns(), 1
    alarm = {
        "id": "test",
        "rule": "test",
        "rule_name": "Test message",
        "sensor": "site/area/line/machine/temperature",
        "asset": "site/area/line/machine",
        "asset_name": "Sample machine",
        "unit": "Cel",
        "state": "unacknowledged",
        "active": True,
        "severity": "low",
        "since": ns_to_iso(now),
        "value": 81.2,
        "limit": 80.0,
        "message": f"{caller.name or caller.id} tries this channel; nothing is wrong",
    }
    return {
        "alarm": alarm,
        "transition": {"from": "normal", "to": "unacknowledged", "at": ns_to_iso(now), "number": number},
        "key": f"test-{now}/{number}",
        "text": {"value": "81.2 °C", "limit": "80 °C", "sensor_name": "Temperature"},
        "test": True,
    }

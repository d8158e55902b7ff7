"""What routes find in `app.state`, where `app.start` put it; and what all lists take."""

import asyncio
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Query, Request

from andon.common.auth import Tokens
from andon.common.bus import Bus
from andon.common.lease import Lease
from andon.registry.grafana.grafana import Grafana
from andon.registry.kick import Kicker
from andon.registry.passwords import Passwords
from andon.registry.peers import Peers
from andon.registry.publisher import Publisher
from andon.registry.quarantine import Quarantine
from andon.registry.quota import Quotas
from andon.registry.revoked import Revoked
from andon.registry.storage.database import Database
from andon.registry.throttle import Throttle


@dataclass(frozen=True, kw_only=True)
class State:
    """The parts of a running registry that routes use."""

    database: Database
    bus: Bus
    lease: Lease
    peers: Peers
    revoked: Revoked
    publisher: Publisher
    kicker: Kicker
    quarantine: Quarantine
    quotas: Quotas
    passwords: Passwords
    throttle: Throttle
    tokens: Tokens
    mqtt_port: int
    grafana: Grafana
    one_plant_file: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Is read at a time: it takes seconds of a thread, and all others need threads too."""


def _state(request: Request) -> State:
    found: State = request.app.state.registry
    return found


Registry = Annotated[State, Depends(_state)]
Limit = Annotated[int, Query(ge=1, le=1000)]
Cursor = Annotated[str, Query(max_length=300, description="`next_cursor` of the page before")]

"""The plant and the revoked tokens, followed in the `plant` bucket and kept in memory."""

import asyncio

import msgspec

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.plant import Plant, decode_asset

log = logs.get("following")


class PlantFollower:
    """Keeps `plant` and `revoked` as the registry last published them. Run `follow` as a task."""

    def __init__(self, bus: Bus) -> None:
        self.plant = Plant()
        self.revoked: set[str] = set()
        self.complete = asyncio.Event()
        self._bus = bus

    async def follow(self) -> None:
        """Follow the bucket for ever."""
        await self._bus.follow(subjects.PLANT_BUCKET, self._on_change, self._on_complete)

    def _on_change(self, key: str, value: bytes | None) -> None:
        kind, _, name = key.partition(".")
        if kind == "revoked":
            self.revoked.discard(name) if value is None else self.revoked.add(name)
        elif value is None:
            self.plant.remove(name)
        else:
            try:
                asset = decode_asset(value)
            except msgspec.DecodeError:
                log.exception("plant entry cannot be read", key=key)
                return
            known = self.plant.find(name)
            if known != asset:
                self.plant.put(asset)

    def _on_complete(self, keys: set[str]) -> None:
        for asset in list(self.plant):
            if subjects.asset_key(asset.id) not in keys:
                self.plant.remove(asset.id)
        self.revoked &= {k.removeprefix("revoked.") for k in keys if k.startswith("revoked.")}
        self.complete.set()

"""The plant, the devices and the revoked tokens, followed in the `plant` bucket and kept in memory."""

import asyncio

import msgspec

from andon.common import logs, subjects
from andon.common.bus import Bus
from andon.common.devices import Devices, decode_device
from andon.common.plant import Plant, decode_asset

log = logs.get("following")


class PlantFollower:
    """Keeps `plant`, `devices` and `revoked` as the registry last published them. Run `follow` as a task."""

    def __init__(self, bus: Bus) -> None:
        self.plant = Plant()
        self.devices = Devices()
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
            self.devices.remove(name) if kind == "device" else self.plant.remove(name)
        else:
            try:
                self._put(kind, value)
            except msgspec.DecodeError:
                log.exception("plant entry cannot be read", key=key)

    def _put(self, kind: str, value: bytes) -> None:
        if kind == "device":
            self.devices.put(decode_device(value))
            return
        asset = decode_asset(value)
        if self.plant.find(asset.id) != asset:
            self.plant.put(asset)

    def _on_complete(self, keys: set[str]) -> None:
        for asset in list(self.plant):
            if subjects.asset_key(asset.id) not in keys:
                self.plant.remove(asset.id)
        for device in list(self.devices):
            if subjects.device_key(device.id) not in keys:
                self.devices.remove(device.id)
        self.revoked &= {k.removeprefix("revoked.") for k in keys if k.startswith("revoked.")}
        self.complete.set()
